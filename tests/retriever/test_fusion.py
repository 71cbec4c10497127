"""The learned table of fusion."""

import numpy as np
import pytest

from askdoc.retriever.feature_names import COLUMN, FEATURES
from askdoc.retriever.fusion import Fusion


def test_a_table_with_an_unknown_feature_is_refused() -> None:
    """A table of another version is not silently misread."""
    with pytest.raises(ValueError, match="does not know"):
        Fusion.parse({"tables": {"both": {"sparkle": [1.0, 0.0]}}})


def test_a_candidate_without_a_title_is_scored_by_a_table_of_its_own() -> None:
    """Among others with titles; where no title of the corpus says anything, by the table for corpora without."""
    tables = {"both": {"title": [2.0, 0.0]}, "passage": {"best": [1.0, 0.0]}}
    untitled = {"best": [3.0, 1.0], "bias": [10.0, 4.0]}
    fusion = Fusion.parse({"tables": {**tables, "untitled": untitled}})
    features = np.zeros((2, len(FEATURES)), np.float32)
    features[:, COLUMN["best"]] = 1
    features[:, COLUMN["title"]] = 1
    features[0, COLUMN["any_cover"]] = 0.5
    assert fusion.scores(features, np.array([True, False])).tolist() == [2, 3.5 + 12]
    assert fusion.scores(features, np.array([True, True])).tolist() == [2, 2]
    assert fusion.scores(features, None).tolist() == [1, 1]
