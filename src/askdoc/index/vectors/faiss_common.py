"""FAISS as every vector index uses it: on one thread, from a mapped file, with scores in half precision."""

from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askdoc.index.vectors.protocol import Rows, Vectors

Halves = NDArray[np.int16]
"""The bits of half-precision numbers."""
CONVERTED = 256
"""Rows that are converted to single precision together: few enough to stay in the processor's cache until they are
multiplied, which takes half the time."""


def library() -> Any:
    """FAISS, kept to one thread; OpenMP keeps that number for each calling thread, so it is set before each call.

    A search reads a few megabytes, which one core does in less time than it takes to wake another; on a busy
    machine FAISS's threads wait for each other for whole slices of the scheduler (measured: 0.4 ms became 20).
    And a graph is the same at every build only if one thread makes it.
    """
    import faiss

    faiss.omp_set_num_threads(1)
    return faiss


def search(index: Any, queries: Vectors, k: int, **how: Any) -> tuple[Vectors, Rows]:
    """Search an index: scores and rows, both (queries, at most k), best first."""
    library()
    scores, rows = index.search(np.ascontiguousarray(queries, np.float32), min(k, index.ntotal), **how)
    return scores, rows


def dump(index: Any) -> memoryview:
    """Give the bytes of an index.

    They are counted first: ``faiss.serialize_index`` lets its memory grow and copies it, and needs three times as much.
    """
    faiss = library()
    lengths: list[int] = []
    faiss.write_index(index, faiss.PyCallbackIOWriter(lambda piece: lengths.append(len(piece))))
    data = np.empty(sum(lengths), np.uint8)
    ends = accumulate(lengths)

    def put(piece: bytes) -> None:
        end = next(ends)
        data[end - len(piece) : end] = np.frombuffer(piece, np.uint8)

    faiss.write_index(index, faiss.PyCallbackIOWriter(put))
    return data.data


def open_mapped(path: str, kind: str, *, rows: int, dimension: int) -> Any:
    """Map the index in a file. Raises ValueError where it is of another FAISS class or shape."""
    faiss = library()
    index = faiss.read_index(path, faiss.IO_FLAG_MMAP_IFC)
    if type(index).__name__ != kind:
        raise ValueError(f"{path} holds a {type(index).__name__}, not a {kind}")
    if (index.ntotal, index.d) != (rows, dimension):
        raise ValueError(f"{path} holds {index.ntotal} × {index.d}, not {rows} × {dimension}")
    return index


def half_precision(vectors: Vectors) -> Any:
    """Make a FAISS index of the vectors in half precision."""
    faiss = library()
    index = faiss.IndexScalarQuantizer(vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    index.train(vectors)
    index.add(np.ascontiguousarray(vectors, np.float32))
    return index


def half_precision_bits(index: Any) -> Halves:
    """The numbers of an index that ``half_precision`` made, (rows, dimension), without a copy."""
    codes = library().rev_swig_ptr(index.codes.data(), index.ntotal * index.code_size)
    bits: Halves = codes.view("<i2").reshape(index.ntotal, index.d)
    return bits


def scores(stored: Halves, queries: Vectors, rows: Rows) -> Vectors:
    """Inner products of the queries with the named rows.

    A half-precision number has sign, 5 bits of exponent and 10 of fraction; a single-precision one has 8 and 23.
    Moved 13 places to the left, with the copies of its sign taken out, the one becomes the other but for a factor
    of 2 ** 112, which the queries take over. FAISS and numpy convert number by number, five times as slowly.
    """
    scaled = np.multiply(queries, 2.0**112, dtype=np.float32)
    products = np.empty((*scaled.shape[:-1], len(rows)), np.float32)
    for start in range(0, len(rows), CONVERTED):
        part = slice(start, start + CONVERTED)
        bits = stored[rows[part]].astype(np.int32)
        bits <<= 13
        bits &= ~0x70000000
        np.matmul(scaled, bits.view(np.float32).T, out=products[..., part])
    return products
