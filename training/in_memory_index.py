"""A corpus in memory that the retriever can be tried on: vectors, words and statistics, without an index folder."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from askdoc.embedder.protocol import Awaited, deferred
from askdoc.index.bm25 import InvertedIndex, Tokenizer, inverse_frequency
from askdoc.retriever.candidates import CandidateGenerator
from askdoc.retriever.fusion import Fusion
from askdoc.retriever.offline.prepare import InMemory
from askdoc.retriever.query import Query, QueryAnalyzer
from askdoc.retriever.query_adapter import QueryAdapter
from askdoc.retriever.ranking import Ranker
from askdoc.retriever.statistics import PASSAGE, QUESTION, CollectionStatistics, ScoreDistribution
from askdoc.retriever.term_weights import TermWeights
from askdoc.retriever.topicality import Topicality
from training.embedding import CachedEmbedder

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
TOKENIZER = Tokenizer()
MODEL = "all-MiniLM-L6-v2"


class Fewer:
    """An index in which some passages do not exist: neither their vectors nor their words."""

    def __init__(self, index: InMemory, hidden: NDArray[np.bool_]) -> None:
        self._index, self._hidden = index, hidden

    def search(self, field: str, queries: Floats, k: int) -> tuple[Floats, Rows]:
        if field != PASSAGE:
            return self._index.search(field, queries, k)
        scores, rows = self._index.search(field, queries, k + int(self._hidden.sum()))
        kept = ~self._hidden[rows[0]]
        return scores[:, kept][:, :k], rows[:, kept][:, :k]

    def scores(self, field: str, queries: Floats, rows: Rows) -> Floats:
        return self._index.scores(field, queries, rows)


class FewerWords(InvertedIndex):
    """A lexicon in which some rows do not exist; what is rare is counted anew."""

    def __init__(self, whole: InvertedIndex, hidden: NDArray[np.bool_]) -> None:
        self.terms, self.size, self.unseen_idf = whole.terms, whole.size, whole.unseen_idf
        self._whole, self._hidden = whole, hidden

    def __contains__(self, term: str) -> bool:
        return len(self.postings(term)[0]) > 0

    def rarity(self, term: str) -> float:
        return float(inverse_frequency(np.array([len(self.postings(term)[0])]), self.size)[0])

    def postings(self, term: str) -> tuple[NDArray[np.int32], Floats]:
        rows, weights = self._whole.postings(term)
        kept = ~self._hidden[rows]
        return rows[kept], weights[kept]


@dataclass(frozen=True)
class Cached:
    """The cached embedder as the retriever asks for it."""

    embed: CachedEmbedder

    def encode(self, texts: Sequence[str]) -> Floats:
        return self.embed(texts)

    def begin(self, texts: Sequence[str]) -> Awaited:
        return deferred(self.embed, texts)


@dataclass(frozen=True)
class Trial:
    """One corpus: ``passages[a]`` of each answer, ``question_of[a]``, and the titles, or none."""

    passages: Sequence[Sequence[str]]
    question_of: Sequence[int]
    titles: Sequence[str]
    embed: CachedEmbedder
    use_lens: bool = True

    @cached_property
    def lexicons(self) -> tuple[InvertedIndex, InvertedIndex]:
        body = InvertedIndex.build([TOKENIZER(text) for pieces in self.passages for text in pieces])
        return body, InvertedIndex.build([TOKENIZER(title) for title in self.titles])

    @cached_property
    def fields(self) -> dict[str, Floats]:
        fields = {PASSAGE: self.embed([text for pieces in self.passages for text in pieces])}
        if self.titles:
            fields[QUESTION] = self.embed(self.titles)
        return fields

    @cached_property
    def statistics(self) -> CollectionStatistics:
        answer_of = np.repeat(np.arange(len(self.passages)), [len(p) for p in self.passages]).astype(np.int32)
        groups = {PASSAGE: answer_of, QUESTION: np.arange(len(self.titles), dtype=np.int32)}
        spread = {field: ScoreDistribution.build(vectors, groups[field]) for field, vectors in self.fields.items()}
        answers = np.arange(len(self.passages), dtype=np.int32)
        question_of = np.array(self.question_of if self.titles else answers, np.int32)
        return CollectionStatistics.of(answer_of, question_of, spread)

    @cached_property
    def generator(self) -> CandidateGenerator:
        return CandidateGenerator(InMemory(self.fields), self.statistics, *self.lexicons, Topicality.shipped(MODEL))

    @cached_property
    def analyzer(self) -> QueryAnalyzer:
        adapter = QueryAdapter.shipped(MODEL) if self.use_lens else None
        return QueryAnalyzer(TOKENIZER, TermWeights.shipped(), adapter, *self.lexicons)

    def ranker(self) -> Ranker:
        """The whole corpus, ranked by the shipped tables."""
        return Ranker(self.analyzer, self.generator, Fusion.shipped())

    def without(self, answers: Rows) -> Ranker:
        """The same where these answers were never stored; corpora without titles alone."""
        hidden = np.isin(self.statistics.answer_of, answers)
        body = FewerWords(self.lexicons[0], hidden)
        generator = replace(self.generator, index=Fewer(InMemory(self.fields), hidden), body=body)
        return Ranker(replace(self.analyzer, body=body), generator, Fusion.shipped())

    def asked(self, questions: Sequence[str]) -> list[Query]:
        """Questions made ready, their vectors from the cache."""
        vectors = self.embed(questions)
        return [self.analyzer.unscored(text, vector) for text, vector in zip(questions, vectors, strict=True)]
