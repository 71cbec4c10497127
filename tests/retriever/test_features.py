"""Features of candidates: what they are, and that they are always numbers."""

from dataclasses import replace

import numpy as np
import pytest

from askdoc.retriever.confidence import confidence_features
from askdoc.retriever.feature_names import COLUMN, FEATURES
from askdoc.retriever.fusion import Fusion
from askdoc.retriever.learned_tables import ModelTables
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
