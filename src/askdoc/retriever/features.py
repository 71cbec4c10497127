"""Computes the features of candidate answers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from askdoc.retriever.array_types import Floats, Mask, Rows, StoredRows
from askdoc.retriever.feature_names import COLUMN, FEATURES, TITLE_COLUMNS
from askdoc.retriever.query import Query
from askdoc.retriever.statistics import PASSAGE, QUESTION, CollectionStatistics
from askdoc.retriever.term_scores import MIN_TOTAL, RowScores, TermScores
from askdoc.retriever.topicality import Topicality

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
    """The answers to be weighed, with their passages: rows, both ascending.

    ``starts`` (answers,): the place among ``passages`` where those of each answer begin.
    """

    answers: Rows
    passages: Rows
    starts: Rows


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What the vectors of a pool's passages tell.

    ``cosine`` (answers,): of the passage nearest to the question; ``best`` (answers,): place of the best passage;
    ``topic`` (2, answers): products of the topic's projections with the best and the first passage.
    """

    cosine: Floats
    best: Rows
    topic: Floats


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
        meaning = self._fill_meaning(features, words)
        titled = self._title_of >= 0
        title_cosine = self._fill_title_meaning(features, titled)
        title_cosine = np.where(titled, title_cosine, meaning.cosine)
        self._fill_words(features, words)
        in_body = np.logical_or.reduceat(words.held, pool.starts, axis=1)
        matches = self._fill_title_words(features, titled, in_body).T
        shares = self._fill_coverage(features, matches)
        return Candidates(
            answers=pool.answers,
            passages=pool.passages[meaning.best],
            features=features,
            nearest_questions=nearest_questions,
            cosines=np.stack([meaning.cosine, title_cosine], axis=1),
            term_matches=matches,
            term_shares=shares,
            bm25_shares=np.maximum.reduceat(words.bm25_share, pool.starts),
            known_share=max(scores.known_share for scores in self.words.values()),
            topic_odds=self._topic_odds(meaning.topic, features),
            titled=titled,
        )

    def _topic_odds(self, products: Floats, features: Floats) -> Floats:
        """(answers,) from the topic's products with the best and the first passage (2, answers)."""
        if self.topicality is None:
            return np.zeros(len(self.pool.answers), np.float32)
        return self.topicality.odds(self.query.vector, products[0], products[1], features)

    def _fill_meaning(self, features: Floats, words: RowScores) -> _Meaning:
        """Fill in what the passages' vectors tell."""
        pool, distribution = self.pool, self.statistics.distributions[PASSAGE]
        vectors = self.query.vectors
        if self.topicality is not None:
            vectors = np.concatenate([vectors, self.topicality.projections(self.query.vector)])
        scores = self.index.scores(PASSAGE, vectors, pool.passages)
        cosines, products = scores[:2], scores[2:]
        mean, deviation = distribution.mean_and_deviation(self.query.vectors)
        standardised = (cosines - mean) / deviation
        first = np.searchsorted(pool.passages, self.statistics.passage_starts[pool.answers])
        hubness = distribution.hubness[pool.passages] / deviation[0]
        together = standardised.sum(axis=0) - hubness + WORDS_IN_BEST * words.plain
        best = _best_places(together, pool.starts)
        for row, name in enumerate(("best", "adapted_best")):
            features[:, COLUMN[name]] = np.maximum.reduceat(standardised[row], pool.starts)
        for row, name in enumerate(("first", "adapted_first")):
            features[:, COLUMN[name]] = standardised[row][first]
        features[:, COLUMN["hubness"]] = np.maximum.reduceat(hubness, pool.starts)
        if self.topicality is not None:
            products = np.stack([products[0, best], products[1, first]])
        return _Meaning(np.maximum.reduceat(cosines[0], pool.starts), best, products)

    @property
    def _title_of(self) -> StoredRows:
        """(answers,) the row of each answer's title; -1 where it says nothing."""
        return self.statistics.title_of[self.statistics.question_of[self.pool.answers]]

    def _fill_title_meaning(self, features: Floats, titled: Mask) -> Floats:
        """Fill in what the vectors of the ``titled`` answers' titles tell; (answers,) the cosine with each title."""
        own = np.zeros(len(self.pool.answers), np.float32)
        if not titled.any():
            return own
        distribution = self.statistics.distributions[QUESTION]
        title_of = self._title_of[titled]  # ascending, as the answers are
        begins = np.diff(title_of, prepend=-1) != 0
        titles, places = title_of[begins], np.cumsum(begins) - 1
        cosines = self.index.scores(QUESTION, self.query.vectors, titles.astype(np.int64))
        mean, deviation = distribution.mean_and_deviation(self.query.vectors)
        standardised = ((cosines - mean) / deviation)[:, places]
        features[titled, COLUMN["title"]], features[titled, COLUMN["adapted_title"]] = standardised
        features[titled, COLUMN["title_hubness"]] = (distribution.hubness[titles] / deviation[0])[places]
        own[titled] = cosines[0][places]
        return own

    def _fill_words(self, features: Floats, words: RowScores) -> None:
        """Fill in the passages' term scores."""
        for name, scores in (("words", words.plain), ("weighted_words", words.weighted), ("cover", words.coverage)):
            features[:, COLUMN[name]] = np.maximum.reduceat(scores, self.pool.starts)

    def _fill_title_words(self, features: Floats, titled: Mask, in_body: Mask) -> Mask:
        """Fill in the titles' term scores; (terms, answers) whether a passage or the title has each term."""
        if not titled.any():
            return in_body
        title = self.words[QUESTION].at(self._title_of[titled])
        features[titled, COLUMN["title_words"]] = title.plain
        features[titled, COLUMN["weighted_title_words"]] = title.weighted
        features[titled, COLUMN["title_cover"]] = title.coverage
        held = in_body.copy()
        held[:, titled] |= title.held
        return held

    def _fill_coverage(self, features: Floats, matches: Mask) -> Floats:
        """Fill in what an answer's passages have together with its title; ``Candidates.term_shares``."""
        shares = self.words[PASSAGE].stakes.astype(np.float32)
        shares /= max(float(shares.sum()), MIN_TOTAL)
        if len(shares):
            # No product of matrices: on some processors numpy's warns of numbers that are not there.
            features[:, COLUMN["any_cover"]] = np.where(matches, shares, np.float32(0)).sum(axis=1)
            features[:, COLUMN["rarest"]] = matches[:, int(shares.argmax())]
        return shares


def _best_places(scores: Floats, starts: Rows) -> Rows:
    """The place of the highest score of each group; the first of equals."""
    groups = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(scores)))
    order = np.lexsort((np.arange(len(scores)), -scores, groups))
    best: Rows = order[starts]
    return best
