"""Exact search over half-precision vectors with FAISS."""

from typing import Any, Self

from askdoc.store import Rows, Vectors, mapped


class FaissFlat:
    """Every vector is compared. Half precision halves the bytes read and moves a score by less than 0.001."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self._kept = mapped.halves(index)

    @classmethod
    def build(cls, vectors: Vectors) -> Self:
        return cls(mapped.half(vectors))

    def dump(self) -> memoryview:
        return mapped.dumped(self._index)

    @classmethod
    def open(cls, path: str, *, rows: int, dimension: int) -> Self:
        return cls(mapped.opened(path, "IndexScalarQuantizer", rows=rows, dimension=dimension))

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, Rows]:
        return mapped.nearest(self._index, queries, k)

    def scores(self, queries: Vectors, rows: Rows) -> Vectors:
        return mapped.scores(self._kept, queries, rows)
