"""The words of a question against one field: a score for every row, on scales that do not depend on the corpus."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from askdoc.index.bm25 import K1
from askdoc.index.protocol import PostingLists
from askdoc.retriever.statistics import PASSAGE, QUESTION

Floats = NDArray[np.float32]
Rows = NDArray[np.integer]

HEADS = (8.0, 4.0, 2.0, 1.0, -np.inf)
"""Standardised scores above which the best rows are sought, from the few to all."""


@dataclass(frozen=True, slots=True)
class Scores:
    """One kind of score for every row; told for the rows that matter alone, since most rows are never looked at."""

    raw: Floats
    mean: float
    deviation: float

    @classmethod
    def of(cls, raw: Floats) -> Self:
        """With mean and standard deviation over all rows."""
        rows = max(len(raw), 1)
        mean = float(raw.sum()) / rows
        return cls(raw, mean, max(float(raw @ raw) / rows - mean * mean, 0.0) ** 0.5)

    def standard(self, rows: Rows) -> Floats:
        """Standard deviations above the mean; 0 where all scores are equal."""
        return (self.raw[rows] - np.float32(self.mean)) * np.float32(self.scale)

    @property
    def scale(self) -> float:
        """What a raw score counts."""
        return 1 / self.deviation if self.deviation >= 1e-6 else 0.0


@dataclass(frozen=True, slots=True)
class TermScores:
    """The words' scores of one field: plain and weighted, and the weight covered.

    ``covered`` and ``most`` are what a row could have at most of the weights and of the plain scores.
    """

    plain: Scores
    weighted: Scores
    held: Floats
    covered: float
    most: float
    known: float
    lexicon: PostingLists

    @classmethod
    def of(cls, lexicon: PostingLists, terms: Mapping[str, float]) -> Self:
        """For stems with their weights."""
        most = covered = known = 0.0
        postings, weights, stakes, counts = [], [], [], []
        for term, weight in terms.items():
            rarity = lexicon.rarity(term)
            found = lexicon.postings(term)
            postings.append(found)
            weights.append(weight)
            stakes.append(weight * rarity)
            counts.append(len(found[0]))
            most += rarity
            covered += weight * rarity
            known += weight * rarity * (counts[-1] > 0)
        plain, weighted, held = np.zeros((3, lexicon.size), np.float32)
        if sum(counts):
            # All terms in one go: a sum for each term and score took three times as long.
            rows = np.concatenate([rows for rows, _ in postings])
            values = np.concatenate([values for _, values in postings])
            plain += np.bincount(rows, values, lexicon.size)
            weighted += np.bincount(rows, values * np.repeat(weights, counts), lexicon.size)
            held += np.bincount(rows, np.repeat(stakes, counts), lexicon.size)
        covered = max(covered, 1e-9)
        most = max(most, 1e-9) * (K1 + 1)
        return cls(Scores.of(plain), Scores.of(weighted), held, covered, most, known / covered, lexicon)

    def cover(self, rows: Rows) -> Floats:
        """The share of the words' weight that the rows have."""
        return self.held[rows] / np.float32(self.covered)

    def share(self, rows: Rows) -> Floats:
        """The plain scores as shares of the most that could be had."""
        return self.plain.raw[rows] / np.float32(self.most)

    def top(self, k: int) -> Rows:
        """The ``k`` best rows that have any of the words, best first."""
        scores = np.float32(self.plain.scale) * self.plain.raw
        scores += np.float32(self.weighted.scale) * self.weighted.raw
        usual = self.plain.scale * self.plain.mean + self.weighted.scale * self.weighted.mean
        rows = np.zeros(0, np.int64)
        # Most rows score alike, which makes a partition of all of them slow: only the head is looked at.
        for least in HEADS:
            rows = np.flatnonzero(scores >= least + usual)
            if len(rows) >= k:
                break
        rows = rows[self.held[rows] > 0]
        return rows[np.argsort(-scores[rows], kind="stable")[:k]]


def term_scores(terms: Mapping[str, float], body: PostingLists, title: PostingLists) -> dict[str, TermScores]:
    """The words' scores of both fields, by name."""
    return {PASSAGE: TermScores.of(body, terms), QUESTION: TermScores.of(title, terms)}
