"""Nearness in meaning: how much a question's inner vector lies among the written examples of a level."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from askdoc.models import Level

Floats = NDArray[np.float32]

# Chosen by leaving groups of like sentences out; little hangs on any of them (docs/safety.md).
SHARPNESS = 2.5
"""How fast an example's say fades with distance: exp(sharpness · (cosine - 1))."""
FAR = (0.25, 0.1)
"""What a question is given that is like no example: below every threshold."""
RIDGE = 0.1
"""How much the examples share their say with one another."""

PROBED = 70
_TOLERANCE = 0.03
"""How far off, on average, what is given may be before the shares are found again."""


def targets(labels: Sequence[Level | None]) -> Floats:
    """(n, 2) whether each sentence is alarming, and whether it is one of crisis, less what is given far away."""
    said = [[label in (Level.EMERGENCY, Level.CRISIS), label is Level.CRISIS] for label in labels]
    return np.array(said, dtype=np.float32) - np.array(FAR, dtype=np.float32)


def centred(vectors: Floats, middle: Floats) -> Floats:
    """The directions of vectors (n, dim) from the middle of the examples (dim,): inner vectors have much in common."""
    found = vectors - middle
    found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), np.float32(1e-9))
    return found


def likeness(vectors: Floats, others: Floats) -> Floats:
    """(n, m) the say that each of ``others`` (m, dim) has in each of ``vectors`` (n, dim)."""
    near: Floats = vectors @ others.T
    near -= np.float32(1)
    near *= np.float32(SHARPNESS)
    return np.exp(near, out=near)


def shares(vectors: Floats, wanted: Floats) -> Floats:
    """(n, 2) how much each example must say, so that together they give each what is ``wanted`` of it."""
    say = likeness(vectors, vectors)
    say[np.diag_indices_from(say)] += np.float32(RIDGE)
    found: Floats = np.linalg.solve(say, wanted)
    return found


class KernelRidge:
    """Every example, ordinary ones too, has a say that fades with distance, weighted by a ridge regression.

    ``known`` (n, 2) is what its words and the patterns say of each example already: nearness makes up for the rest.
    ``fitted`` are the shares (n, 2) for the default model, found from many more sentences, and what they give every
    ``PROBED``-th example; with vectors of another model shares are found anew, which takes a moment.
    """

    def __init__(
        self,
        vectors: Floats,
        labels: Sequence[Level | None],
        *,
        known: Floats | None = None,
        fitted: tuple[Floats, Floats] | None = None,
    ) -> None:
        if vectors.ndim != 2 or len(vectors) != len(labels):
            raise ValueError(f"{len(labels)} examples need as many rows of vectors, not {vectors.shape}")
        wanted = targets(labels) if known is None else targets(labels) - known
        self._middle = vectors.mean(axis=0)
        vectors = self._vectors = centred(vectors, self._middle)
        self.measured = fitted is not None and _gives(vectors, *fitted)
        """Whether the vectors are those of the model that the gate was measured with."""
        self._weights = fitted[0] if fitted is not None and self.measured else shares(vectors, wanted)

    def __call__(self, vectors: Floats) -> Floats:
        """(m, 2) how much each of ``vectors`` (m, dim) is like the alarming examples, and like those of crisis."""
        if vectors.shape[1:] != self._vectors.shape[1:]:
            raise ValueError(f"vectors of {vectors.shape[1:]} beside examples of {self._vectors.shape[1:]}")
        # In this order a single vector takes half the time.
        say = likeness(self._vectors, centred(vectors, self._middle))
        near: Floats = say.T @ self._weights
        return near + np.array(FAR, dtype=np.float32)


def _gives(vectors: Floats, fitted: Floats, given: Floats) -> bool:
    """Whether shares that were fitted before give some of the examples what they gave them then."""
    return bool(np.abs(likeness(vectors[::PROBED], vectors) @ fitted - given).mean() < _TOLERANCE)
