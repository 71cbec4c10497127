"""Turns texts into unit vectors: what every encoder offers."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Finished = Callable[[list[int], Vectors], None]


class Encoded(NamedTuple):
    """What a model makes of texts.

    ``vectors`` (texts, dimension), each of length 1, for what the texts are about: their inner product is the cosine.
    ``inner`` (texts, any) for what they say: the mean over each text in the middle of the model, before all but its
    topic is thinned out. The same as ``vectors`` where the model does not show its middle.
    """

    vectors: Vectors
    inner: Vectors


class EncoderKind(StrEnum):
    """Which encoder answers, in the words that the operator reads; an index's manifest holds them."""

    PACKED = "packed in whole numbers"
    SINGLE = "single precision"
    TRAINED = "sentence-transformers"


Awaited = Callable[[], Encoded]
"""Waits for what is on its way; may be asked again."""


def later(encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str]) -> Awaited:
    """Vectors that are made when they are asked for, by a model that does not show its middle."""

    @cache
    def encoded() -> Encoded:
        vectors = encode(texts)
        return Encoded(vectors, vectors)

    return encoded


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
