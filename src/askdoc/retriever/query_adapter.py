"""Turns a question's vector towards answers: a small learned change of the default model's vectors.

A question and its answer are not worded alike, and the model was made to find alike wording. The adapter adds to a
vector what it learned from question–answer pairs: ``q + (q @ down) @ up``, made a unit vector again. It fits one
model only; any other model is used without.

``query_adapter.json`` holds ``{"format", "model", "rank", "dimension", "scale": [down, up], "down", "up"}``, the two
matrices as base64 of int8.
"""

import base64
import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class QueryAdapter:
    """Two matrices of low rank: ``down`` (d, rank) and ``up`` (rank, d)."""

    down: Floats
    up: Floats

    @classmethod
    def shipped(cls, model: str) -> Self | None:
        """The adapter of this model, or None where there is none."""
        table = json.loads(files("askdoc.retriever.learned").joinpath("query_adapter.json").read_text(encoding="utf-8"))
        return cls.parse(table) if table["model"] == model else None

    @classmethod
    def parse(cls, table: dict[str, object]) -> Self:
        """From the document that ``query_adapter.json`` holds."""
        shape = int(str(table["dimension"])), int(str(table["rank"]))
        scales = table["scale"]
        assert isinstance(scales, list)
        down, up = (
            np.frombuffer(base64.b64decode(str(table[name])), np.int8).astype(np.float32) * np.float32(scale)
            for name, scale in zip(("down", "up"), scales, strict=True)
        )
        return cls(down.reshape(shape), up.reshape(shape[::-1]))

    def document(self, model: str) -> dict[str, object]:
        """What ``query_adapter.json`` holds, the matrices rounded to int8."""
        scales, packed = [], []
        for matrix in (self.down, self.up):
            scale = float(np.abs(matrix).max()) / 127 or 1.0
            scales.append(scale)
            packed.append(base64.b64encode(np.rint(matrix / scale).astype(np.int8).tobytes()).decode())
        dimension, rank = self.down.shape
        return {
            "format": 1,
            "model": model,
            "rank": rank,
            "dimension": dimension,
            "scale": scales,
            "down": packed[0],
            "up": packed[1],
        }

    def __call__(self, vectors: Floats) -> Floats:
        """Unit vectors (n, d) as the adapter turns them, unit vectors again."""
        return unit(vectors + (vectors @ self.down) @ self.up)


def unit(vectors: NDArray[np.floating]) -> Floats:
    """The vectors with length one; a zero vector stays zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Floats = (vectors / np.maximum(length, 1e-12)).astype(np.float32)
    return scaled
