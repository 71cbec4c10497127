"""A question made ready to be searched: its vectors, its words, and how much each word matters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from askdoc.lexical import Lexicon, Tokenizer
from askdoc.retriever.essentials import Essentials
from askdoc.retriever.lens import Lens, unit

Floats = NDArray[np.float32]


class Encoder(Protocol):
    """What turns texts into unit vectors."""

    def encode(self, texts: Sequence[str]) -> Floats: ...


class About(Protocol):
    """What tells whether an answer is about what a question is about; see ``topic.Topic``."""

    def forms(self, vector: Floats) -> Floats: ...
    def odds(self, vector: Floats, best: Floats, first: Floats, signals: Floats) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """``vectors`` (2, d): the question's own vector, then the one turned towards answers."""

    text: str
    vectors: Floats
    terms: Mapping[str, float]
    about: About | None = None

    @property
    def vector(self) -> Floats:
        """(d,) the question's own vector."""
        own: Floats = self.vectors[0]
        return own

    @property
    def middle(self) -> Floats:
        """(1, d) between the two vectors: one search serves both."""
        return unit(self.vectors.sum(axis=0, keepdims=True))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads questions against one corpus's words."""

    encoder: Encoder
    tokenizer: Tokenizer
    essentials: Essentials
    lens: Lens | None
    body: Lexicon
    title: Lexicon
    about: About | None = None

    def read(self, questions: Sequence[str]) -> list[Asked]:
        """The questions with their vectors and weighted words; the encoder is called once for all."""
        if not questions:
            return []
        vectors = np.asarray(self.encoder.encode(questions), np.float32)
        return [self.with_vector(text, vector) for text, vector in zip(questions, vectors, strict=True)]

    def with_vector(self, question: str, vector: Floats) -> Asked:
        """The same where the vector is known already."""
        turned = vector if self.lens is None else self.lens(vector[None])[0]
        terms = self.essentials.weigh(question, tokenizer=self.tokenizer, body=self.body, title=self.title)
        return Asked(question, np.stack([vector, turned]), terms, self.about)
