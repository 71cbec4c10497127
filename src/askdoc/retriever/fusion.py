"""Fuses a candidate's features into one score by a learned table.

``fusion.json`` holds ``{"format", "tables": {"both": {feature: [always, by coverage]}, "passage": {…}}}``. A feature
counts with its first weight, and with its second in proportion to how much of the question's words the corpus's best
candidate has. ``both`` serves corpora with titles, ``passage`` those without.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from askdoc.retriever import learned_tables
from askdoc.retriever.array_types import Floats
from askdoc.retriever.feature_names import COLUMN, FEATURES
from askdoc.retriever.learned_tables import ModelTables

BOTH, PASSAGES = "both", "passage"
"""The tables for corpora with titles and without."""


@dataclass(frozen=True, slots=True)
class Fusion:
    """The learned linear model; ``weights[table]`` (2, features): always, then in proportion to ``best_coverage``."""

    weights: Mapping[str, Floats]

    @classmethod
    def of(cls, tables: ModelTables) -> Self:
        """The table among a model's tables."""
        return cls.parse(tables.document("fusion.json"))

    @classmethod
    def parse(cls, document: Mapping[str, Mapping[str, Mapping[str, list[float]]]]) -> Self:
        """Read the document that ``fusion.json`` holds; a feature that is not named counts nothing."""
        weights = {}
        for kind, table in document["tables"].items():
            learned_tables.check_names("fusion", table, FEATURES)
            weights[kind] = np.zeros((2, len(FEATURES)), np.float32)
            for name, pair in table.items():
                weights[kind][:, COLUMN[name]] = pair
        return cls(weights)

    def scores(self, features: Floats, *, titles: bool) -> Floats:
        """(n,) scores from features (n, len(FEATURES)): higher is more relevant."""
        always, by_coverage = self.weights[BOTH if titles else PASSAGES]
        scores: Floats = features @ (always + best_coverage(features) * by_coverage)
        return scores


def best_coverage(features: Floats) -> float:
    """How far the words can be trusted: 1 where some candidate has them all, 0 where none has any."""
    return float(features[:, COLUMN["any_cover"]].max(initial=0.0))
