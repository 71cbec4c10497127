"""Kernel ridge regression over labelled examples; exponential kernel on the cosine.

An example's influence on a question is ``exp(GAMMA · (cosine - 1))`` of their vectors, centred on the examples, times
a coefficient for each of the two scores (Saunders, Gammerman and Vovk, "Ridge regression learning algorithm in dual
variables", 1998).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from askdoc.models import Level

Floats = NDArray[np.float32]

# Chosen by leaving groups of like sentences out; little hangs on any of them (docs/safety.md).
GAMMA = 2.5
"""How fast an example's influence fades with distance."""
INTERCEPT = (0.25, 0.1)
"""The scores of a question that is like no example: below every threshold."""
RIDGE = 0.1
"""L2 penalty: how much the examples share their influence with one another."""

PROBE_STEP = 70
"""Every so many examples one is predicted, to tell whether fitted coefficients suit the vectors."""
_TOLERANCE = 0.03
"""Mean absolute error of those predictions from which on the coefficients are fitted anew."""


def targets(labels: Sequence[Level | None]) -> Floats:
    """(n, 2) whether each sentence is alarming, and whether it is a crisis, less the intercept."""
    classes = [[label in (Level.EMERGENCY, Level.CRISIS), label is Level.CRISIS] for label in labels]
    return np.array(classes, dtype=np.float32) - np.array(INTERCEPT, dtype=np.float32)


def unit_directions(vectors: Floats, centre: Floats) -> Floats:
    """Unit vectors (n, dim) from the centre of the examples (dim,): inner vectors have much in common."""
    directions = vectors - centre
    directions /= np.maximum(np.linalg.norm(directions, axis=1, keepdims=True), np.float32(1e-9))
    return directions


def kernel(vectors: Floats, others: Floats) -> Floats:
    """(n, m) the exponential kernel of unit vectors (n, dim) and (m, dim)."""
    values: Floats = vectors @ others.T
    values -= np.float32(1)
    values *= np.float32(GAMMA)
    return np.exp(values, out=values)


def dual_coefficients(vectors: Floats, residuals: Floats) -> Floats:
    """(n, 2) the coefficients of unit vectors (n, dim) whose regression predicts the residuals (n, 2) best."""
    gram = kernel(vectors, vectors)
    gram[np.diag_indices_from(gram)] += np.float32(RIDGE)
    coefficients: Floats = np.linalg.solve(gram, residuals)
    return coefficients


class KernelRidge:
    """The regression of alarm and crisis on inner vectors, over all examples, ordinary ones too.

    ``offsets`` (n, 2) is what the linear model says of each example already; the regression makes up for the rest.
    ``fitted`` are coefficients (n, 2) for the default model, which were found from many more sentences, and what they
    predict of every ``PROBE_STEP``-th example; with vectors of another model the coefficients are found anew, which
    takes a moment. Raises ValueError where there is not one row of vectors for each label.
    """

    def __init__(
        self,
        vectors: Floats,
        labels: Sequence[Level | None],
        *,
        offsets: Floats | None = None,
        fitted: tuple[Floats, Floats] | None = None,
    ) -> None:
        if vectors.ndim != 2 or len(vectors) != len(labels):
            raise ValueError(f"{len(labels)} examples need as many rows of vectors, not {vectors.shape}")
        residuals = targets(labels) if offsets is None else targets(labels) - offsets
        self._centre = vectors.mean(axis=0)
        vectors = self._vectors = unit_directions(vectors, self._centre)
        self.is_calibrated = fitted is not None and _suits(vectors, *fitted)
        """Whether the vectors are those of the model that the gate's thresholds were chosen with."""
        self._coefficients = fitted[0] if fitted and self.is_calibrated else dual_coefficients(vectors, residuals)

    def predict(self, vectors: Floats) -> Floats:
        """(m, 2) how alarming vectors (m, dim) are, and how much like a crisis. Raises ValueError for another width."""
        if vectors.shape[1:] != self._vectors.shape[1:]:
            raise ValueError(f"vectors of {vectors.shape[1:]} beside examples of {self._vectors.shape[1:]}")
        # In this order a single vector takes half the time.
        values = kernel(self._vectors, unit_directions(vectors, self._centre))
        scores: Floats = values.T @ self._coefficients
        return scores + np.array(INTERCEPT, dtype=np.float32)


def _suits(vectors: Floats, coefficients: Floats, predicted: Floats) -> bool:
    """Whether coefficients predict of the probed examples what they predicted when they were fitted."""
    predictions = kernel(vectors[::PROBE_STEP], vectors) @ coefficients
    return bool(np.abs(predictions - predicted).mean() < _TOLERANCE)
