"""Term scores: BM25 of a question's terms in the rows of one field.

Up to ``MOST_SPARSE`` rows they are kept for every row in the terms' postings. In a larger field those are hundreds of
thousands: there they are added up in single precision in one array over all rows, which gives mean, deviation and the
best rows and is then let go, and the rows that are asked for are scored anew from the postings.
"""

from abc import ABC, abstractmethod
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
SUMS_NOISE = 1e-3
"""A deviation so small beside the mean is lost in the difference of two sums in single precision."""
MIN_TOTAL = 1e-9
"""Stands for a sum of weights that is zero, so that shares of it are zero."""
MOST_SPARSE = 50_000
"""The most rows of a field whose scores are kept: as many as have every vector compared."""
BEST = 256
"""The best rows of a larger field that are kept: more than anybody asks for."""
SAMPLED = 64
"""One in so many rows of a larger field is looked at to tell which scores may be among the best."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Mean of one score over all rows of a field, and the inverse of its deviation: 0 where all scores are equal."""

    mean: float
    inverse_deviation: float

    @classmethod
    def of(cls, scores: Floats, size: int) -> Self:
        """Measure the scores (n,) of a field of ``size`` rows; those of all others are 0."""
        rows = max(size, 1)
        mean = float(scores.sum()) / rows
        centred = scores - np.float32(mean)  # the difference of two near sums of squares would lose most digits
        deviation = ((float(centred @ centred) + (rows - len(scores)) * mean * mean) / rows) ** 0.5
        return cls(mean, 1 / deviation if deviation >= MIN_DEVIATION else 0.0)

    @classmethod
    def of_all(cls, scores: Floats) -> Self:
        """Measure the scores of all rows, many of them 0: there the difference of two sums of squares tells enough."""
        rows = max(len(scores), 1)
        mean = float(scores.sum()) / rows
        variance = float(scores @ scores) / rows - mean * mean
        noise = max(MIN_DEVIATION, SUMS_NOISE * mean) ** 2
        return cls(mean, variance**-0.5 if variance > noise else 0.0)

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
class TermScores(ABC):
    """BM25 of a question's terms in the rows of one field; rows that hold none of the terms have 0.

    ``postings``: the rows that hold each term, ascending, with its BM25 weight in each; ``weights``: of the terms in
    the question; ``stakes`` (terms,): weight times rarity of each; ``max_score``: the most that BM25 of all could be;
    the scales are of the scores with every term alike, and by its weight.
    """

    postings: Sequence[tuple[StoredRows, Floats]]
    weights: Sequence[float]
    stakes: Doubles
    max_score: float
    plain_scale: Scale
    weighted_scale: Scale

    @property
    def known_share(self) -> float:
        """The share of all stakes whose terms the field has at all."""
        known = [bool(len(rows)) for rows, _ in self.postings]
        return float(self.stakes[known].sum()) / self._total

    @property
    def _total(self) -> float:
        return max(float(self.stakes.sum()), MIN_TOTAL)

    @abstractmethod
    def top(self, k: int) -> Rows:
        """The ``k`` rows with the greatest sum of both standardised scores, best first; only rows that hold a term."""

    @abstractmethod
    def at(self, rows: AnyRows) -> RowScores:
        """The scores of any rows of the field."""

    def _row_scores(self, plain: Floats, weighted: Floats, held: Mask) -> RowScores:
        """The scores of some rows on scales that do not depend on the corpus."""
        # No product of matrices: on some processors numpy's warns of numbers that are not there.
        stakes = np.where(held, self.stakes[:, None], 0.0).sum(axis=0).astype(np.float32)
        return RowScores(
            plain=self.plain_scale.standardise(plain),
            weighted=self.weighted_scale.standardise(weighted),
            coverage=stakes / np.float32(self._total),
            bm25_share=plain / np.float32(self.max_score),
            held=held,
        )


@dataclass(frozen=True, slots=True)
class SparseTermScores(TermScores):
    """Term scores of a field of few rows.

    ``rows`` (n,): those in any of the postings, ascending; ``plain``, ``weighted`` (n,): their scores.
    """

    rows: StoredRows
    plain: Floats
    weighted: Floats

    @classmethod
    def of(cls, inverted_index: PostingLists, terms: Mapping[str, float]) -> Self:
        """Score terms with their weights."""
        postings, weights, stakes, max_score = _looked_up(inverted_index, terms)
        size = inverted_index.size
        rows, plain, weighted = _sums(postings, weights, size)
        scales = Scale.of(plain, size), Scale.of(weighted, size)
        return cls(postings, weights, stakes, max_score, *scales, rows, plain, weighted)

    def at(self, rows: AnyRows) -> RowScores:
        """The scores of any rows of the field."""
        wanted = rows.astype(np.int32, copy=False)  # else each look-up would convert all of a term's postings
        held = np.empty((len(self.postings), len(rows)), bool)
        for term, (posting, _) in enumerate(self.postings):
            held[term] = _find(wanted, posting)[1]
        places, found = _find(wanted, self.rows)
        plain, weighted = np.zeros((2, len(rows)), np.float32)
        plain[found] = self.plain[places[found]]
        weighted[found] = self.weighted[places[found]]
        return self._row_scores(plain, weighted, held)

    def top(self, k: int) -> Rows:
        """The ``k`` best rows, best first."""
        scores = np.float32(self.plain_scale.inverse_deviation) * self.plain
        scores += np.float32(self.weighted_scale.inverse_deviation) * self.weighted
        return self.rows[_greatest(scores, k)].astype(np.int64)


