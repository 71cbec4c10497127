"""Computes the features of candidate answers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np

from askdoc.retriever.array_types import Floats, Mask, Rows, StoredRows
from askdoc.retriever.feature_names import COLUMN, FEATURES, TITLE_COLUMNS
from askdoc.retriever.query import Query
from askdoc.retriever.statistics import PASSAGE, QUESTION, CollectionStatistics
from askdoc.retriever.term_scores import MIN_TOTAL, RowScores, TermScores
from askdoc.retriever.topicality import Topicality

PASSAGE_COLUMNS = [COLUMN[name] for name in ("best", "adapted_best", "hubness", "words", "weighted_words", "cover")]
"""The columns of what is greatest among an answer's passages, in the order in which it is computed."""
FIRST_COLUMNS = [COLUMN["first"], COLUMN["adapted_first"]]
Which = Rows | slice
"""Some of the answers, or all of them: a slice takes a quarter of the time that naming each does."""
WORDS_IN_BEST = np.float32(0.25)
"""What a standard deviation of the words counts beside one of the meaning, in the choice of the best passage."""


class VectorSearch(Protocol):
    """The vectors of an index. Scores are inner products: higher is nearer."""

    def search(self, field: str, queries: Floats, k: int) -> tuple[Floats, Rows]:
        """The ``k`` nearest rows to each query (q, d): scores and rows, both (q, at most k), best first."""
        ...

    def scores(self, field: str, queries: Floats, rows: Rows) -> Floats:
        """(q, n): the scores of the named rows for each query (q, d)."""
        ...


@dataclass(frozen=True, slots=True)
class Candidates:
    """Answers in ascending order of row, with the best passage and the features of each.

    | array | shape | content |
    |---|---|---|
    | `answers`, `passages` | (n,) | rows of the answers, and of the best passage of each |
    | `features` | (n, len(FEATURES)) | as `feature_names` tells |
    | `nearest_questions` | (m,) | rows of the answered questions nearest to the one asked, nearest first |
    | `cosines` | (n, 2) | cosine with the nearest passage and with the title; where there is none, the passage again |
    | `term_matches` | (n, terms) | whether the answer or its title holds each term |
    | `term_shares` | (terms,) | stake of each term, weight times rarity, as a share of all |
    | `bm25_shares` | (n,) | BM25 of the best passage for that, as a share of the most that could be had |
    | `known_share` | number | share of the terms' stakes whose terms the corpus has at all |
    | `topic_odds` | (n,) | log odds that the answer is about the question's topic; 0 where no table tells |
    | `titled` | (n,) | whether the answer's title says something; where not, what depends on it alone is 0 |
    """

    answers: Rows
    passages: Rows
    features: Floats
    nearest_questions: Rows
    cosines: Floats
    term_matches: Mask
    term_shares: Floats
    bm25_shares: Floats
    known_share: float
    topic_odds: Floats
    titled: Mask

    @classmethod
    def none(cls, nearest_questions: Rows) -> "Candidates":
        """No candidate."""
        rows, empty = np.zeros(0, np.int64), np.zeros(0, np.float32)
        return cls(
            answers=rows,
            passages=rows,
            features=np.zeros((0, len(FEATURES)), np.float32),
            nearest_questions=nearest_questions,
            cosines=np.zeros((0, 2), np.float32),
            term_matches=np.zeros((0, 0), bool),
            term_shares=empty,
            bm25_shares=empty,
            known_share=0.0,
            topic_odds=empty,
            titled=np.zeros(0, bool),
        )

    def without(self, hidden: Mask) -> "Candidates":
        """The candidates as if some of the answers (n,) did not exist."""
        kept = ~hidden
        return replace(
            self,
            answers=self.answers[kept],
            passages=self.passages[kept],
            features=self.features[kept],
            cosines=self.cosines[kept],
            term_matches=self.term_matches[kept],
            bm25_shares=self.bm25_shares[kept],
            topic_odds=self.topic_odds[kept],
            titled=self.titled[kept],
        )

    def with_neutral_titles(self, hidden: Mask) -> "Candidates":
        """The candidates as if the titles of some of the answers (n,) said nothing: they are weighed without."""
        if not hidden.any():
            return self
        features, cosines = self.features.copy(), self.cosines.copy()
        features[np.ix_(np.flatnonzero(hidden), TITLE_COLUMNS)] = 0
        features[hidden, COLUMN["any_cover"]] = features[hidden, COLUMN["cover"]]
        cosines[hidden, 1] = cosines[hidden, 0]
        return replace(self, features=features, cosines=cosines, titled=self.titled & ~hidden)


