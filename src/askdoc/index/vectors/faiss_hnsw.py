"""Search in a graph of neighbours with FAISS (HNSW), the best found compared exactly.

The graph is walked over vectors of one byte to a number, a quarter of the memory that must be near; the best of what
it meets are then compared with the same half-precision vectors that ``FaissFlat`` keeps, so scores are on one scale.
"""

from typing import Any, Self

import numpy as np

from askdoc.index.vectors import faiss_common
from askdoc.index.vectors.protocol import Rows, Vectors

LINKS = 32
"""Neighbours of a row in the graph; twice as many on its lowest level."""
BUILD_BREADTH = 64
"""How many rows are weighed when one is put in. 40 is quicker to build and finds less; 200 finds little more."""
SEARCH_BREADTH = 160
"""How many rows are weighed for a question, at least, among a hundred thousand."""
GROWTH = 0.4
"""The breadth grows with this power of the rows: 400 at a million, which finds 98.3 of 100 where 160 finds 96.3."""
COMPARED = 100
"""How many of them are compared exactly, at least."""


class FaissHnsw:
    """Nearly every nearest row, in a time that hardly grows with their number."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self._library = faiss_common.library()
        self._kept = faiss_common.halves(self._library.downcast_index(index.refine_index))

    @classmethod
    def build(cls, vectors: Vectors) -> Self:
        faiss = faiss_common.library()
        graph = faiss.IndexHNSWSQ(vectors.shape[1], faiss.ScalarQuantizer.QT_8bit, LINKS, faiss.METRIC_INNER_PRODUCT)
        graph.hnsw.efConstruction = BUILD_BREADTH
        graph.train(vectors)
        graph.add(np.ascontiguousarray(vectors, np.float32))
        exact = faiss_common.half(vectors)
        index = faiss.IndexRefine(graph, exact)
        index.referenced_objects = [graph, exact]  # FAISS itself does not hold what Python made
        return cls(index)

    def dump(self) -> memoryview:
        return faiss_common.dumped(self._index)

    @classmethod
    def open(cls, path: str, *, rows: int, dimension: int) -> Self:
        return cls(faiss_common.opened(path, "IndexRefine", rows=rows, dimension=dimension))

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, Rows]:
        return faiss_common.nearest(self._index, queries, k, params=self._breadth(max(1, min(k, self._index.ntotal))))

    def scores(self, queries: Vectors, rows: Rows) -> Vectors:
        return faiss_common.scores(self._kept, queries, rows)

    def _breadth(self, k: int) -> Any:
        faiss = self._library
        walk = faiss.SearchParametersHNSW()
        walk.efSearch = max(round(SEARCH_BREADTH * max(1.0, self._index.ntotal / 1e5) ** GROWTH), 2 * k)
        return faiss.IndexRefineSearchParameters(k_factor=max(1.0, COMPARED / k), base_index_params=walk)
