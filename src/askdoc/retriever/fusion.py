"""Signals → one score for each candidate, by a learned table.

``fusion.json`` holds ``{"format", "tables": {"both": {signal: [plain, trusted]}, "passage": {…}}}``. A signal counts
with its first weight, and with its second as far as the words can be trusted for this question: the greatest share
of the question's words that any candidate has. ``both`` serves where titles are stored, ``passage`` where none are.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Self

import numpy as np
from numpy.typing import NDArray

from askdoc.retriever.features import NAMES, PLACE

Floats = NDArray[np.float32]
BOTH, PASSAGES = "both", "passage"


@dataclass(frozen=True, slots=True)
class Fusion:
    """``weights[kind]`` (2, signals): what counts always, and what counts by trust in the words."""

    weights: Mapping[str, Floats]

    @classmethod
    def shipped(cls) -> Self:
        """The table that comes with the program."""
        return cls.parse(
            json.loads(files("askdoc.retriever.learned").joinpath("fusion.json").read_text(encoding="utf-8"))
        )

    @classmethod
    def parse(cls, document: Mapping[str, Mapping[str, Mapping[str, list[float]]]]) -> Self:
        """From what ``fusion.json`` holds; a signal that is not named counts nothing."""
        weights = {}
        for kind, table in document["tables"].items():
            unknown = set(table) - set(NAMES)
            if unknown:
                raise ValueError(f"fusion.json names signals that this program does not know: {sorted(unknown)}")
            weights[kind] = np.zeros((2, len(NAMES)), np.float32)
            for name, pair in table.items():
                weights[kind][:, PLACE[name]] = pair
        return cls(weights)

    def scores(self, signals: Floats, *, titles: bool) -> Floats:
        """(n,) from (n, signals): higher is more relevant."""
        plain, trusted = self.weights[BOTH if titles else PASSAGES]
        found: Floats = signals @ (plain + trust(signals) * trusted)
        return found


def trust(signals: Floats) -> float:
    """How far the words can be trusted: 1 where some candidate has them all, 0 where none has any."""
    return float(signals[:, PLACE["any_cover"]].max(initial=0.0))
