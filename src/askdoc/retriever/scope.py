"""Scope: whether what was found is about the subject of the question at all, by two numbers.

``nearness`` is the cosine of the question with the first answer, its nearest passage or its title, whichever is
nearer. ``health`` tells from the question's vector alone, by a logistic model, whether people ask it of a doctor: log
odds from -``MAX_HEALTH`` to ``MAX_HEALTH``. A question is in scope where their weighted sum reaches a threshold: a cut
of the cosine that is lower for a question about health than for a request to a general assistant, which comes near to
something by chance.

``scope.npz`` holds the array ``health`` (d,) and ``{"format", "bias", "weights": {"nearness", "health"}, "threshold",
"scales"}``, as ``learned_tables`` says. It fits the vectors of one model only; any other model does without.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from askdoc.retriever.array_types import Floats
from askdoc.retriever.learned_tables import ModelTables

MAX_HEALTH = 4.0
"""Beyond these log odds a question is about health or it is not; more of it must not make up for a far answer."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The learned numbers: ``health`` (d,) with its ``bias``, two weights, and the threshold of their sum."""

    health: Floats
    bias: float
    nearness_weight: float
    health_weight: float
    threshold: float

    @classmethod
    def of(cls, tables: ModelTables) -> Self | None:
        """The table among a model's tables, or None where there is none."""
        read = tables.arrays("scope.npz")
        return cls.parse(*read) if read else None

    @classmethod
    def parse(cls, document: Mapping[str, Any], arrays: Mapping[str, Floats]) -> Self:
        """Read what ``scope.npz`` holds. Raises KeyError where something is missing."""
        weights = document["weights"]
        numbers = (document["bias"], weights["nearness"], weights["health"], document["threshold"])
        return cls(arrays["health"], *map(float, numbers))

    def margin(self, vector: Floats, nearness: float) -> float:
        """How far a question is in scope, in log odds: below 0 it is not. ``vector`` (d,) is the question's."""
        health = max(-MAX_HEALTH, min(MAX_HEALTH, float(vector @ self.health + self.bias)))
        return self.nearness_weight * nearness + self.health_weight * health - self.threshold
