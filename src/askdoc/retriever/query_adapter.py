"""Query adapter: a low-rank correction that moves a question's vector towards its answers.

A question and its answer are not worded alike, and the embedding model was trained to find alike wording. The adapter
adds to a vector what was learned from question–answer pairs: ``q + (q @ down) @ up``, normalised again. It fits the
vectors of one model only; any other model is used without.

``query_adapter.json`` holds ``{"format", "model", "arrays": {"down", "up"}}``, the arrays as in ``learned_tables``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from askdoc.retriever import learned_tables
from askdoc.retriever.arrays import Floats


@dataclass(frozen=True, slots=True)
class QueryAdapter:
    """Two matrices of low rank: ``down`` (d, rank) and ``up`` (rank, d)."""

    down: Floats
    up: Floats

    @classmethod
    def shipped(cls, model: str) -> Self | None:
        """The adapter that comes with the program for this model, or None where there is none."""
        table = learned_tables.load("query_adapter")
        return cls.parse(table) if table["model"] == model else None

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> Self:
        """Read the document that ``query_adapter.json`` holds."""
        return cls(*(learned_tables.decode_array(document["arrays"][name]) for name in ("down", "up")))

    def document(self, model: str) -> dict[str, Any]:
        """The document that ``query_adapter.json`` holds, the matrices rounded to int8."""
        arrays = {name: learned_tables.encode_array(getattr(self, name)) for name in ("down", "up")}
        return {"format": 1, "model": model, "arrays": arrays}

    def __call__(self, vectors: Floats) -> Floats:
        """Adapt unit vectors (n, d); unit vectors again."""
        return normalized(vectors + (vectors @ self.down) @ self.up)


def normalized(vectors: NDArray[np.floating]) -> Floats:
    """The vectors (…, d) scaled to length 1; a zero vector stays zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Floats = (vectors / np.maximum(length, 1e-12)).astype(np.float32)
    return scaled
