"""Generates the candidates for a query: answers whose passages or questions are nearest in meaning or in words."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np

from askdoc.index.protocol import PostingLists
from askdoc.retriever.array_types import AnyRows, Floats, Rows
from askdoc.retriever.features import Candidates, FeatureExtractor, Pool, VectorSearch
from askdoc.retriever.query import Query
from askdoc.retriever.statistics import PASSAGE, QUESTION, CollectionStatistics
from askdoc.retriever.term_scores import term_scores
from askdoc.retriever.topicality import Topicality

NEAREST_PASSAGES, NEAREST_QUESTIONS = 80, 30
"""How many rows the search by vector gives of each field."""
WORD_PASSAGES, WORD_QUESTIONS = 50, 20
"""How many rows the search by words gives of each field."""
ANSWERS_OF_QUESTION = 50
"""Answers of a found question that become candidates."""
PASSAGES_OF_ANSWER = 8
"""Passages of an answer that are weighed, from its beginning, beside those that a search found."""
MAX_OVERSAMPLING = 9
"""Questions beyond ``k`` that are sought to get ``k`` answered ones: at most so many times ``k``."""
PARALLEL_FROM = 8_000
"""From this many questions on, search titles on a second thread: the search takes longer than waking a thread."""


@cache
def _second_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="askdoc-search")


@dataclass(frozen=True, slots=True)
class CandidateGenerator:
    """Generates candidates from one index; ``topicality`` is None where no table fits its model."""

    index: VectorSearch
    statistics: CollectionStatistics
    body: PostingLists
    title: PostingLists
    topicality: Topicality | None = None

    def generate(self, queries: Sequence[Query]) -> list[Candidates]:
        """The candidates of each query with their features; each field is searched once for all queries."""
        if not queries:
            return []
        vectors = np.concatenate([query.search_vector for query in queries])
        depth = self._depth(NEAREST_QUESTIONS)
        if self.statistics.rows(QUESTION) < PARALLEL_FROM:
            questions = self._nearest(QUESTION, vectors, depth)
            passages = self._nearest(PASSAGE, vectors, NEAREST_PASSAGES)
        else:
            searched = _second_thread().submit(self._nearest, QUESTION, vectors, depth)
            passages = self._nearest(PASSAGE, vectors, NEAREST_PASSAGES)
            questions = searched.result()
        answered = [self._answered(titles, NEAREST_QUESTIONS) for titles in questions]
        return [self._candidates(*parts) for parts in zip(queries, answered, passages, strict=True)]

    def _depth(self, k: int) -> int:
        """How many titles must be sought so that ``k`` of their questions are answered, mostly."""
        return k + min(self.statistics.unanswered_titles, MAX_OVERSAMPLING * k)

    def _answered(self, titles: AnyRows, k: int) -> Rows:
        """The first ``k`` of the titles' questions that are answered."""
        questions = self.statistics.titled[titles]
        return questions[self.statistics.answered[questions]][:k]

    def _nearest(self, field: str, vectors: Floats, k: int) -> list[Rows]:
        """The ``k`` rows nearest to each vector, nearest first; none where the field is not stored."""
        if not self.statistics.rows(field):
            return [np.zeros(0, np.int64)] * len(vectors)
        _, nearest = self.index.search(field, vectors, k)
        return [rows[rows >= 0] for rows in nearest]

    def _candidates(self, query: Query, nearest_questions: Rows, nearest_passages: Rows) -> Candidates:
        words = query.term_scores or term_scores(query.terms, self.body, self.title)
        word_questions = self._answered(words[QUESTION].top(self._depth(WORD_QUESTIONS)), WORD_QUESTIONS)
        questions = np.concatenate([nearest_questions, word_questions])
        passages = np.concatenate([nearest_passages, words[PASSAGE].top(WORD_PASSAGES)])
        pool = self._pool(questions, passages)
        extractor = FeatureExtractor(self.index, self.statistics, query, pool, words, self.topicality)
        return extractor.candidates(nearest_questions)

    def _pool(self, questions: Rows, passages: Rows) -> Pool:
        """The answers that questions or passages lead to, with the passages to weigh of each."""
        statistics = self.statistics
        of_questions = _ranges(statistics.answer_starts, questions, ANSWERS_OF_QUESTION)
        answers = _union(statistics.answer_of[passages], of_questions)
        return Pool.of(_union(passages, _ranges(statistics.passage_starts, answers, PASSAGES_OF_ANSWER)), statistics)


def _union(some: AnyRows, others: AnyRows) -> Rows:
    """The rows in either, ascending, each once. ``np.union1d`` takes four times as long for some hundred rows."""
    both = np.concatenate([some, others]).astype(np.int64)
    both.sort()
    kept = np.ones(len(both), bool)
    np.not_equal(both[1:], both[:-1], out=kept[1:])
    union: Rows = both[kept]
    return union


def _ranges(starts: Rows, which: Rows, most: int) -> Rows:
    """The first ``most`` places of the named ranges, one range after the other."""
    begins = starts[which]
    lengths = np.minimum(starts[which + 1] - begins, most)
    ends = lengths.cumsum()
    places: Rows = np.repeat(begins - (ends - lengths), lengths)
    places += np.arange(len(places))
    return places
