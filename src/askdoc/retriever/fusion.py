"""Fuses a candidate's features into one score by a learned table.

``fusion.json`` holds ``{"format", "tables": {"both": {feature: [always, by coverage]}, "passage": {…}, "untitled":
{"bias": [always, by coverage], feature: …}}}``. A feature counts with its first weight, and with its second in
proportion to how much of the question's words the corpus's best candidate has. ``passage`` serves corpora where no
title says anything. In others ``both`` serves the candidates with titles, and ``untitled`` those without, on the same
scale.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from askdoc.retriever import learned_tables
from askdoc.retriever.array_types import Floats, Mask
from askdoc.retriever.feature_names import COLUMN, FEATURES
from askdoc.retriever.learned_tables import ModelTables

BOTH, PASSAGES = "both", "passage"
"""The tables for corpora with titles and without."""
UNTITLED = "untitled"
"""The table for candidates without a title in a corpus with titles."""
BIAS = "bias"
"""What is added to every score of ``UNTITLED``."""


@dataclass(frozen=True, slots=True)
class Fusion:
    """The learned linear model.

    ``weights[table]`` (2, features) count always, then in proportion to ``best_coverage``; so does ``bias`` (2,).
    """

    weights: Mapping[str, Floats]
    bias: Floats

    @classmethod
    def of(cls, tables: ModelTables) -> Self:
        """The table among a model's tables."""
        return cls.parse(tables.document("fusion.json"))

    @classmethod
    def parse(cls, document: Mapping[str, Mapping[str, Mapping[str, list[float]]]]) -> Self:
        """Read the document that ``fusion.json`` holds; a feature that is not named counts nothing."""
        weights = {}
        bias = np.array(document["tables"].get(UNTITLED, {}).get(BIAS, (0, 0)), np.float32)
        for kind, pairs in document["tables"].items():
            table = {name: pair for name, pair in pairs.items() if (kind, name) != (UNTITLED, BIAS)}
            learned_tables.check_names("fusion", table, FEATURES)
            weights[kind] = np.zeros((2, len(FEATURES)), np.float32)
            for name, pair in table.items():
                weights[kind][:, COLUMN[name]] = pair
        return cls(weights, bias)

    def scores(self, features: Floats, titled: Mask | None) -> Floats:
        """(n,) scores from features (n, len(FEATURES)): higher is more relevant.

        ``titled`` (n,) says which candidates have titles that say something; None where no title of the corpus does.
        """
        if titled is None:
            return self._scores(features, PASSAGES)
        scores = self._scores(features, BOTH)
        if not titled.all():
            bias = self.bias[0] + best_coverage(features) * self.bias[1]
            scores[~titled] = self._scores(features, UNTITLED)[~titled] + bias
        return scores

    def _scores(self, features: Floats, table: str) -> Floats:
        always, by_coverage = self.weights[table]
        scores: Floats = features @ (always + best_coverage(features) * by_coverage)
        return scores


def best_coverage(features: Floats) -> float:
    """How far the words can be trusted: 1 where some candidate has them all, 0 where none has any."""
    return float(features[:, COLUMN["any_cover"]].max(initial=0.0))
