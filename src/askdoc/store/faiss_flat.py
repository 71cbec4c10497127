"""Exact search over half-precision vectors with FAISS."""

from typing import Any, Self

import numpy as np

from askdoc.store import Rows, Vectors


class FaissFlat:
    """Every vector is compared. Half precision halves the bytes read and moves a score by less than 0.001."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> Self:
        import faiss

        index = faiss.IndexScalarQuantizer(
            vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        index.train(vectors)
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    def dump(self) -> memoryview:
        import faiss

        return memoryview(faiss.serialize_index(self._index))

    @classmethod
    def open(cls, path: str, *, rows: int, dimension: int) -> Self:
        import faiss

        index = faiss.read_index(path, faiss.IO_FLAG_MMAP_IFC)
        if (index.ntotal, index.d) != (rows, dimension):
            raise ValueError(f"{path} holds {index.ntotal} × {index.d}, not {rows} × {dimension}")
        return cls(index)

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, Rows]:
        scores, rows = self._index.search(np.ascontiguousarray(queries, np.float32), min(k, self._index.ntotal))
        return scores, rows

    def scores(self, query: Vectors, rows: Rows) -> Vectors:
        found: Vectors = self._index.reconstruct_batch(np.ascontiguousarray(rows, np.int64)) @ query
        return found
