"""Ranks the candidates of a query by fused scores, near copies collapsed; no text is read."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Self

import numpy as np

from askdoc.index.bm25 import Tokenizer
from askdoc.index.protocol import PostingLists
from askdoc.models import Answer
from askdoc.retriever.array_types import Floats, Rows, StoredRows
from askdoc.retriever.candidates import CandidateGenerator
from askdoc.retriever.confidence import confidence_features
from askdoc.retriever.features import Candidates, VectorSearch
from askdoc.retriever.fusion import Fusion
from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.query import Query, QueryAnalyzer
from askdoc.retriever.query_adapter import QueryAdapter
from askdoc.retriever.scope import Scope
from askdoc.retriever.statistics import CollectionStatistics
from askdoc.retriever.term_weights import TermWeights
from askdoc.retriever.topicality import Topicality

NEAR_TIE = 0.05
"""Scores this near to the better one count as equal. A tie is never carried on from one pair to the next."""


@dataclass(frozen=True, slots=True)
class CollapsedResult:
    """A candidate to be shown for all its near copies: its place among the candidates.

    ``other_doctors``: how many doctors beside its own say nearly the same.
    """

    place: int
    other_doctors: int


def endorsement(answer: Answer) -> float:
    """Votes, acceptance and stars in one number from 0 to 3, for near-ties alone; what is not known counts nothing."""
    votes = max(answer.votes or 0, 0)
    stars = answer.author.rating or 0.0
    return float(answer.accepted) + votes / (votes + 5) + stars / 5


def ranked(scores: Floats, endorsements: Floats, *, near_tie: float = NEAR_TIE) -> Iterator[int]:
    """Places in order, best first. Among scores within ``near_tie`` of the best left, the better endorsed goes first.

    An answer therefore never passes one that is more relevant by more than ``near_tie``.
    """
    by_score = np.argsort(-scores, kind="stable").tolist()
    values, endorsed = scores.tolist(), endorsements.tolist()
    begin = 0
    while begin < len(by_score):
        end = begin + 1
        leader = values[by_score[begin]]
        while end < len(by_score) and leader - values[by_score[end]] <= near_tie:
            end += 1
        ties = by_score[begin:end]
        yield from sorted(ties, key=lambda place: (-endorsed[place], -values[place])) if len(ties) > 1 else ties
        begin = end


def collapse(order: Iterable[int], copies: StoredRows, doctors: StoredRows, *, limit: int) -> list[CollapsedResult]:
    """The first ``limit`` results: of near copies the best alone.

    ``copies``, ``doctors`` (n,): equal values are near copies, and answers by one doctor; ``order``: their places, best
    first.
    """
    first: dict[int, int] = {}
    copy_of = copies.tolist()
    for place in order:
        first.setdefault(copy_of[place], place)
        if len(first) == limit:
            break
    return [
        CollapsedResult(place, len(set(doctors[copies == copy].tolist())) - 1 if copy_of.count(copy) > 1 else 0)
        for copy, place in first.items()
    ]


@dataclass(frozen=True, slots=True)
class RankedCandidates:
    """The candidates of a query with their scores (n,) and the confidence's features of them.

    ``scope_margin``: how far the question is in scope, in log odds, as ``Scope.margin`` says; infinite where the model
    has no such table.
    """

    query: Query
    candidates: Candidates
    scores: Floats
    confidence_features: Floats
    scope_margin: float = inf

    def order(self, statistics: CollectionStatistics, *, first: Rows) -> Iterator[int]:
        """The candidates' places, best first; answers to the questions ``first`` stand before all others."""
        answers = self.candidates.answers
        scores = self.scores
        if len(first) and len(scores):
            own = (statistics.question_of[answers, None] == first).any(axis=1)
            scores = scores + np.where(own, np.ptp(scores) + 1, 0)
        return ranked(scores, statistics.endorsement[answers])

    def collapsed(self, statistics: CollectionStatistics, *, limit: int, first: Rows) -> list[CollapsedResult]:
        """The first ``limit`` results to show, near copies collapsed."""
        answers = self.candidates.answers
        copies, doctors = (rows[answers] for rows in statistics.copies)
        return collapse(self.order(statistics, first=first), copies, doctors, limit=limit)


@dataclass(frozen=True, slots=True)
class Ranker:
    """The stages of ranking over one corpus: analysis of the question, generation of candidates, fusion."""

    analyzer: QueryAnalyzer
    generator: CandidateGenerator
    fusion: Fusion
    scope: Scope | None = None

    @classmethod
    def of(
        cls,
        index: VectorSearch,
        statistics: CollectionStatistics,
        body: PostingLists,
        title: PostingLists,
        *,
        tables: ModelTables,
    ) -> Self:
        """With the tables of the model that the vectors are of, and the shipped ones that serve all models."""
        analyzer = QueryAnalyzer(Tokenizer(keeps=False), TermWeights.shipped(), QueryAdapter.of(tables), body, title)
        generator = CandidateGenerator(index, statistics, body, title, Topicality.of(tables))
        return cls(analyzer, generator, Fusion.of(tables), Scope.of(tables))

    def rank(self, queries: Sequence[Query]) -> list[RankedCandidates]:
        """The scored candidates of each query."""
        generated = self.generator.generate(queries)
        return [self.score(query, candidates) for query, candidates in zip(queries, generated, strict=True)]

    def score(self, query: Query, candidates: Candidates) -> RankedCandidates:
        """Fuse the features of one query's candidates."""
        scores = self.fusion.scores(candidates.features, candidates.titled if self.analyzer.title.size else None)
        features = confidence_features(query, candidates, scores)
        return RankedCandidates(query, candidates, scores, features, self._scope_margin(query, candidates, scores))

    def _scope_margin(self, query: Query, candidates: Candidates, scores: Floats) -> float:
        if self.scope is None or not len(scores):
            return inf
        return self.scope.margin(query.vector, float(candidates.cosines[scores.argmax()].max()))
