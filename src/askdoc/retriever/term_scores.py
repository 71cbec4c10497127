"""Term scores: BM25 of a question's terms in one field, sparse over the rows in the terms' postings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from askdoc.index.bm25 import K1
from askdoc.index.protocol import PostingLists
from askdoc.retriever.array_types import AnyRows, Doubles, Floats, Mask, Rows, StoredRows
from askdoc.retriever.statistics import PASSAGE, QUESTION

MIN_DEVIATION = 1e-6
"""Scores that deviate less are all equal: their standardised score is 0."""
MIN_TOTAL = 1e-9
"""Stands for a sum of weights that is zero, so that shares of it are zero."""


@dataclass(frozen=True, slots=True)
class SparseScores:
    """One score of all rows of a field, kept for the rows (n,) where it is not 0.

    ``mean``, ``inverse_deviation``: over all rows; the second is 0 where all scores are equal.
    """

    scores: Floats
    mean: float
    inverse_deviation: float

    @classmethod
    def of(cls, scores: Floats, size: int) -> Self:
        """Measure the scores over a field of ``size`` rows."""
        rows = max(size, 1)
        mean = float(scores.sum()) / rows
        centred = scores - np.float32(mean)  # the difference of two near sums of squares would lose most digits
        deviation = ((float(centred @ centred) + (rows - len(scores)) * mean * mean) / rows) ** 0.5
        return cls(scores, mean, 1 / deviation if deviation >= MIN_DEVIATION else 0.0)

    def standardise(self, scores: Floats) -> Floats:
        """Some of the field's scores in standard deviations above the mean."""
        return (scores - np.float32(self.mean)) * np.float32(self.inverse_deviation)


class RowScores(NamedTuple):
    """Term scores of some rows, all (rows,), on scales that do not depend on the corpus.

    ``plain``, ``weighted``: standardised BM25, and the same where each term counts by its weight in the question;
    ``coverage``: the share of the terms' stakes that the row has; ``bm25_share``: its plain BM25 as a share of the most
    that any row could have; ``held`` (terms, rows): whether the row has each term.
    """

    plain: Floats
    weighted: Floats
    coverage: Floats
    bm25_share: Floats
    held: Mask


@dataclass(frozen=True, slots=True)
class TermScores:
    """BM25 of a question's terms in the rows of one field; rows that hold none of the terms have 0.

    ``postings``: the rows of each term, ascending; ``stakes`` (terms,): weight times rarity of each term;
    ``rows`` (n,): the rows in any of the postings, ascending; ``plain``, ``weighted``: the scores of these rows, with
    every term alike and by its weight; ``max_score``: the most that a row could have of the first.
    """

    postings: Sequence[StoredRows]
    stakes: Doubles
    rows: StoredRows
    plain: SparseScores
    weighted: SparseScores
    max_score: float

    @classmethod
    def of(cls, inverted_index: PostingLists, terms: Mapping[str, float]) -> Self:
        """Score terms with their weights."""
        postings = [inverted_index.postings(term) for term in terms]
        rarities = [inverted_index.rarity(term) for term in terms]
        weights = list(terms.values())
        rows, plain, weighted = _sums(postings, weights, inverted_index.size)
        return cls(
            [held for held, _ in postings],
            np.array([weight * rarity for weight, rarity in zip(weights, rarities, strict=True)]),
            rows,
            SparseScores.of(plain, inverted_index.size),
            SparseScores.of(weighted, inverted_index.size),
            max_score=max(sum(rarities), MIN_TOTAL) * (K1 + 1),
        )

    @property
    def known_share(self) -> float:
        """The share of all stakes whose terms the field has at all."""
        known = [bool(len(rows)) for rows in self.postings]
        return float(self.stakes[known].sum()) / self._total

    @property
    def _total(self) -> float:
        return max(float(self.stakes.sum()), MIN_TOTAL)

    def at(self, rows: AnyRows) -> RowScores:
        """The scores of any rows of the field."""
        wanted = rows.astype(np.int32, copy=False)  # else each look-up would convert all of a term's postings
        held = np.empty((len(self.postings), len(rows)), bool)
        for term, posting in enumerate(self.postings):
            held[term] = _find(wanted, posting)[1]
        places, found = _find(wanted, self.rows)
        plain, weighted = np.zeros((2, len(rows)), np.float32)
        plain[found] = self.plain.scores[places[found]]
        weighted[found] = self.weighted.scores[places[found]]
        # No product of matrices: on some processors numpy's warns of numbers that are not there.
        stakes = np.where(held, self.stakes[:, None], 0.0).sum(axis=0).astype(np.float32)
        return RowScores(
            plain=self.plain.standardise(plain),
            weighted=self.weighted.standardise(weighted),
            coverage=stakes / np.float32(self._total),
            bm25_share=plain / np.float32(self.max_score),
            held=held,
        )

    def top(self, k: int) -> Rows:
        """The ``k`` rows with the greatest sum of both standardised scores, best first; only rows that hold a term."""
        plain, weighted = self.plain, self.weighted
        scores = np.float32(plain.inverse_deviation) * plain.scores
        scores += np.float32(weighted.inverse_deviation) * weighted.scores
        # Ties go by row: the best are all that reach the kth score, in the order of their rows where they are equal.
        kth = np.partition(scores, len(scores) - k)[len(scores) - k] if k < len(scores) else -np.inf
        places = np.flatnonzero(scores >= kth)
        best = places[np.argsort(-scores[places], kind="stable")[:k]]
        return self.rows[best].astype(np.int64)


def _sums(
    postings: Sequence[tuple[StoredRows, Floats]], weights: Sequence[float], size: int
) -> tuple[StoredRows, Floats, Floats]:
    """The union of the postings, with the sum of each row's scores: every term alike, then by its weight; all (n,)."""
    counts = [len(rows) for rows, _ in postings]
    if not any(counts):
        nothing = np.zeros(0, np.float32)
        return np.zeros(0, np.int32), nothing, nothing
    rows = np.concatenate([rows for rows, _ in postings])
    scores = np.concatenate([scores for _, scores in postings])
    held = np.zeros(size, bool)
    held[rows] = True
    union = np.flatnonzero(held)
    place_of = np.empty(size, np.intp)  # only the places of the union's rows are written and read
    place_of[union] = np.arange(len(union))
    places = place_of[rows]
    plain = np.bincount(places, scores)
    weighted = np.bincount(places, scores * np.repeat(weights, counts))
    return union.astype(np.int32), plain.astype(np.float32), weighted.astype(np.float32)


def _find(rows: StoredRows, ascending: StoredRows) -> tuple[Rows, Mask]:
    """Look up rows (rows,) among others that ascend: where each would stand, and whether it does; both (rows,)."""
    if not len(ascending):
        return np.zeros(len(rows), np.int64), np.zeros(len(rows), bool)
    places = ascending.searchsorted(rows)
    return places, ascending.take(places, mode="clip") == rows


def term_scores(terms: Mapping[str, float], body: PostingLists, title: PostingLists) -> dict[str, TermScores]:
    """The term scores of both fields, by the field's name."""
    return {PASSAGE: TermScores.of(body, terms), QUESTION: TermScores.of(title, terms)}
