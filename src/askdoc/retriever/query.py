"""Queries: questions analysed into what they are searched by, vectors and weighted terms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from askdoc.index.bm25 import Tokenizer
from askdoc.index.protocol import PostingLists
from askdoc.retriever.array_types import Floats
from askdoc.retriever.query_adapter import QueryAdapter, normalized
from askdoc.retriever.term_scores import TermScores, term_scores
from askdoc.retriever.term_weights import TermWeights


@dataclass(frozen=True, slots=True)
class Query:
    """An analysed question.

    ``vectors`` (2, d): the question's own vector, then the adapted one; ``terms``: its stems with their weights;
    ``term_scores``: their scores in each field; ``same_title``: the rows of the stored questions whose title is the
    text. Both are None where they are to be found when the query is searched.
    """

    text: str
    vectors: Floats
    terms: Mapping[str, float]
    term_scores: Mapping[str, TermScores] | None = None
    same_title: Sequence[int] | None = None

    @property
    def vector(self) -> Floats:
        """(d,) the question's own vector."""
        own: Floats = self.vectors[0]
        return own

    @property
    def search_vector(self) -> Floats:
        """(1, d) the direction between the two vectors, so that one search serves both."""
        return normalized(self.vectors.sum(axis=0, keepdims=True))


@dataclass(frozen=True, slots=True)
class QueryAnalyzer:
    """Analyses questions into queries, against the words of one corpus."""

    tokenizer: Tokenizer
    term_weights: TermWeights
    adapter: QueryAdapter | None
    body: PostingLists
    title: PostingLists

    def analyze(self, texts: Sequence[str], vectors: Callable[[], Floats]) -> list[Query]:
        """A query for each text, its terms scored.

        ``vectors`` waits for the texts' unit vectors (texts, d): it is called once, after all terms are scored.
        """
        terms = [self._terms(text) for text in texts]
        scores = [term_scores(weighted, self.body, self.title) for weighted in terms]
        return [self._query(*parts) for parts in zip(texts, vectors(), terms, scores, strict=True)]

    def unscored(self, text: str, vector: Floats) -> Query:
        """A query whose terms are scored when it is searched, for a unit vector (d,): many can wait in memory."""
        return self._query(text, vector, self._terms(text))

    def _terms(self, text: str) -> dict[str, float]:
        return self.term_weights.weigh(text, tokenizer=self.tokenizer, body=self.body, title=self.title)

    def _query(
        self,
        text: str,
        vector: Floats,
        terms: Mapping[str, float],
        scores: Mapping[str, TermScores] | None = None,
    ) -> Query:
        adapted = vector if self.adapter is None else self.adapter(vector[None])[0]
        return Query(text, np.stack([vector, adapted]), terms, scores)
