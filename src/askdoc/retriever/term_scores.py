"""The words of a question against one field: a score for every row, on scales that do not depend on the corpus."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from askdoc.lexical import K1, Lexicon
from askdoc.retriever.asking import Asked

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

HEADS = (8.0, 4.0, 2.0, 1.0, -np.inf)
"""Standardised scores above which the best rows are sought, from the few to all."""


@dataclass(frozen=True, slots=True)
class TermScores:
    """The words' scores of one field: plain and weighted, standardised over all rows, and the weight covered."""

    plain: Floats
    weighted: Floats
    cover: Floats
    share: Floats
    known: float
    lexicon: Lexicon

    @classmethod
    def of(cls, lexicon: Lexicon, asked: Asked) -> "TermScores":
        plain, weighted, cover = (np.zeros(lexicon.size, np.float32) for _ in range(3))
        most = weighed = known = 0.0
        for term, weight in asked.terms.items():
            rarity = lexicon.rarity(term)
            rows, values = lexicon.postings(term)
            plain[rows] += values
            weighted[rows] += np.float32(weight) * values
            cover[rows] += np.float32(weight * rarity)
            most += rarity
            weighed += weight * rarity
            known += weight * rarity * (len(rows) > 0)
        cover /= max(weighed, 1e-9)
        share = plain / np.float32(max(most, 1e-9) * (K1 + 1))
        return cls(_standard(plain), _standard(weighted), cover, share, known / max(weighed, 1e-9), lexicon)

    def top(self, k: int) -> Rows:
        """The ``k`` best rows that have any of the words, best first."""
        scores = self.plain + self.weighted
        rows = np.zeros(0, np.int64)
        # Most rows score alike, which makes a partition of all of them slow: only the head is looked at.
        for least in HEADS:
            rows = np.flatnonzero(scores >= least)
            if len(rows) >= k:
                break
        rows = rows[self.cover[rows] > 0]
        return rows[np.argsort(-scores[rows], kind="stable")[:k]]


def _standard(scores: Floats) -> Floats:
    """Standard deviations above the mean; 0 where all scores are equal."""
    if not len(scores):
        return scores
    deviation = float(scores.std())
    if deviation < 1e-6:
        return np.zeros_like(scores)
    standard: Floats = (scores - scores.mean()) / np.float32(deviation)
    return standard
