"""Kinds of vector index by the name that the manifest gives them: exact for a small field, a graph for a large one."""

from askdoc.index.vectors.faiss_flat import FaissFlat
from askdoc.index.vectors.faiss_hnsw import FaissHnsw
from askdoc.index.vectors.protocol import VectorIndex, Vectors

KINDS: dict[str, type[VectorIndex]] = {"flat": FaissFlat, "graph": FaissHnsw}
MOST_FLAT = 50_000
"""The most rows of which every vector is compared: 38 MB at 384 numbers each, read in about two milliseconds."""


def kind_for(rows: int) -> str:
    """The kind for a field of ``rows`` rows: exact while that is quick, a graph beyond."""
    return "flat" if rows <= MOST_FLAT else "graph"


def build(vectors: Vectors) -> tuple[str, VectorIndex]:
    """Index unit vectors of shape (rows, dimension): the name of the kind, and the index."""
    kind = kind_for(len(vectors))
    return kind, KINDS[kind].build(vectors)


def open_kind(kind: str, path: str, *, rows: int, dimension: int) -> VectorIndex:
    """Map a dumped file, already vouched for. Raises ValueError where there is no such kind or the shape is another."""
    if kind not in KINDS:
        raise ValueError(f"{path} is of the kind {kind!r}, which this askdoc does not know")
    return KINDS[kind].open(path, rows=rows, dimension=dimension)
