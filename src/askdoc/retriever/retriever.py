"""Retrieves the answers that fit a query, as far as the confidence in them allows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import islice
from math import exp
from typing import Protocol, Self

import numpy as np

from askdoc.corpus import sources
from askdoc.index.bm25 import Tokenizer
from askdoc.index.documents import title_key
from askdoc.models import Confidence, Match, Passage, RelatedQuestion
from askdoc.retriever.array_types import Floats, Rows
from askdoc.retriever.artifacts import Artifacts
from askdoc.retriever.features import VectorSearch
from askdoc.retriever.highlight import AnalyzedSentences, Highlighter
from askdoc.retriever.placed_sentences import PlacedSentences
from askdoc.retriever.query import Query
from askdoc.retriever.ranking import CollapsedResult, RankedCandidates
from askdoc.retriever.related_questions import RelatedQuestions

UNCALIBRATED_BELOW = 20
"""Answered questions below which a corpus is too small to be calibrated on itself."""
CALIBRATED_FROM = 500
"""Answered questions from which a corpus is calibrated on itself alone."""
PARTIAL_COSINE, STRONG_COSINE = 0.45, 0.6
"""In a small corpus: the mean cosine to title and passage from which an answer fits in part, and from which it fits.

On the first page and on a corpus of two questions, covered questions had 0.51 to 0.73 and others at most 0.38.
"""
SCOPE_SLOPE = 2.0
"""How fast the certainty may rise with the scope's margin.

With 1 it hides what the confidence knows of an illness and its neighbours (31.2 instead of 28.7 % of MedQuAD's
questions pass without their topic); with 3 and more, requests that are just in scope lie among the surest.
"""
MAX_BEHIND = 3.0
"""An answer whose score falls so far behind the best one's is about something else and is not shown."""
RELEVANCE_DECAY = 4.0
"""An answer that falls so far behind the best one has its relevance divided by e."""
MAX_LOG_ODDS = 30.0
"""Greater log odds are clipped before they become a probability."""
QUOTABLES_KEPT = 1_024
"""Passages that are kept ready to be quoted, some 8 kB each. To read one and to split its answer into sentences takes
as long as to mark it for twenty questions."""


class PassageTexts(Protocol):
    """The stored texts, by row."""

    def passage(self, row: int) -> Passage: ...
    def related(self, row: int) -> RelatedQuestion: ...
    def rows_titled(self, title: str) -> list[int]: ...
    @property
    def answer_ids(self) -> Sequence[str]: ...


class SearchableIndex(VectorSearch, Protocol):
    """The opened index that the retriever searches: vectors by field, and the texts of their rows."""

    @property
    def documents(self) -> PassageTexts: ...


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The matches for a query: at most one of each answer, best first; none where the confidence is none.

    ``certainty`` is the number behind the confidence, as in ``Ranking``.
    """

    confidence: Confidence
    matches: tuple[Match, ...]
    related: tuple[RelatedQuestion, ...]
    certainty: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ids of the answers that fit a question, best first, each with its score, whether shown or not.

    ``confidence`` is that of the ``SearchResult``; ``certainty`` the number behind it, in log odds on the scale of the
    index's thresholds. Scores compare answers to one question, certainties compare questions.
    """

    confidence: Confidence
    answers: tuple[tuple[str, float], ...]
    certainty: float


@dataclass(frozen=True, slots=True)
class _Quotable:
    """A passage ready to be quoted: all that its match needs and no question decides.

    ``source``: where in the answer's body the lines of sources below the passage stand, or None.
    """

    passage: Passage
    title_key: str
    sentences: AnalyzedSentences
    source: tuple[int, int] | None

    @classmethod
    def read(cls, documents: PassageTexts, highlighter: Highlighter, row: int) -> Self:
        """Read a passage from its row."""
        passage = documents.passage(row)
        source = sources.ending(passage.answer.body)
        below = source if source and source[0] >= passage.end else None
        key, sentences = title_key(passage.question.title), highlighter.analyze(PlacedSentences.of(passage))
        return cls(passage, key, sentences, below)


