"""Topical relevance: log odds that an answer is about what a question is about, from the vectors of one model.

A sibling of the illness asked about is as near in meaning as the illness itself. For each answer the model gives
``best · f(q) + first · g(q) + features · w + q · e``, from its best and its first passage, where
``f(q) = diagonal ∘ q + (q @ down) @ up + passage`` and ``g`` likewise without ``passage``; ``e`` knows which questions
are seldom answered by what is near to them. A model for which no table was made does without.

``topicality.npz`` holds the arrays and ``{"format", "features": {name: …}, "scales"}``, as ``learned_tables`` says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from askdoc.retriever import learned_tables
from askdoc.retriever.array_types import Floats
from askdoc.retriever.feature_names import FEATURES
from askdoc.retriever.learned_tables import ModelTables

ARRAYS = ("diagonal", "down", "up", "passage", "question")


@dataclass(frozen=True, slots=True)
class Topicality:
    """The learned arrays; the first axis of three of them tells the best passage (0) from the first passage (1).

    ``diagonal`` (2, d), ``down`` (2, d, rank), ``up`` (2, rank, d), ``passage`` (d,), ``question`` (d,) and
    ``features`` (len(FEATURES),).
    """

    diagonal: Floats
    down: Floats
    up: Floats
    passage: Floats
    question: Floats
    features: Floats

    @classmethod
    def of(cls, tables: ModelTables) -> Self | None:
        """The table among a model's tables, or None where there is none."""
        read = tables.arrays("topicality.npz")
        return cls.parse(*read) if read else None

    @classmethod
    def parse(cls, document: Mapping[str, Any], arrays: Mapping[str, Floats]) -> Self:
        """Read what ``topicality.npz`` holds; a feature that is not named counts nothing."""
        weights = document["features"]
        learned_tables.check_names("topicality", weights, FEATURES)
        return cls(**arrays, features=np.array([weights.get(name, 0.0) for name in FEATURES], np.float32))

    def projections(self, vector: Floats) -> Floats:
        """(2, d): what the best and the first passage are multiplied by, from a question's vector (d,)."""
        adapted = ((vector @ self.down)[:, None, :] @ self.up)[:, 0]
        projected: Floats = (self.diagonal * vector + adapted).astype(np.float32)
        projected[0] += self.passage
        return projected

    def odds(self, vector: Floats, best: Floats, first: Floats, features: Floats) -> Floats:
        """(answers,) log odds for a question's vector (d,).

        ``best``, ``first`` (answers,): the products of ``projections`` with each answer's best and first passage;
        ``features`` (answers, len(FEATURES)).
        """
        odds: Floats = best + first + features @ self.features + vector @ self.question
        return odds
