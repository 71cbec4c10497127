"""Nearness in meaning: how much a question's embedding lies on the side of the written examples of a level."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from askdoc.models import Level

_RIDGE = 3.0
"""Weight of the penalty in the least squares fit, chosen on the making part of the test corpus."""


class Nearness:
    """A plane between the examples of each level and all others, fitted by ridge regression when the gate loads.

    It is fitted rather than stored, so that the examples in the table stay the only thing to change, and it is
    a matrix product at question time.
    """

    def __init__(self, vectors: NDArray[np.float32], labels: Sequence[Level | None]) -> None:
        if vectors.ndim != 2 or len(vectors) != len(labels):
            raise ValueError(f"{len(labels)} examples need as many rows of vectors, not {vectors.shape}")
        targets = np.array(
            [[label in (Level.EMERGENCY, Level.CRISIS), label is Level.CRISIS] for label in labels], dtype=np.float32
        )
        self._centre = vectors.mean(axis=0)
        self._offset = targets.mean(axis=0)
        x = vectors - self._centre
        gram = x.T @ x + np.float32(_RIDGE) * np.eye(x.shape[1], dtype=np.float32)
        self._weights = np.linalg.solve(gram, x.T @ (targets - self._offset))

    def __call__(self, vector: NDArray[np.float32]) -> tuple[float, float]:
        """How much the question is like the alarming examples, and like those of crisis: about 0 to 1."""
        alarm, crisis = (vector - self._centre) @ self._weights + self._offset
        return float(alarm), float(crisis)
