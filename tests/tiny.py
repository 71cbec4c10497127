"""A tiny deterministic model for tests: a text's vector counts its words, folded into a few dozen places."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from askdoc.embedder import ModelFiles, Side
from askdoc.embedder.prompts import NO_PROMPTS
from askdoc.embedder.protocol import Awaited, BatchCallback, ShareCallback, Vectors, deferred, unheard

DIMENSION = 64
WEIGHTS = ModelFiles(name="tiny", folder=Path("tiny"), sha256="0" * 64, fingerprint="1" * 64)


class TinyEmbedder:
    """Embeds without a model. ``asked`` remembers every text, to see what was embedded."""

    dimension = DIMENSION
    max_tokens = document_tokens = 256
    prompts = NO_PROMPTS

    def __init__(self) -> None:
        self.asked: list[str] = []

    @classmethod
    def load(cls, weights: ModelFiles) -> "TinyEmbedder":
        return cls()

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]

    def encode(
        self, texts: Sequence[str], *, side: Side = Side.QUERY, on_batch: BatchCallback | None = None
    ) -> Vectors:
        self.asked += texts
        vectors = np.array([vector(text) for text in texts], np.float32).reshape(len(texts), DIMENSION)
        if on_batch:
            for place in range(len(texts)):
                on_batch([place], vectors[place : place + 1])
        return vectors

    def begin(self, texts: Sequence[str], *, side: Side = Side.QUERY) -> Awaited:
        return deferred(self.encode, texts)

    def has_token(self, word: str) -> bool:
        return word == "carburettor"

    def export(self, typical: Sequence[str], on_share: ShareCallback = unheard) -> dict[str, bytes] | None:
        return None


def vector(text: str) -> Vectors:
    """The unit vector of a text: shape (64,)."""
    counts = np.zeros(DIMENSION, np.float32)
    counts[0] = 0.01  # so that a text without words has a direction too
    for word in re.findall(r"\w+", text.casefold()):
        counts[int(hashlib.sha256(word.encode()).hexdigest(), 16) % DIMENSION] += 1
    unit: Vectors = counts / np.linalg.norm(counts)
    return unit


class Quiet:
    """Hears the progress of a build and keeps it."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def step(self, name: str) -> None:
        self.steps.append(name)

    def advanced(self, unit: str, done: int, of: int, *, work: int, of_work: int) -> None:
        pass
