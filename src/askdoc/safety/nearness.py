"""Nearness in meaning: how much a question's embedding lies among the written examples of a level."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from askdoc.models import Level

# Chosen on the making part of the test corpus; little hangs on any of them.
_SHARPNESS = np.float32(4.0)
"""How fast an example's say fades with distance: exp(sharpness · (cosine - 1))."""
_FAR = np.array([0.25, 0.1], dtype=np.float32)
"""What a question is given that is like no example: below every threshold."""
_RIDGE = np.float32(0.3)
"""How much the examples share their say with one another."""


class Nearness:
    """Every example, ordinary ones too, has a say that fades with distance, weighted by a ridge regression.

    It is fitted when the gate loads rather than stored, so that the sentences in the table are the only thing
    to change.
    """

    def __init__(self, vectors: NDArray[np.float32], labels: Sequence[Level | None]) -> None:
        if vectors.ndim != 2 or len(vectors) != len(labels):
            raise ValueError(f"{len(labels)} examples need as many rows of vectors, not {vectors.shape}")
        targets = np.array(
            [[label in (Level.EMERGENCY, Level.CRISIS), label is Level.CRISIS] for label in labels],
            dtype=np.float32,
        )
        self._vectors = vectors
        say = np.exp(_SHARPNESS * (vectors @ vectors.T - np.float32(1)))
        say[np.diag_indices_from(say)] += _RIDGE
        self._weights = np.linalg.solve(say, targets - _FAR)

    def __call__(self, vector: NDArray[np.float32]) -> tuple[float, float]:
        """How much the question is like the alarming examples, and like those of crisis: about 0 to 1."""
        say = np.exp(_SHARPNESS * (self._vectors @ vector - np.float32(1)))
        alarm, crisis = say @ self._weights + _FAR
        return float(alarm), float(crisis)
