"""Scope: whether what was found is about the subject of a question at all."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest

from askdoc.models import Confidence, Question
from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.retriever import Retriever
from askdoc.retriever.scope import MAX_HEALTH, Scope
from tests.retriever.small_corpus import artifacts_of, indexed

AXIS = np.array([1, 0], np.float32)
SCOPE = Scope(health=10 * AXIS, bias=0.0, nearness_weight=20.0, health_weight=1.0, threshold=12.0)


def test_a_question_about_health_may_be_farther_away() -> None:
    """Nearness and health make up for one another."""
    assert SCOPE.margin(AXIS, 0.5) > 0 > SCOPE.margin(-AXIS, 0.5)
    assert SCOPE.margin(AXIS, 0.3) < 0 < SCOPE.margin(-AXIS, 0.9)


def test_health_counts_no_more_than_so_much() -> None:
    """However surely a question is about health, an answer far away is no answer."""
    assert SCOPE.margin(AXIS, 0.5) == SCOPE.margin(100 * AXIS, 0.5) == pytest.approx(20 * 0.5 + MAX_HEALTH - 12)


def test_it_fits_the_model_that_it_was_learned_with() -> None:
    """Another model's vectors mean something else, so it does without."""
    assert Scope.of(ModelTables.plain()) is None
    shipped = Scope.of(ModelTables.default())
    assert shipped
    assert shipped.nearness_weight > 0 < shipped.health_weight


def test_out_of_scope_nothing_is_shown(questions: list[Question]) -> None:
    """Whatever else speaks for an answer; in scope the calibration decides."""
    index = indexed(questions)
    retriever = Retriever(index, artifacts_of(questions, index))
    text = "Green tea and teeth, is it good?"
    query = retriever.analyze([text], lambda: index.embedder.encode([text]))[0]
    ranked = artifacts_of(questions, index).ranker(index).rank([query])[0]
    assert ranked.scope_margin == inf  # the tiny model has no such table
    assert retriever.decide(ranked)[0] is not Confidence.NONE
    confidence, certainty = retriever.decide(replace(ranked, scope_margin=-0.1))
    assert confidence is Confidence.NONE
    assert certainty < retriever.decide(ranked)[1]
