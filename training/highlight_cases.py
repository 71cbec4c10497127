"""Scores which sentences are marked: the cases of mas_valid, and how a choice agrees with that of experts.

Every answer is cut into passages and every passage into sentences as they are served. Sentences of three words or fewer
are left out, on both sides. ``python -m training.fit_highlight`` prints the figures.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from askdoc.corpus import passages
from askdoc.index.bm25 import InvertedIndex, Tokenizer
from askdoc.models import Answer, Passage, Question, Source
from askdoc.retriever.placed_sentences import LEAST_WORDS, PlacedSentences
from training.datasets import MOST_TOKENS, lengths, plain, rows

SHARE = 0.25
"""The share of all sentences that is chosen, so that precision and recall of two rules can be compared."""
DRAWS = 4_000
"""Draws of the questions, with replacement, for an interval of 95 %."""
Chosen = Sequence[NDArray[np.bool_]]
"""(sentences,) of each case: whether each is marked."""


@dataclass(frozen=True)
class HighlightCase:
    """A question, the passages of all its answers, and ``gold``: the sentences that experts took, in plain letters."""

    question: str
    passages: list[PlacedSentences]
    gold: list[str]

    @cached_property
    def counted(self) -> list[NDArray[np.bool_]]:
        """(sentences,) of each passage: whether each has words enough to count."""
        return [np.array([_words(text) >= LEAST_WORDS for text in one.texts], bool) for one in self.passages]

    @cached_property
    def sentences(self) -> list[str]:
        """The sentences of all passages that count, in plain letters, one passage after another."""
        return [
            plain(text)
            for one, counted in zip(self.passages, self.counted, strict=True)
            for text, counts in zip(one.texts, counted, strict=True)
            if counts
        ]

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """(sentences,) the place of each in its answer."""
        every = [one.first + np.flatnonzero(counted) for one, counted in zip(self.passages, self.counted, strict=True)]
        return np.concatenate(every)

    @cached_property
    def agreement(self) -> NDArray[np.bool_]:
        """(sentences, gold) whether one of the two contains the other."""
        return np.array([[text in gold or gold in text for gold in self.gold] for text in self.sentences], bool)

    @property
    def truth(self) -> NDArray[np.bool_]:
        """(sentences,) whether an expert took each."""
        return np.array([one.any() for one in self.agreement], bool)

    def score(self, marks: NDArray[np.bool_]) -> tuple[float, float]:
        """Precision and recall of the marked sentences (sentences,)."""
        right = self.agreement[marks]
        return float(right.any(axis=1).mean()) if marks.any() else 0.0, float(right.any(axis=0).mean())


def cases() -> list[HighlightCase]:
    """The cases of mas_valid."""
    return [
        HighlightCase(
            row["question"],
            [placed for answer in row["answers"] for placed in placed_passages(row["question"], answer["body"])],
            [plain(text) for text in re.split(r"(?<=[.!?])\s+", row["extractive"]) if _words(text) >= LEAST_WORDS],
        )
        for row in rows("mas_valid")
    ]


def placed_passages(title: str, body: str) -> list[PlacedSentences]:
    """The passages of an answer as the index cuts them, with their sentences."""
    answer = Answer("a", body)
    page = Question("q", title, Source("mas_valid", 1), answers=(answer,))
    cut = passages.spans(body, measure=lengths, limit=MOST_TOKENS)
    return [PlacedSentences.of(Passage(page, answer, start, end)) for start, end in cut]


def _words(text: str) -> int:
    return len(plain(text).split())


def quarter(scores: Sequence[NDArray[np.floating]]) -> Chosen:
    """Choose ``SHARE`` of all sentences together, the highest scores first, and at least one of each question."""
    together = np.sort(np.concatenate(scores))[::-1]
    least = together[round(SHARE * len(together)) - 1]
    return [(one >= least) | (one == one.max()) for one in scores]


def f1(measured: NDArray[np.float64]) -> tuple[float, float, float]:
    """Precision, recall and F1 of their means, in percent, from (questions, 2) precision and recall."""
    p, r = 100 * measured.mean(axis=0)
    return float(p), float(r), float(2 * p * r / (p + r))


def measured(judged: Sequence[HighlightCase], chosen: Chosen) -> NDArray[np.float64]:
    """(questions, 2) precision and recall of a choice."""
    return np.array([case.score(marks) for case, marks in zip(judged, chosen, strict=True)])


def interval(ours: NDArray[np.float64], other: NDArray[np.float64]) -> tuple[float, float]:
    """The interval of 95 % of the difference of two F1, by paired bootstrap of the questions."""
    draw = np.random.default_rng(0)
    picks = draw.integers(0, len(ours), (DRAWS, len(ours)))
    low, high = np.percentile([f1(ours[pick])[2] - f1(other[pick])[2] for pick in picks], [2.5, 97.5])
    return float(low), float(high)


def first_three(judged: Sequence[HighlightCase]) -> Chosen:
    """The first three sentences of each answer."""
    return [case.places < 3 for case in judged]


def by_bm25(judged: Sequence[HighlightCase]) -> Chosen:
    """The quarter of the sentences that BM25 puts first, among the sentences of all questions."""
    tokenizer = Tokenizer()
    index = InvertedIndex.build(tokenizer(text) for case in judged for text in case.sentences)
    ends = np.cumsum([len(case.sentences) for case in judged])
    scores = []
    for case, end in zip(judged, ends, strict=True):
        every = np.zeros(ends[-1])
        for stem in set(tokenizer(case.question)):
            places, weights = index.postings(stem)
            every[places] += weights
        scores.append(every[end - len(case.sentences) : end])
    return quarter(scores)
