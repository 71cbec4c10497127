"""Vector search over one field of an index, by row."""

from askdoc.index.vectors.protocol import Rows, VectorIndex, Vectors

__all__ = ["Rows", "VectorIndex", "Vectors"]
