"""Nearest-neighbour search over stored vectors: what every implementation offers. It knows rows, never texts."""

from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]


class VectorIndex(Protocol):
    """Vectors of one field, by row from 0. Scores are inner products: higher is nearer."""

    @classmethod
    def build(cls, vectors: Vectors) -> Self:
        """Take unit vectors of shape (rows, dimension). The same vectors give the same bytes."""
        ...

    def dump(self) -> memoryview:
        """The bytes that ``open`` reads."""
        ...

    @classmethod
    def open(cls, path: str, *, rows: int, dimension: int) -> Self:
        """Map a dumped file, already vouched for. Raises ValueError where its shape is another."""
        ...

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, Rows]:
        """The ``k`` nearest rows to each query: scores and rows, both (queries, at most k), best first."""
        ...

    def scores(self, queries: Vectors, rows: Rows) -> Vectors:
        """The scores of the named rows: (rows,) for one query (dimension,), (queries, rows) for several."""
        ...
