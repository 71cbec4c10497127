"""Query adapter: a low-rank correction that moves a question's vector towards its answers.

A question and its answer are not worded alike, and the embedding model was trained to find alike wording. The adapter
adds to a vector what was learned from question–answer pairs: ``q + (q @ down) @ up``, normalised again. It fits the
vectors of one model only; a model for which none was made is used without.

``query_adapter.npz`` holds the arrays ``down`` and ``up`` and ``{"format", "scales"}``, as ``learned_tables`` says.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from askdoc.retriever.array_types import Floats
from askdoc.retriever.learned_tables import ModelTables


@dataclass(frozen=True, slots=True)
class QueryAdapter:
    """Two matrices of low rank: ``down`` (d, rank) and ``up`` (rank, d)."""

    down: Floats
    up: Floats

    @classmethod
    def of(cls, tables: ModelTables) -> Self | None:
        """The adapter among a model's tables, or None where there is none."""
        read = tables.arrays("query_adapter.npz")
        return cls(**read[1]) if read else None

    def __call__(self, vectors: Floats) -> Floats:
        """Adapt unit vectors (n, d); unit vectors again."""
        return normalized(vectors + (vectors @ self.down) @ self.up)


def normalized(vectors: NDArray[np.floating]) -> Floats:
    """The vectors (…, d) scaled to length 1; a zero vector stays zero."""
    length = np.sqrt(np.add.reduce(vectors * vectors, axis=-1, keepdims=True))
    scaled: Floats = (vectors / np.maximum(length, 1e-12)).astype(np.float32, copy=False)
    return scaled
