"""Holds a collection in memory for the retriever: vectors, words and statistics, without an index folder."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from askdoc.index.bm25 import InvertedIndex, Tokenizer, inverse_frequency
from askdoc.retriever.candidates import CandidateGenerator
from askdoc.retriever.fusion import Fusion
from askdoc.retriever.offline.prepare import InMemory
from askdoc.retriever.offline.title_quality import TitleAssessment
from askdoc.retriever.query import Query, QueryAnalyzer
from askdoc.retriever.query_adapter import QueryAdapter
from askdoc.retriever.ranking import Ranker
from askdoc.retriever.scope import Scope
from askdoc.retriever.statistics import PASSAGE, QUESTION, CollectionStatistics, ScoreDistribution
from askdoc.retriever.term_weights import TermWeights
from askdoc.retriever.topicality import Topicality
from training.embedding import CachedEmbedder

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
TOKENIZER = Tokenizer()


class FilteredVectors:
    """A vector index in which the hidden passages do not exist; ``hidden`` (passages,) says which."""

    def __init__(self, index: InMemory, hidden: NDArray[np.bool_]) -> None:
        self._index, self._hidden = index, hidden

    def search(self, field: str, queries: Floats, k: int) -> tuple[Floats, Rows]:
        """The ``k`` nearest rows of a field that are not hidden."""
        if field != PASSAGE:
            return self._index.search(field, queries, k)
        scores, rows = self._index.search(field, queries, k + int(self._hidden.sum()))
        kept = ~self._hidden[rows[0]]
        return scores[:, kept][:, :k], rows[:, kept][:, :k]

    def scores(self, field: str, queries: Floats, rows: Rows) -> Floats:
        """(queries, rows) inner products."""
        return self._index.scores(field, queries, rows)


class FilteredInvertedIndex(InvertedIndex):
    """An inverted index in which the hidden rows do not exist; what is rare is counted anew."""

    def __init__(self, whole: InvertedIndex, hidden: NDArray[np.bool_]) -> None:
        self.terms, self.size, self.unseen_idf = whole.terms, whole.size, whole.unseen_idf
        self._whole, self._hidden = whole, hidden

    def __contains__(self, term: str) -> bool:
        return len(self.postings(term)[0]) > 0

    def rarity(self, term: str) -> float:
        """The inverse document frequency of a term among the rows that are left."""
        return float(inverse_frequency(np.array([len(self.postings(term)[0])]), self.size)[0])

    def postings(self, term: str) -> tuple[NDArray[np.int32], Floats]:
        """The rows with a term that are left, and its weight in each."""
        rows, weights = self._whole.postings(term)
        kept = ~self._hidden[rows]
        return rows[kept], weights[kept]


_MADE: dict[tuple[object, ...], tuple[object, object]] = {}
"""What was made of each list of passages, or of it and an embedder: with titles and without, it is the same."""
Made = TypeVar("Made")


def _once(what: str, made_of: tuple[object, ...], make: Callable[[], Made]) -> Made:
    """What is made of some objects, told apart by their identity, made once."""
    key = (what, *map(id, made_of))
    if key not in _MADE:
        _MADE[key] = made_of, make()  # the objects stay, so that no others get their ids
    return cast(Made, _MADE[key][1])


def _inverted(passages: Sequence[Sequence[str]]) -> InvertedIndex:
    """The inverted index of passages, built once for each list of them."""
    texts = (TOKENIZER(text) for pieces in passages for text in pieces)
    return _once("inverted index", (passages,), lambda: InvertedIndex.build(texts))


@dataclass(frozen=True)
class InMemoryIndex:
    """One collection: ``passages[a]`` of each answer, ``question_of[a]``, and the titles of the questions, or none."""

    passages: Sequence[Sequence[str]]
    question_of: Sequence[int]
    titles: Sequence[str]
    """Those that say nothing are found and left out, as in an index."""
    embed: CachedEmbedder

    @cached_property
    def inverted(self) -> tuple[InvertedIndex, InvertedIndex]:
        """The inverted indexes of passages and of the titles that say something."""
        told = [self.titles[row] for row in self.titled.tolist()]
        return _inverted(self.passages), InvertedIndex.build(map(TOKENIZER, told))

    @cached_property
    def titled(self) -> Rows:
        """(titles,) the rows of the questions whose titles say something."""
        if not self.titles:
            return np.zeros(0, np.int64)
        page_of = np.repeat(self.question_of, [len(pieces) for pieces in self.passages])
        doctors = [""] * len(self.titles)
        vectors = self.embed(self.titles), self.passage_vectors
        return np.flatnonzero(~TitleAssessment(self.titles, doctors, self._texts, page_of, *vectors).uninformative())

    @property
    def _texts(self) -> list[str]:
        return [text for pieces in self.passages for text in pieces]

    @cached_property
    def passage_vectors(self) -> Floats:
        """(passages, d) the vectors of all passages."""
        return _once("vectors", (self.passages, self.embed), lambda: self.embed.documents(self._texts))

    @cached_property
    def fields(self) -> dict[str, Floats]:
        """The vectors of each field; without titles that say something, there is no field of titles."""
        fields = {PASSAGE: self.passage_vectors}
        if len(self.titled):
            fields[QUESTION] = self.embed([self.titles[row] for row in self.titled.tolist()])
        return fields

    @cached_property
    def statistics(self) -> CollectionStatistics:
        """The collection statistics; no answer is a copy of another, and none has votes."""
        answer_of = np.repeat(np.arange(len(self.passages)), [len(p) for p in self.passages]).astype(np.int32)
        vectors, made_of = self.fields[PASSAGE], (self.passages, self.embed)
        spread = {PASSAGE: _once("distribution", made_of, lambda: ScoreDistribution.build(vectors, answer_of))}
        if len(self.titled):
            rows = np.arange(len(self.titled), dtype=np.int32)
            spread[QUESTION] = ScoreDistribution.build(self.fields[QUESTION], rows)
        answers = np.arange(len(self.passages), dtype=np.int32)
        question_of = np.array(self.question_of if self.titles else answers, np.int32)
        title_of = np.full(int(question_of.max()) + 1, -1, np.int32)
        title_of[self.titled] = np.arange(len(self.titled))
        return CollectionStatistics.of(answer_of, question_of, spread, title_of=title_of)

    @cached_property
    def generator(self) -> CandidateGenerator:
        """Candidate generation over the whole collection."""
        topicality = Topicality.of(self.embed.tables)
        return CandidateGenerator(InMemory(self.fields), self.statistics, *self.inverted, topicality)

    @cached_property
    def analyzer(self) -> QueryAnalyzer:
        """Query analysis with the tables of the model that embeds."""
        return QueryAnalyzer(TOKENIZER, TermWeights.shipped(), QueryAdapter.of(self.embed.tables), *self.inverted)

    def ranker(self) -> Ranker:
        """What ranks the whole collection, with the tables of the model that embeds."""
        return Ranker(self.analyzer, self.generator, Fusion.of(self.embed.tables), Scope.of(self.embed.tables))

    def ranker_without(self, answers: Rows) -> Ranker:
        """What ranks the collection as if these answers were not stored; for collections without titles."""
        hidden = np.isin(self.statistics.answer_of, answers)
        body = FilteredInvertedIndex(self.inverted[0], hidden)
        generator = replace(self.generator, index=FilteredVectors(InMemory(self.fields), hidden), body=body)
        return replace(self.ranker(), analyzer=replace(self.analyzer, body=body), generator=generator)

    def queries(self, questions: Sequence[str]) -> list[Query]:
        """The questions as queries, their vectors from the cache."""
        vectors = self.embed(questions)
        return [self.analyzer.unscored(text, vector) for text, vector in zip(questions, vectors, strict=True)]
