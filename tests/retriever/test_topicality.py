"""Topical relevance: its formula and its file."""

import numpy as np
import pytest

from askdoc.retriever.feature_names import FEATURES
from askdoc.retriever.topicality import ARRAYS, Topicality
from tests.retriever.test_learned_tables import read_back
from tests.retriever.toys import AXES, products, topicality


def test_the_odds_are_those_of_the_formula_and_survive_the_file() -> None:
    """The table read back gives the odds of the table written, and both are those of the formula."""
    model = topicality()
    weights = dict(zip(FEATURES, model.features.tolist(), strict=True))
    again = Topicality.parse({"features": weights}, read_back(**{name: getattr(model, name) for name in ARRAYS}))
    question, best, first = AXES[1], AXES[:3], AXES[1:]
    features = np.full((3, len(FEATURES)), 2.0, np.float32)
    found = [some.odds(question, *products(some, question, best, first), features) for some in (model, again)]
    adapted = [model.diagonal[n] * question + question @ model.down[n] @ model.up[n] for n in range(2)]
    wanted = best @ (adapted[0] + model.passage) + first @ adapted[1] + 1 + question @ model.question
    np.testing.assert_allclose(found, [wanted, wanted], rtol=1e-5)


def test_a_table_with_an_unknown_feature_is_refused() -> None:
    """A table of another version is not silently misread."""
    with pytest.raises(ValueError, match="does not know"):
        Topicality.parse({"features": {"sparkle": 1.0}}, {})
