"""Turns texts into unit vectors: with the exported encoder where there is one, else with sentence-transformers."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from askdoc.embedder.weights import Weights, locate

Vectors = NDArray[np.float32]
Finished = Callable[[list[int], Vectors], None]
Awaited = Callable[[], Vectors]
"""Waits for vectors that are on their way."""

__all__ = ["Awaited", "Embedder", "Finished", "Vectors", "Weights", "locate"]


class Embedder(Protocol):
    """What varies: a model that is ready to be asked."""

    dimension: int
    """Length of each vector."""
    max_tokens: int
    """How many tokens of a text the model reads; the rest has no effect."""

    def encode(self, texts: Sequence[str], *, finished: Finished | None = None) -> Vectors:
        """Vectors of shape (texts, dimension), float32, each of length 1: their inner product is the cosine.

        ``finished`` hears of each batch as it is done: the places of its texts, and their vectors.
        """
        ...

    def begin(self, texts: Sequence[str]) -> Awaited:
        """Begin to encode, on other threads where that can be: the caller may do something else meanwhile."""
        ...

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without the marks that the model puts around it and without truncation."""
        ...

    def knows(self, word: str) -> bool:
        """Whether the model's own vocabulary has the word whole: then it is an ordinary word of its language."""
        ...
