"""Chooses the store of a field by its size, and opens the kind that the manifest names."""

from askdoc.index.vectors.faiss_flat import FaissFlat
from askdoc.index.vectors.faiss_hnsw import FaissHnsw
from askdoc.index.vectors.protocol import VectorIndex, Vectors

KINDS: dict[str, type[VectorIndex]] = {"flat": FaissFlat, "graph": FaissHnsw}
MOST_FLAT = 50_000
"""Up to so many rows every vector is compared: 38 MB at 384 numbers to a vector, read in about two milliseconds."""


def chosen(rows: int) -> str:
    """The kind of store for so many rows: exact while that is quick, a graph beyond."""
    return "flat" if rows <= MOST_FLAT else "graph"


def build(vectors: Vectors) -> tuple[str, VectorIndex]:
    """The store for these unit vectors of shape (rows, dimension), and its kind's name."""
    kind = chosen(len(vectors))
    return kind, KINDS[kind].build(vectors)


def opened(kind: str, path: str, *, rows: int, dimension: int) -> VectorIndex:
    """Map a dumped file, already vouched for. Raises ValueError where there is no such kind or the shape is another."""
    if kind not in KINDS:
        raise ValueError(f"{path} is of the kind {kind!r}, which this askdoc does not know")
    return KINDS[kind].open(path, rows=rows, dimension=dimension)
