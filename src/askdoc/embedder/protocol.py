"""The interface of every encoder: texts in, unit vectors out."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from askdoc.embedder.prompts import Prompts, Side

Vectors = NDArray[np.float32]
BatchCallback = Callable[[list[int], Vectors], None]
"""Called after each batch with the positions of its texts among all, and their vectors (batch, dimension)."""

ShareCallback = Callable[[float], None]
"""Called now and then during a long work with the share of it that is done, from 0 to 1."""


def unheard(_share: float) -> None:
    """Tell nobody how far a work is."""


class Encoded(NamedTuple):
    """A model's outputs for some texts."""

    vectors: Vectors
    """Sentence embeddings (texts, dimension), each of length 1, so that an inner product is a cosine: the topic."""
    inner: Vectors
    """Mean over the tokens of a middle layer's hidden states (texts, width): wording that the last layer drops.

    The same as ``vectors`` where the model does not give out its hidden states.
    """


class EncoderKind(StrEnum):
    """How vectors are computed, in the operator's words; an index's manifest holds one of them."""

    QUANTIZED = "packed in whole numbers"
    SINGLE_PRECISION = "single precision"
    SENTENCE_TRANSFORMERS = "sentence-transformers"


Awaited = Callable[[], Encoded]
"""Blocks until the encoding is ready; may be called again."""


def deferred(encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str]) -> Awaited:
    """Encode on the first call of what is returned, with a model that does not give out its hidden states."""

    @cache
    def encoded() -> Encoded:
        vectors = encode(texts)
        return Encoded(vectors, vectors)

    return encoded


class Embedder(Protocol):
    """A loaded model."""

    dimension: int
    """Length of each vector."""
    max_tokens: int
    """How many tokens of a text the model reads, special tokens and prompt included; the rest has no effect."""
    document_tokens: int
    """How many of them are left for a document itself."""
    prompts: Prompts
    """What the model is told before the texts of each side."""

    def encode(
        self, texts: Sequence[str], *, side: Side = Side.QUERY, on_batch: BatchCallback | None = None
    ) -> Vectors:
        """Encode to vectors of shape (texts, dimension), float32, each of length 1."""
        ...

    def begin(self, texts: Sequence[str], *, side: Side = Side.QUERY) -> Awaited:
        """Begin to encode, on other threads where that is possible, so that the caller can do something else."""
        ...

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens, without special tokens and without truncation."""
        ...

    def has_token(self, word: str) -> bool:
        """Tell whether the model's vocabulary has the word as one token: then it is common in its language."""
        ...
