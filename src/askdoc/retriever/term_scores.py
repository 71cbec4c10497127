"""Term scores: BM25 of a question's terms in one field, sparse over the rows in the terms' postings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from askdoc.index.bm25 import K1, InvertedIndex
from askdoc.retriever.arrays import AnyRows, Floats, Rows, StoredRows
from askdoc.retriever.statistics import PASSAGE, QUESTION

HEADS = (8.0, 4.0, 2.0, 1.0, -np.inf)
"""Standardised scores above which the best rows are sought, one after another until enough are found."""
PLAIN, WEIGHTED, MATCHED = range(3)
MIN_DEVIATION = 1e-6
"""Scores that deviate less are all equal: their standardised score is 0."""


class Scale(NamedTuple):
    """Mean of a score over all rows of a field, and the inverse of its standard deviation (0: all are equal)."""

    mean: float
    inverse_deviation: float

    @classmethod
    def of(cls, scores: Floats, size: int) -> Self:
        """For a field of ``size`` rows, of which all have score 0 but those with ``scores``."""
        rows = max(size, 1)
        mean = float(scores.sum()) / rows
        deviation = max(float(scores @ scores) / rows - mean * mean, 0.0) ** 0.5
        return cls(mean, 1 / deviation if deviation >= MIN_DEVIATION else 0.0)

    def standardise(self, scores: Floats) -> Floats:
        """The scores in standard deviations above the mean."""
        return (scores - np.float32(self.mean)) * np.float32(self.inverse_deviation)


class RowScores(NamedTuple):
    """Term scores of some rows, all (rows,): on scales that do not depend on the corpus.

    ``plain``, ``weighted``: standardised BM25, and the same where each term counts by its weight in the question;
    ``coverage``: the share of the terms' weight times rarity that the row has; ``bm25_share``: its plain BM25 as a
    share of the most that any row could have.
    """

    plain: Floats
    weighted: Floats
    coverage: Floats
    bm25_share: Floats


@dataclass(frozen=True, slots=True)
class TermScores:
    """Scores of the rows that hold any of a question's terms; all other rows have none.

    ``rows`` (n,) ascending; ``scores`` (3, n): plain and weighted BM25, and the weight times rarity of the terms held;
    ``total_weight``, ``max_score``: what a row could have at most of the third and of the first; ``known_share``: the
    share of ``total_weight`` whose terms the field has at all.
    """

    inverted_index: InvertedIndex
    rows: StoredRows
    scores: Floats
    plain: Scale
    weighted: Scale
    total_weight: float
    max_score: float
    known_share: float

    @classmethod
    def of(cls, inverted_index: InvertedIndex, terms: Mapping[str, float]) -> Self:
        """For terms with their weights."""
        rarities = {term: inverted_index.rarity(term) for term in terms}
        postings = {term: inverted_index.postings(term) for term in terms}
        stakes = {term: weight * rarities[term] for term, weight in terms.items()}
        known = sum(stakes[term] for term, (rows, _) in postings.items() if len(rows))
        total = max(sum(stakes.values()), 1e-9)
        rows, scores = _summed(list(postings.values()), list(terms.values()), list(stakes.values()))
        return cls(
            inverted_index,
            rows,
            scores,
            Scale.of(scores[PLAIN], inverted_index.size),
            Scale.of(scores[WEIGHTED], inverted_index.size),
            total_weight=total,
            max_score=max(sum(rarities.values()), 1e-9) * (K1 + 1),
            known_share=known / total,
        )

    def at(self, rows: AnyRows) -> RowScores:
        """The scores of any rows of the field."""
        scores = np.zeros((3, len(rows)), np.float32)
        if len(self.rows):
            places = np.minimum(self.rows.searchsorted(rows.astype(self.rows.dtype)), len(self.rows) - 1)
            np.multiply(self.scores[:, places], self.rows[places] == rows, out=scores)
        return RowScores(
            plain=self.plain.standardise(scores[PLAIN]),
            weighted=self.weighted.standardise(scores[WEIGHTED]),
            coverage=scores[MATCHED] / np.float32(self.total_weight),
            bm25_share=scores[PLAIN] / np.float32(self.max_score),
        )

    def top(self, k: int) -> Rows:
        """The ``k`` rows with the greatest sum of plain and weighted score, best first; only rows that have any."""
        plain, weighted = self.plain, self.weighted
        scores = np.float32(plain.inverse_deviation) * self.scores[PLAIN]
        scores += np.float32(weighted.inverse_deviation) * self.scores[WEIGHTED]
        mean = plain.inverse_deviation * plain.mean + weighted.inverse_deviation * weighted.mean
        places = np.zeros(0, np.int64)
        # Most rows score alike, which makes a partition of all of them slow: only the head is looked at.
        for head in HEADS:
            places = np.flatnonzero(scores >= head + mean)
            if len(places) >= k:
                break
        best = places[np.argsort(-scores[places], kind="stable")[:k]]
        return self.rows[best].astype(np.int64)


def _summed(
    postings: list[tuple[StoredRows, Floats]], weights: list[float], stakes: list[float]
) -> tuple[StoredRows, Floats]:
    """The rows in any of the postings, ascending, and their three sums over the terms: (n,), (3, n)."""
    counts = [len(rows) for rows, _ in postings]
    if not sum(counts):
        return np.zeros(0, np.int32), np.zeros((3, 0), np.float32)
    rows, places = np.unique(np.concatenate([rows for rows, _ in postings]), return_inverse=True)
    values = np.concatenate([values for _, values in postings])
    scores = np.empty((3, len(rows)), np.float32)
    scores[PLAIN] = np.bincount(places, values)
    scores[WEIGHTED] = np.bincount(places, values * np.repeat(weights, counts))
    scores[MATCHED] = np.bincount(places, np.repeat(stakes, counts))
    return rows, scores


def term_scores(terms: Mapping[str, float], body: InvertedIndex, title: InvertedIndex) -> dict[str, TermScores]:
    """The term scores of both fields, by the field's name."""
    return {PASSAGE: TermScores.of(body, terms), QUESTION: TermScores.of(title, terms)}
