"""What the questions of a judged collection find."""

import numpy as np
import pytest

from askdoc.retriever.confidence import CONFIDENCE_FEATURES
from tests.training.collections_in_memory import small_collection
from training.judged_answers import JudgedFeatures, ask, dense_cosines, without_relevant


def test_relevance_is_that_of_the_first_three_answers() -> None:
    """Each question's own answer is among them, and an ungraded question has no relevant one."""
    data = small_collection()
    found = JudgedFeatures.of(list(ask(data.index, data.questions, data.grades)))
    assert found.features.shape == (8, len(CONFIDENCE_FEATURES))
    assert found.in_three.all()
    assert (found.first <= found.in_three).all()
    foreign = JudgedFeatures.of(list(ask(data.index, data.questions, [{}] * 8)))
    assert not foreign.in_three.any()
    assert np.array_equal(foreign.features, found.features)


def test_a_later_answer_counts_among_three_and_not_first() -> None:
    """Graded by the second answer alone, the first is wrong."""
    data = small_collection()
    second = [int(one.ranked.candidates.answers[one.order[1]]) for one in ask(data.index, data.questions, data.grades)]
    found = JudgedFeatures.of(list(ask(data.index, data.questions, [{answer: 1} for answer in second])))
    assert not found.first.any()
    assert found.in_three.all()


def test_cosines_are_of_the_first_answer_and_of_the_nearest_text() -> None:
    """The question differs from a title in two words: the title is nearer than any passage."""
    data = small_collection()
    asked = list(ask(data.index, data.questions, data.grades))
    titles = data.index.embed(data.questions) @ data.index.embed(data.index.titles).T
    first = [int(data.index.question_of[one.ranked.candidates.answers[one.order[0]]]) for one in asked]
    assert [one.cosine for one in asked] == pytest.approx(titles[np.arange(8), first].tolist(), abs=1e-5)
    assert (JudgedFeatures.of(asked).dense_cosine >= JudgedFeatures.of(asked).cosine - 1e-5).all()
    assert dense_cosines(data.index, data.questions) == pytest.approx(titles.max(axis=1), abs=1e-5)


def test_without_its_relevant_answers_a_question_finds_others() -> None:
    """None of them is among the candidates."""
    data = small_collection()
    asked = list(ask(data.index, data.questions, data.grades))
    for one, ranked in zip(asked, without_relevant(data.index, asked), strict=True):
        assert len(ranked.candidates.answers)
        assert not set(ranked.candidates.answers.tolist()) & set(one.grades)
