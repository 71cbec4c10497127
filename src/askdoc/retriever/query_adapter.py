"""Query adapter: a low-rank correction that moves a question's vector towards its answers.

A question and its answer are not worded alike, and the embedding model was trained to find alike wording. The adapter
adds to a vector what was learned from question–answer pairs: ``q + (q @ down) @ up``, normalised again. It fits the
vectors of one model only; any other model is used without.

``query_adapter.npz`` holds the arrays ``down`` and ``up`` and ``{"format", "model", "scales"}``, as ``learned_tables``
says.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from askdoc.retriever import learned_tables
from askdoc.retriever.array_types import Floats


@dataclass(frozen=True, slots=True)
class QueryAdapter:
    """Two matrices of low rank: ``down`` (d, rank) and ``up`` (rank, d)."""

    down: Floats
    up: Floats

    @classmethod
    def shipped(cls, model: str) -> Self | None:
        """The adapter that comes with the program for this model, or None where there is none."""
        document, arrays = learned_tables.load_arrays("query_adapter")
        return cls(**arrays) if document["model"] == model else None

    def __call__(self, vectors: Floats) -> Floats:
        """Adapt unit vectors (n, d); unit vectors again."""
        return normalized(vectors + (vectors @ self.down) @ self.up)


def normalized(vectors: NDArray[np.floating]) -> Floats:
    """The vectors (…, d) scaled to length 1; a zero vector stays zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Floats = (vectors / np.maximum(length, 1e-12)).astype(np.float32)
    return scaled
