"""Vector search over one field of an index: a store knows rows, never texts."""

from askdoc.index.vectors.protocol import Rows, VectorIndex, Vectors

__all__ = ["Rows", "VectorIndex", "Vectors"]