class Retriever:
    """Relevance over one index and the artifacts that were prepared for it."""

    def __init__(self, index: SearchableIndex, artifacts: Artifacts) -> None:
        self._documents = index.documents
        self._ranker = artifacts.ranker(index)
        self._statistics = artifacts.statistics
        self._calibration = artifacts.calibration
        analyzer = self._ranker.analyzer
        self._related_questions = RelatedQuestions(index.documents, artifacts.statistics, analyzer.title)
        self._highlighter = Highlighter.of(artifacts.tables, Tokenizer(), analyzer.body)
        # Kept by row: nothing of a question, and no more than a server can hold for good.
        self._quotable = lru_cache(QUOTABLES_KEPT)(partial(_Quotable.read, index.documents, self._highlighter))

    def analyze(self, texts: Sequence[str], vectors: Callable[[], Floats]) -> list[Query]:
        """A query for each text.

        ``vectors`` waits for the texts' unit vectors (texts, d): it is called once, after all that needs none is done.
        """
        titled = [self._documents.rows_titled(text) for text in texts]
        queries = self._ranker.analyzer.analyze(texts, vectors)
        return [replace(query, same_title=rows) for query, rows in zip(queries, titled, strict=True)]

    def retrieve(self, queries: Sequence[Query], *, limits: Sequence[int]) -> list[SearchResult]:
        """The result of each query, with at most ``limits[n]`` matches; each field is searched once for all queries."""
        ranked = self._ranker.rank(queries)
        return [self._result(candidates, limit) for candidates, limit in zip(ranked, limits, strict=True)]

    def rank(self, query: Query, *, limit: int) -> Ranking:
        """The first ``limit`` answers in their order, before anything is held back or collapsed."""
        ranked = self._ranker.rank([query])[0]
        exact, certainty = self._exact_questions(ranked), self._certainty(ranked)
        order = islice(ranked.order(self._statistics, first=exact), limit)
        ids = self._documents.answer_ids
        answers = tuple((ids[int(ranked.candidates.answers[n])], float(ranked.scores[n])) for n in order)
        return Ranking(self._confidence(ranked, exact, certainty), answers, certainty)

    def decide(self, ranked: RankedCandidates) -> tuple[Confidence, float]:
        """The confidence in what was found for a query, and the certainty behind it, as in ``Ranking``."""
        certainty = self._certainty(ranked)
        return self._confidence(ranked, self._exact_questions(ranked), certainty), certainty

    def _result(self, ranked: RankedCandidates, limit: int) -> SearchResult:
        exact, certainty = self._exact_questions(ranked), self._certainty(ranked)
        confidence = self._confidence(ranked, exact, certainty)
        shown: Sequence[CollapsedResult] = ()
        if confidence is not Confidence.NONE:
            shown = ranked.collapsed(self._statistics, limit=limit, first=exact)
        fitting = [result for result in shown if self._fits(ranked, result, exact)]
        quotables = [self._quotable(int(ranked.candidates.passages[result.place])) for result in fitting]
        matches = self._matches(ranked, fitting, quotables, certainty)
        titles = {quotable.title_key for quotable in quotables}
        related = self._related_questions.of(ranked.query, ranked.candidates, shown=titles)
        return SearchResult(confidence, matches, related, certainty)

    def _fits(self, ranked: RankedCandidates, result: CollapsedResult, exact: Rows) -> bool:
        """Whether a result is near enough to the best one, or answers the very question that was asked."""
        question = self._statistics.question_of[ranked.candidates.answers[result.place]]
        return bool(self._behind(ranked, result) <= MAX_BEHIND or question in exact)

    @staticmethod
    def _behind(ranked: RankedCandidates, result: CollapsedResult) -> float:
        """How far a result's score falls behind the best one's."""
        return float(ranked.scores.max() - ranked.scores[result.place])

    def _exact_questions(self, ranked: RankedCandidates) -> Rows:
        """The rows of the stored questions whose title is the query's text."""
        query = ranked.query
        rows = self._documents.rows_titled(query.text) if query.same_title is None else query.same_title
        return np.array(rows, np.int64)

    def _certainty(self, ranked: RankedCandidates) -> float:
        """Log odds that the corpus answers the question, on the scale of the calibration's thresholds.

        Out of scope they lie below what is shown, whatever else speaks for an answer, and only just in scope not far
        above it.
        """
        return min(self._answered_odds(ranked), self._calibration.partial + SCOPE_SLOPE * ranked.scope_margin)

    def _answered_odds(self, ranked: RankedCandidates) -> float:
        """Log odds by the calibration; in a small corpus by the plain cosine to passage and title.

        A handful of pages say nothing of a corpus's statistics, so there the cosine decides; a few hundred say little,
        so there it can speak for an answer as well.
        """
        questions = int(self._statistics.answered.sum())
        calibrated = self._calibration.certainty(ranked.confidence_features)
        if questions >= CALIBRATED_FROM:
            return calibrated
        partial, strong = self._calibration.partial, self._calibration.strong
        above = ranked.candidates.cosines.mean(axis=1).max(initial=-1.0) - PARTIAL_COSINE
        plain = partial + float(above) * max(strong - partial, 1.0) / (STRONG_COSINE - PARTIAL_COSINE)
        return plain if questions < UNCALIBRATED_BELOW else max(plain, calibrated)

    def _confidence(self, ranked: RankedCandidates, exact: Rows, certainty: float) -> Confidence:
        """Strong where the very question is stored with an answer, none without candidates, else by the certainty."""
        if not len(ranked.candidates.answers):
            return Confidence.NONE
        answered = (self._statistics.question_of[ranked.candidates.answers, None] == exact).any()
        return Confidence.STRONG if answered else self._calibration.confidence(certainty)

    def _matches(
        self,
        ranked: RankedCandidates,
        results: Sequence[CollapsedResult],
        quotables: Sequence[_Quotable],
        certainty: float,
    ) -> tuple[Match, ...]:
        """The passages of some results, with what is marked in them."""
        marks = self._highlighter.highlight([quotable.sentences for quotable in quotables], ranked.query)
        return tuple(
            Match(
                quotable.passage,
                self._relevance(ranked, result, certainty),
                highlights,
                result.other_doctors,
                quotable.source,
            )
            for result, quotable, highlights in zip(results, quotables, marks, strict=True)
        )

    def _relevance(self, ranked: RankedCandidates, result: CollapsedResult, certainty: float) -> float:
        """The probability that the best result answers, reduced by how far this one falls behind it."""
        odds = max(-MAX_LOG_ODDS, min(MAX_LOG_ODDS, certainty - self._calibration.partial))
        best = 1 / (1 + exp(-odds))
        return best * exp(-self._behind(ranked, result) / RELEVANCE_DECAY)
