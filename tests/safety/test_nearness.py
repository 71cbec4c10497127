"""Nearness in meaning, with vectors small enough to reason about."""

import numpy as np
import pytest

from askdoc.models import Level
from askdoc.safety import Gate, examples
from askdoc.safety.nearness import Nearness
from askdoc.safety.table import shipped

AXES = np.eye(4, dtype=np.float32)


@pytest.fixture
def nearness() -> Nearness:
    return Nearness(AXES[:3], [Level.EMERGENCY, Level.CRISIS, None])


def test_a_question_like_an_example_is_given_its_level(nearness: Nearness) -> None:
    """High beside an alarming example, and high in the second figure beside one of crisis only."""
    emergency, crisis, ordinary = (nearness(AXES[at]) for at in range(3))
    assert emergency[0] > 0.6 > 0.3 > emergency[1]
    assert crisis[0] > 0.6
    assert crisis[1] > 0.6
    assert ordinary[0] < 0.3


def test_a_question_like_no_example_raises_no_alarm(nearness: Nearness) -> None:
    """Far from everything is not half an alarm."""
    assert nearness(-AXES.sum(axis=0) / 2)[0] < 0.3


def test_nearness_alone_can_raise_the_notice_and_cannot_for_an_animal() -> None:
    """The vector of an example speaks for a sentence that no rule knows."""
    labels = [example.level for example in shipped().examples]
    vectors = np.eye(len(examples()), dtype=np.float32)
    gate = Gate.load(vectors=vectors)
    at = labels.index(Level.EMERGENCY)
    assert gate.find("lorem ipsum", vectors[at]).rules == ("nearness",)
    assert gate.find("lorem ipsum, my dog", vectors[at]).level is None
    assert gate.find("lorem ipsum", vectors[labels.index(Level.CRISIS)]).level is Level.CRISIS
    assert gate.find("lorem ipsum", vectors[labels.index(None)]).level is None


def test_a_soft_finding_needs_support() -> None:
    """A single harmless sign counts only where the whole message is near to the examples."""
    labels = [example.level for example in shipped().examples]
    vectors = np.eye(len(examples()), dtype=np.float32)
    gate = Gate.load(vectors=vectors)
    assert gate.find("severe pain").level is None
    assert gate.find("severe pain", vectors[labels.index(None)]).level is None
    assert gate.find("severe pain", vectors[labels.index(Level.EMERGENCY)]).level is Level.EMERGENCY
