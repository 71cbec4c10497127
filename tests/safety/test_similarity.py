"""Kernel ridge regression, with vectors small enough to reason about."""

import numpy as np
import pytest

from askdoc.models import Level
from askdoc.safety import Gate, examples
from askdoc.safety.similarity import KernelRidge, dual_coefficients, kernel, targets, unit_directions
from askdoc.safety.table import shipped

AXES = np.eye(4, dtype=np.float32)


@pytest.fixture
def regression() -> KernelRidge:
    return KernelRidge(AXES[:3], [Level.EMERGENCY, Level.CRISIS, None])


def test_a_question_like_an_example_is_given_its_level(regression: KernelRidge) -> None:
    """High beside an alarming example, and high in the second figure beside one of crisis only."""
    emergency, crisis, ordinary = regression.predict(AXES[:3])
    assert emergency[0] > 0.6 > 0.3 > emergency[1]
    assert crisis[0] > 0.6
    assert crisis[1] > 0.6
    assert ordinary[0] < 0.3


def test_a_question_like_no_example_raises_no_alarm(regression: KernelRidge) -> None:
    """Far from everything is not half an alarm."""
    assert regression.predict(-AXES.sum(axis=0, keepdims=True) / 2)[0, 0] < 0.5


def test_similarity_alone_can_raise_the_notice_and_cannot_for_an_animal(near: Gate) -> None:
    """The vector of an example speaks for a sentence that no rule knows."""
    labels = [example.level for example in shipped().examples]
    vectors = np.eye(len(examples.sentences()), dtype=np.float32)
    at = labels.index(Level.EMERGENCY)
    assert near.detect("it is like this", vectors[at]).rules == ("similarity",)
    assert near.detect("it is like this, my dog", vectors[at]).level is None
    assert near.detect("it is like this", vectors[labels.index(Level.CRISIS)]).level is Level.CRISIS
    assert near.detect("it is like this", vectors[labels.index(None)]).level is None


def test_a_soft_finding_needs_support(near: Gate) -> None:
    """A single harmless sign counts only where the whole message is near to the examples."""
    labels = [example.level for example in shipped().examples]
    vectors = np.eye(len(examples.sentences()), dtype=np.float32)
    assert near.detect("severe pain").level is None
    assert near.detect("severe pain", vectors[labels.index(None)]).level is None
    assert near.detect("severe pain", vectors[labels.index(Level.EMERGENCY)]).level is Level.EMERGENCY


def test_coefficients_that_were_fitted_before_are_used_where_they_suit_the_vectors() -> None:
    """Those of another model give other vectors nonsense, and are found again."""
    labels = [Level.EMERGENCY, Level.CRISIS, None]
    again = KernelRidge(AXES[:3], labels).predict(AXES)
    axes = unit_directions(AXES[:3], AXES[:3].mean(axis=0))
    right = dual_coefficients(axes, targets(labels))
    given = kernel(axes[:1], axes) @ right
    for one in (right, right[::-1].copy()):
        found = KernelRidge(AXES[:3], labels, fitted=(one, given))
        assert found.predict(AXES) == pytest.approx(again)
        assert found.is_calibrated is (one is right)
