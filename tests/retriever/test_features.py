"""Features of candidates: what they are, and that they are always numbers."""

from dataclasses import replace

import numpy as np
import pytest

from askdoc.retriever.confidence import confidence_features
from askdoc.retriever.feature_names import COLUMN, FEATURES, TITLE_COLUMNS
from askdoc.retriever.fusion import Fusion
from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.statistics import QUESTION
from tests.retriever.toys import AXES, generator, products, query, topicality


def test_a_candidate_has_its_best_passage_and_its_features() -> None:
    """The passage nearest to the question stands for its answer."""
    candidates = generator([["cold water", "warm tea"], ["green tea"]], ["cold", "tea"], AXES[:3], AXES[:2]).generate(
        [query("warm tea", AXES[1])]
    )[0]
    assert candidates.answers.tolist() == [0, 1]
    assert candidates.passages[0] == 1
    assert candidates.features[0, COLUMN["best"]] > candidates.features[1, COLUMN["best"]]
    assert candidates.features[0, COLUMN["any_cover"]] == pytest.approx(1)
    assert candidates.cosines[0].tolist() == [1, 0]
    assert candidates.nearest_questions[0] == 1


def test_topicality_looks_at_the_best_and_the_first_passage() -> None:
    """An answer in two passages, of which the second fits, has the odds of the formula; without a table it has 0."""
    model = topicality()
    index = generator([["cold water", "warm tea"], ["green tea"]], ["cold", "tea"], AXES[:3], AXES[:2])
    candidates = replace(index, topicality=model).generate([query("warm tea", AXES[1])])[0]
    best, first = AXES[candidates.passages], AXES[[0, 2]]
    wanted = model.odds(AXES[1], *products(model, AXES[1], best, first), candidates.features)
    np.testing.assert_allclose(candidates.topic_odds, wanted, rtol=1e-5)
    assert not index.generate([query("warm tea", AXES[1])])[0].topic_odds.any()
    gone = candidates.without(np.array([True, False]))
    assert gone.topic_odds.tolist() == candidates.topic_odds[1:].tolist()


@pytest.mark.parametrize(
    ("texts", "titles", "vectors"),
    [
        ([["one answer"]], ["a question"], AXES[:1]),
        ([["the same"], ["the same"], ["the same"]], ["q", "q", "q"], AXES[[0, 0, 0]]),
        ([["the"], ["of"]], ["is", "it"], AXES[:2]),
        ([["no titles"], ["here"]], [], AXES[:2]),
    ],
    ids=["one answer", "all alike", "no words", "no titles"],
)
@pytest.mark.parametrize("question", ["a question", "zebra", "what is it"])
def test_every_feature_is_a_number(
    texts: list[list[str]], titles: list[str], vectors: np.ndarray, question: str
) -> None:
    """One row, equal scores, no word in common: nothing becomes infinite or undefined."""
    candidates = generator(texts, titles, vectors, vectors[: len(titles)]).generate([query(question, AXES[3])])[0]
    assert candidates.features.shape == (len(texts), len(FEATURES))
    assert np.isfinite(candidates.features).all()
    scores = Fusion.of(ModelTables.default()).scores(candidates.features, candidates.titled if titles else None)
    assert np.isfinite(scores).all()
    assert np.isfinite(confidence_features(query(question, AXES[3]), candidates, scores)).all()


def test_a_title_that_says_nothing_has_no_features() -> None:
    """Its answer keeps what its passages tell; the others' titles are those that were stored, whatever their rows."""
    texts, titles = [["cold water"], ["green tea"], ["warm milk"]], ["cold water", "milk"]
    index = generator(texts, titles, AXES[:3], AXES[[0, 2]], title_of=[0, -1, 1])
    candidates = index.generate([query("green milk", AXES[2])])[0]
    assert candidates.titled.tolist() == [True, False, True]
    assert not candidates.features[1, TITLE_COLUMNS].any()
    assert candidates.features[1, COLUMN["any_cover"]] == candidates.features[1, COLUMN["cover"]] > 0
    assert candidates.features[2, COLUMN["title_cover"]] > 0
    assert candidates.cosines[:, 1].tolist() == [0, candidates.cosines[1, 0], 1]
    assert candidates.nearest_questions.tolist() == [2, 0]


def test_hidden_titles_are_as_those_that_say_nothing() -> None:
    """The calibration asks as if some titles were not stored."""
    texts, titles = [["cold water"], ["green tea"]], ["cold water", "green tea"]
    candidates = generator(texts, titles, AXES[:2], AXES[:2]).generate([query("green tea", AXES[1])])[0]
    hidden = candidates.with_neutral_titles(np.array([False, True]))
    assert hidden.titled.tolist() == [True, False]
    assert not hidden.features[1, TITLE_COLUMNS].any()
    assert hidden.features[0].tolist() == candidates.features[0].tolist()
    assert hidden.cosines[1].tolist() == [1, 1]


def test_where_no_title_says_anything_all_is_as_without_titles() -> None:
    """Features, candidates and scores are those of a corpus that has no field of titles."""
    texts = [["cold water", "warm tea"], ["green tea"], ["warm milk"]]
    without = generator(texts, [], AXES, AXES[:0])
    neutral = generator(texts, [], AXES, AXES[:0], title_of=[-1, -1, -1])
    assert neutral.statistics.rows(QUESTION) == 0
    [one], [other] = (index.generate([query("warm tea", AXES[1])]) for index in (without, neutral))
    np.testing.assert_array_equal(one.features, other.features)
    np.testing.assert_array_equal(one.cosines, other.cosines)
    assert len(other.nearest_questions) == 0
