"""Generates candidates for a query: the passages and questions nearest in meaning and in words."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from askdoc.index.protocol import PostingLists
from askdoc.retriever.features import DEEPER, Candidates, FeatureExtractor, Floats, Rows, VectorSearch
from askdoc.retriever.query import Query
from askdoc.retriever.statistics import PASSAGE, QUESTION, CollectionStatistics
from askdoc.retriever.term_scores import term_scores

NEAR_PASSAGES, NEAR_QUESTIONS = 80, 30
WORD_PASSAGES, WORD_QUESTIONS = 50, 20
ANSWERS_OF_QUESTION = 50
PASSAGES_OF_ANSWER = 8
"""So many passages of an answer are weighed, from its beginning; those that a search named count anyhow."""


ASIDE_FROM = 8_000
"""From so many questions on, their field is searched while the passages are: it takes longer than waking a thread."""


@cache
def _aside() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="askdoc-search")


@dataclass(frozen=True, slots=True)
class CandidateGenerator:
    """Finds the candidates in one index."""

    index: VectorSearch
    statistics: CollectionStatistics
    body: PostingLists
    title: PostingLists

    def collect(self, questions: Sequence[Query]) -> list[Candidates]:
        """The answers worth weighing for each question, and their signals; each field is searched once for all."""
        if not questions:
            return []
        middles = np.concatenate([asked.middle for asked in questions])
        deep = self._deep(NEAR_QUESTIONS)
        if self.statistics.rows(QUESTION) < ASIDE_FROM:
            near = self._near(QUESTION, middles, deep)
            passages = self._near(PASSAGE, middles, NEAR_PASSAGES)
        else:
            titles = _aside().submit(self._near, QUESTION, middles, deep)
            passages = self._near(PASSAGE, middles, NEAR_PASSAGES)
            near = titles.result()
        near = [self._answered(rows, NEAR_QUESTIONS) for rows in near]
        return [self._candidates(*found) for found in zip(questions, near, passages, strict=True)]

    def _deep(self, k: int) -> int:
        """How many questions must be sought so that ``k`` of them are answered, mostly."""
        return k + min(int((~self.statistics.answered).sum()), DEEPER * k)

    def _answered(self, questions: NDArray[np.integer], k: int) -> Rows:
        found: Rows = questions[self.statistics.answered[questions]][:k].astype(np.int64)
        return found

    def _near(self, field: str, middles: Floats, k: int) -> list[Rows]:
        if not self.statistics.rows(field):
            return [np.zeros(0, np.int64)] * len(middles)
        _, rows = self.index.search(field, middles, k)
        return [line[line >= 0] for line in rows]

    def _candidates(self, asked: Query, near: Rows, passages: Rows) -> Candidates:
        statistics = self.statistics
        words = asked.words or term_scores(asked.terms, self.body, self.title)
        worded = self._answered(words[QUESTION].top(self._deep(WORD_QUESTIONS)), WORD_QUESTIONS)
        questions = np.concatenate([near, worded])
        named = np.concatenate([passages, words[PASSAGE].top(WORD_PASSAGES)])
        of_questions = _ranges(statistics.answers_from, questions, ANSWERS_OF_QUESTION)
        answers = _once(statistics.answer_of[named], of_questions)
        rows = _once(named, _ranges(statistics.first_of, answers, PASSAGES_OF_ANSWER))
        owners = statistics.answer_of[rows]
        starts = np.flatnonzero(np.diff(owners, prepend=-1))
        return FeatureExtractor(
            self.index, statistics, asked, owners[starts].astype(np.int64), rows, starts, words
        ).candidates(near)


def _once(one: NDArray[np.integer], other: NDArray[np.integer]) -> Rows:
    """What is in either, ascending, each once. Numpy's own way takes four times as long for some hundred numbers."""
    both = np.concatenate([one, other]).astype(np.int64)
    both.sort()
    kept = np.ones(len(both), bool)
    np.not_equal(both[1:], both[:-1], out=kept[1:])
    found: Rows = both[kept]
    return found


def _ranges(starts: Rows, which: Rows, most: int) -> Rows:
    """The first ``most`` places of the named ranges, one after the other."""
    lengths = np.minimum(starts[which + 1] - starts[which], most)
    offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    found: Rows = np.repeat(starts[which], lengths) + offsets
    return found
