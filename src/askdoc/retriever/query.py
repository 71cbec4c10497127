"""A question made ready to be searched: its vectors, its words, and how much each word matters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from askdoc.embedder.protocol import Awaited
from askdoc.index.bm25 import Tokenizer
from askdoc.index.protocol import PostingLists
from askdoc.retriever.query_adapter import QueryAdapter, unit
from askdoc.retriever.term_scores import TermScores, term_scores
from askdoc.retriever.term_weights import TermWeights

Floats = NDArray[np.float32]


class Encoder(Protocol):
    """What turns texts into unit vectors; ``begin`` returns before they are made."""

    def begin(self, texts: Sequence[str]) -> Awaited: ...


class TopicModel(Protocol):
    """What tells whether an answer is about what a question is about; see ``topic.Topic``."""

    def forms(self, vector: Floats) -> Floats: ...
    def odds(self, vector: Floats, best: Floats, first: Floats, signals: Floats) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Query:
    """``vectors`` (2, d): the question's own vector, then the one turned towards answers.

    ``words`` are the scores of its terms in every row of each field, where they are known already; ``inner`` is what
    the model's middle makes of it, for the safety gate, where it was not read from an index.
    """

    text: str
    vectors: Floats
    terms: Mapping[str, float]
    about: TopicModel | None = None
    words: Mapping[str, TermScores] | None = None
    inner: Floats | None = None

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
class QueryAnalyzer:
    """Reads questions against one corpus's words."""

    encoder: Encoder
    tokenizer: Tokenizer
    term_weights: TermWeights
    adapter: QueryAdapter | None
    body: PostingLists
    title: PostingLists
    about: TopicModel | None = None

    def read(self, questions: Sequence[str], awaited: Awaited | None = None) -> list[Query]:
        """The questions with their vectors and weighted words, which are scored while the vectors are made.

        ``awaited`` gives the vectors of just these, where the encoder has begun already.
        """
        if not questions:
            return []
        awaited = awaited or self.encoder.begin(questions)
        terms = [self._terms(text) for text in questions]
        words = [term_scores(weighed, self.body, self.title) for weighed in terms]
        encoded = awaited()
        return [
            self._asked(*parts) for parts in zip(questions, encoded.vectors, terms, words, encoded.inner, strict=True)
        ]

    def with_vector(self, question: str, vector: Floats) -> Query:
        """The same where the vector is known already; its words are scored when they are searched."""
        return self._asked(question, vector, self._terms(question))

    def _terms(self, question: str) -> dict[str, float]:
        return self.term_weights.weigh(question, tokenizer=self.tokenizer, body=self.body, title=self.title)

    def _asked(
        self,
        question: str,
        vector: Floats,
        terms: Mapping[str, float],
        words: Mapping[str, TermScores] | None = None,
        inner: Floats | None = None,
    ) -> Query:
        adapted = vector if self.adapter is None else self.adapter(vector[None])[0]
        return Query(question, np.stack([vector, adapted]), terms, self.about, words, inner)