@dataclass(frozen=True, slots=True)
class Pool:
    """The answers to be weighed, with their passages: rows, both ascending. The first passage of each is among them.

    ``starts`` (answers,): the place among ``passages`` where those of each answer begin; ``owners`` (passages,): the
    place of each passage's answer.
    """

    answers: Rows
    passages: Rows
    starts: Rows
    owners: Rows

    @classmethod
    def of(cls, passages: Rows, statistics: CollectionStatistics) -> Self:
        """The pool of some passages, ascending, that hold the first one of each of their answers."""
        answer_of = statistics.answer_of[passages]
        begins = _begins(answer_of)
        starts = np.flatnonzero(begins)
        return cls(answer_of[starts].astype(np.int64), passages, starts, begins.cumsum() - 1)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What the vectors of a pool's passages tell, and the words with them.

    ``cosine`` (answers,): of the passage nearest to the question; ``best`` (answers,): place of the best passage;
    ``topic`` (2, answers): products of the topic's projections with the best and the first passage; ``bm25_share``
    (answers,): the greatest of the passages.
    """

    cosine: Floats
    best: Rows
    topic: Floats
    bm25_share: Floats


@dataclass(frozen=True, slots=True)
class FeatureExtractor:
    """Computes the features of one query's pool."""

    index: VectorSearch
    statistics: CollectionStatistics
    query: Query
    pool: Pool
    words: Mapping[str, TermScores]
    topicality: Topicality | None = None

    def candidates(self, nearest_questions: Rows) -> Candidates:
        """The pool's answers with their features."""
        pool = self.pool
        if not len(pool.answers):
            return Candidates.none(nearest_questions)
        features = np.zeros((len(pool.answers), len(FEATURES)), np.float32)
        words = self.words[PASSAGE].at(pool.passages)
        held = np.logical_or.reduceat(words.held, pool.starts, axis=1)
        meaning = self._fill_passages(features, words)
        title_of = self.statistics.title_of[self.statistics.question_of[pool.answers]]
        titled = title_of >= 0
        cosines = np.empty((len(pool.answers), 2), np.float32)
        cosines[:] = meaning.cosine[:, None]
        if titled.any():
            which = slice(None) if titled.all() else np.flatnonzero(titled)
            cosines[which, 1] = self._fill_title_meaning(features, which, title_of[which])
            held[:, which] |= self._fill_title_words(features, which, title_of[which])
        shares = self._fill_coverage(features, held.T)
        return Candidates(
            answers=pool.answers,
            passages=pool.passages[meaning.best],
            features=features,
            nearest_questions=nearest_questions,
            cosines=cosines,
            term_matches=held.T,
            term_shares=shares,
            bm25_shares=meaning.bm25_share,
            known_share=max(scores.known_share for scores in self.words.values()),
            topic_odds=self._topic_odds(meaning.topic, features),
            titled=titled,
        )

    def _topic_odds(self, products: Floats, features: Floats) -> Floats:
        """(answers,) from the topic's products with the best and the first passage (2, answers)."""
        if self.topicality is None:
            return np.zeros(len(self.pool.answers), np.float32)
        return self.topicality.odds(self.query.vector, products[0], products[1], features)

    def _fill_passages(self, features: Floats, words: RowScores) -> _Meaning:
        """Fill in what vectors and words of the passages tell: of most the greatest value of an answer's passages."""
        pool, distribution = self.pool, self.statistics.distributions[PASSAGE]
        cosines, products = self._scores()
        mean, deviation = distribution.mean_and_deviation(self.query.vectors)
        values = np.empty((len(PASSAGE_COLUMNS) + 2, len(pool.passages)), np.float32)
        standardised, hubness = values[:2], values[2]
        np.subtract(cosines, mean, out=standardised)
        standardised /= deviation
        np.divide(distribution.hubness[pool.passages], deviation[0], out=hubness)
        values[3:] = words.plain, words.weighted, words.coverage, cosines[0], words.bm25_share
        greatest = np.maximum.reduceat(values, pool.starts, axis=1)
        features[:, PASSAGE_COLUMNS] = greatest[:-2].T
        features[:, FIRST_COLUMNS] = standardised[:, pool.starts].T
        best = _best_places(standardised.sum(axis=0) - hubness + WORDS_IN_BEST * words.plain, pool)
        topic = np.stack([products[0, best], products[1, pool.starts]]) if self.topicality else products
        return _Meaning(greatest[-2], best, topic, greatest[-1])

    def _scores(self) -> tuple[Floats, Floats]:
        """Products of the passages' vectors: (2, passages) with the query's, then with the topic's projections."""
        vectors = self.query.vectors
        if self.topicality is not None:
            vectors = np.concatenate([vectors, self.topicality.projections(self.query.vector)])
        scores = self.index.scores(PASSAGE, vectors, self.pool.passages)
        return scores[:2], scores[2:]

    def _fill_title_meaning(self, features: Floats, which: Which, title_of: StoredRows) -> Floats:
        """Fill in what the vectors of some answers' titles tell; (titled answers,) the cosine with each title."""
        distribution = self.statistics.distributions[QUESTION]
        begins = _begins(title_of)  # the titles ascend, as the answers do
        titles, places = title_of[begins], begins.cumsum() - 1
        cosines = self.index.scores(QUESTION, self.query.vectors, titles.astype(np.int64))
        mean, deviation = distribution.mean_and_deviation(self.query.vectors)
        standardised = ((cosines - mean) / deviation)[:, places]
        features[which, COLUMN["title"]], features[which, COLUMN["adapted_title"]] = standardised
        features[which, COLUMN["title_hubness"]] = (distribution.hubness[titles] / deviation[0])[places]
        own: Floats = cosines[0][places]
        return own

    def _fill_title_words(self, features: Floats, which: Which, title_of: StoredRows) -> Mask:
        """Fill in the term scores of some answers' titles; (terms, titled answers) whether the title has each term."""
        title = self.words[QUESTION].at(title_of)
        features[which, COLUMN["title_words"]] = title.plain
        features[which, COLUMN["weighted_title_words"]] = title.weighted
        features[which, COLUMN["title_cover"]] = title.coverage
        return title.held

    def _fill_coverage(self, features: Floats, matches: Mask) -> Floats:
        """Fill in what an answer's passages have together with its title; ``Candidates.term_shares``."""
        shares = self.words[PASSAGE].stakes.astype(np.float32)
        shares /= max(float(shares.sum()), MIN_TOTAL)
        if len(shares):
            # No product of matrices: on some processors numpy's warns of numbers that are not there.
            features[:, COLUMN["any_cover"]] = np.where(matches, shares, np.float32(0)).sum(axis=1)
            features[:, COLUMN["rarest"]] = matches[:, int(shares.argmax())]
        return shares


def _begins(ascending: StoredRows) -> Mask:
    """(n,) whether each number differs from the one before. ``np.diff`` takes four times as long for some hundred."""
    begins = np.ones(len(ascending), bool)
    np.not_equal(ascending[1:], ascending[:-1], out=begins[1:])
    return begins


def _best_places(scores: Floats, pool: Pool) -> Rows:
    """The place of the highest score (passages,) of each answer; the first of equals."""
    highest = np.maximum.reduceat(scores, pool.starts)
    places = np.flatnonzero(scores == highest[pool.owners])
    best: Rows = places[places.searchsorted(pool.starts)]
    return best