@dataclass(frozen=True, slots=True)
class DenseTermScores(TermScores):
    """Term scores of a field of many rows, of which the ``BEST`` best, best first, are kept."""

    best: Rows

    @classmethod
    def of(cls, inverted_index: PostingLists, terms: Mapping[str, float]) -> Self:
        """Score terms with their weights."""
        postings, weights, stakes, max_score = _looked_up(inverted_index, terms)
        plain, weighted = np.zeros((2, inverted_index.size), np.float32)
        for (rows, scores), weight in zip(postings, weights, strict=True):
            places = rows.astype(np.intp)
            np.add.at(plain, places, scores)
            np.add.at(weighted, places, scores * np.float32(weight))
        scales = Scale.of_all(plain), Scale.of_all(weighted)
        factors = [scale.inverse_deviation for scale in scales]
        best = _greatest_sums(plain, weighted, factors, max(weights, default=0.0))
        return cls(postings, weights, stakes, max_score, *scales, best)

    def at(self, rows: AnyRows) -> RowScores:
        """The scores of any rows of the field, added up from the postings."""
        wanted = rows.astype(np.int32, copy=False)
        held = np.empty((len(self.postings), len(rows)), bool)
        plain, weighted = np.zeros((2, len(rows)))
        for term, ((posting, scores), weight) in enumerate(zip(self.postings, self.weights, strict=True)):
            places, held[term] = _find(wanted, posting)
            if held[term].any():
                own = np.where(held[term], scores.take(places, mode="clip"), 0.0)
                plain += own
                weighted += own * weight
        return self._row_scores(plain.astype(np.float32), weighted.astype(np.float32), held)

    def top(self, k: int) -> Rows:
        """The ``k`` best rows, best first. Raises ValueError for more than are kept."""
        if k > BEST:
            raise ValueError(f"{k} best rows are asked for, and {BEST} are kept")
        return self.best[:k]


def _looked_up(
    inverted_index: PostingLists, terms: Mapping[str, float]
) -> tuple[list[tuple[StoredRows, Floats]], list[float], Doubles, float]:
    """The first four values of ``TermScores``."""
    rarities = [inverted_index.rarity(term) for term in terms]
    weights = list(terms.values())
    stakes = np.array([weight * rarity for weight, rarity in zip(weights, rarities, strict=True)])
    return [inverted_index.postings(term) for term in terms], weights, stakes, max(sum(rarities), MIN_TOTAL) * (K1 + 1)


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


def _greatest(scores: Floats, k: int) -> Rows:
    """The places of the ``k`` greatest scores, greatest first; equal ones in their order."""
    kth = np.partition(scores, len(scores) - k)[len(scores) - k] if k < len(scores) else -np.inf
    places = np.flatnonzero(scores >= kth)
    best: Rows = places[np.argsort(-scores[places], kind="stable")[:k]]
    return best


def _greatest_sums(plain: Floats, weighted: Floats, factors: Sequence[float], max_weight: float) -> Rows:
    """The ``BEST`` rows with the greatest ``factors[0] * plain + factors[1] * weighted``, as ``_greatest``; none at 0.

    The greatest of a sample are a bound that enough rows reach, mostly; if they do not, a lower one is tried. A row
    reaches it only if its plain score is high enough by itself, as no weighted score is more than ``max_weight`` times
    that: so one array is read, and the sum is computed of few rows.
    """
    most = factors[0] + factors[1] * max_weight
    sample = np.float32(factors[0]) * plain[::SAMPLED] + np.float32(factors[1]) * weighted[::SAMPLED]
    sample = sample[sample > 0]
    among = 4 * BEST // SAMPLED
    while True:
        bound = float(np.partition(sample, -among)[-among]) if among <= len(sample) else 0.0
        rows = np.flatnonzero(plain >= np.float32(bound / most * (1 - 1e-5)) if bound else plain > 0)
        sums = np.float32(factors[0]) * plain[rows] + np.float32(factors[1]) * weighted[rows]
        if not bound or np.count_nonzero(sums >= bound) >= BEST:
            return rows[_greatest(sums, BEST)]
        among *= 4


def _find(rows: StoredRows, ascending: StoredRows) -> tuple[Rows, Mask]:
    """Look up rows (rows,) among others that ascend: where each would stand, and whether it does; both (rows,)."""
    if not len(ascending):
        return np.zeros(len(rows), np.int64), np.zeros(len(rows), bool)
    places = ascending.searchsorted(rows)
    return places, ascending.take(places, mode="clip") == rows


def term_scores(terms: Mapping[str, float], body: PostingLists, title: PostingLists) -> dict[str, TermScores]:
    """The term scores of both fields, by the field's name."""
    return {PASSAGE: of_field(body, terms), QUESTION: of_field(title, terms)}


def of_field(inverted_index: PostingLists, terms: Mapping[str, float]) -> TermScores:
    """The term scores of one field."""
    kind = SparseTermScores if inverted_index.size <= MOST_SPARSE else DenseTermScores
    return kind.of(inverted_index, terms)
