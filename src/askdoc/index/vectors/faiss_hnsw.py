"""Approximate search in a graph of neighbours with FAISS (HNSW), the best rows met compared exactly.

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
"""Rows compared when one is put in (efConstruction): 40 builds sooner and finds less; 200 finds little more."""
SEARCH_BREADTH = 160
"""Rows compared for a query (efSearch), at least, in an index of up to a hundred thousand."""
GROWTH = 0.4
"""SEARCH_BREADTH grows with this power of the rows: 400 at a million finds 98.3 of 100 nearest, 160 finds 96.3."""
COMPARED = 100
"""Rows met that are compared exactly, at least."""


class FaissHnsw:
    """Approximate search (Malkov and Yashunin 2016), in a time that hardly grows with the number of rows."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self._library = faiss_common.library()
        self._stored = faiss_common.half_precision_bits(self._library.downcast_index(index.refine_index))

    @classmethod
    def build(cls, vectors: Vectors) -> Self:
        faiss = faiss_common.library()
        graph = faiss.IndexHNSWSQ(vectors.shape[1], faiss.ScalarQuantizer.QT_8bit, LINKS, faiss.METRIC_INNER_PRODUCT)
        graph.hnsw.efConstruction = BUILD_BREADTH
        graph.train(vectors)
        graph.add(np.ascontiguousarray(vectors, np.float32))
        exact = faiss_common.half_precision(vectors)
        index = faiss.IndexRefine(graph, exact)
        index.referenced_objects = [graph, exact]  # FAISS itself does not hold what Python made
        return cls(index)

    def dump(self) -> memoryview:
        return faiss_common.dump(self._index)

    @classmethod
    def open(cls, path: str, *, rows: int, dimension: int) -> Self:
        return cls(faiss_common.open_mapped(path, "IndexRefine", rows=rows, dimension=dimension))

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, Rows]:
        return faiss_common.search(self._index, queries, k, params=self._breadth(max(1, min(k, self._index.ntotal))))

    def scores(self, queries: Vectors, rows: Rows) -> Vectors:
        return faiss_common.scores(self._stored, queries, rows)

    def _breadth(self, k: int) -> Any:
        faiss = self._library
        walk = faiss.SearchParametersHNSW()
        walk.efSearch = max(round(SEARCH_BREADTH * max(1.0, self._index.ntotal / 1e5) ** GROWTH), 2 * k)
        return faiss.IndexRefineSearchParameters(k_factor=max(1.0, COMPARED / k), base_index_params=walk)
