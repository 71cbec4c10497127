"""Candidates for a question, with what speaks for each: meaning and words, of the passages and of the title.

Every signal is told on a scale that does not depend on the corpus: scores of meaning as standard deviations above
the mean over all rows, scores of words as shares of the most that could be had.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from askdoc.retriever.query import Query
from askdoc.retriever.statistics import PASSAGE, QUESTION, CollectionStatistics
from askdoc.retriever.term_scores import TermScores

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

NAMES = (
    "best", "first", "adapted_best", "adapted_first", "hubness",
    "title", "adapted_title", "title_hubness",
    "words", "title_words", "weighted_words", "weighted_title_words",
    "cover", "title_cover", "any_cover", "rarest",
)  # fmt: skip
PLACE = {name: place for place, name in enumerate(NAMES)}
TITLED = np.array(
    [
        PLACE[name]
        for name in ("title", "adapted_title", "title_hubness", "title_words", "weighted_title_words", "title_cover")
    ]
)
DEEPER = 9
"""So many times as deep is searched, at most, for questions that are answered among others that are not."""


class VectorSearch(Protocol):
    """What the signals ask of the index. Scores are inner products, higher is nearer."""

    def search(self, field: str, queries: Floats, k: int) -> tuple[Floats, Rows]:
        """The ``k`` nearest rows to each query (q, d): scores and rows, both (q, at most k), best first."""
        ...

    def scores(self, field: str, queries: Floats, rows: Rows) -> Floats:
        """(q, n): the scores of the named rows for each query (q, d)."""
        ...


@dataclass(frozen=True, slots=True)
class Candidates:
    """Answers in ascending order of row, with their signals and the passage that fits best.

    ``signals`` (n, len(NAMES)); ``passages`` (n,) rows; ``near`` the answered questions nearest to the one asked;
    ``cosine`` (n, 2) the question's own score with the best passage and with the title, as they are;
    ``covered`` (n, terms) which of the terms the answer or its title has; ``stakes`` (terms,) weight
    times rarity of each term as a share of all; ``fullness`` (n,) the words' plain score
    as a share of the most that could be had; ``known`` the share of the terms' weight that the corpus has at all;
    ``about`` (n,) log odds that the answer is about what the question is about, 0 where no table tells.
    """

    answers: Rows
    passages: Rows
    signals: Floats
    near: Rows
    cosine: Floats
    covered: NDArray[np.bool_]
    stakes: Floats
    fullness: Floats
    known: float
    about: Floats

    def without(self, hidden: NDArray[np.bool_]) -> "Candidates":
        """The same where some of the answers did not exist."""
        kept = ~hidden
        return replace(
            self,
            answers=self.answers[kept],
            passages=self.passages[kept],
            signals=self.signals[kept],
            cosine=self.cosine[kept],
            covered=self.covered[kept],
            fullness=self.fullness[kept],
            about=self.about[kept],
        )

    def untitled(self, hidden: NDArray[np.bool_]) -> "Candidates":
        """The same where the titles of some of the answers were neither near nor far."""
        if not hidden.any():
            return self
        signals, cosine = self.signals.copy(), self.cosine.copy()
        usual = np.median(signals[:, TITLED], axis=0)
        signals[np.ix_(np.flatnonzero(hidden), TITLED)] = usual
        signals[hidden, PLACE["any_cover"]] = signals[hidden, PLACE["cover"]]
        cosine[hidden, 1] = np.median(cosine[:, 1])
        return replace(self, signals=signals, cosine=cosine)


@dataclass(frozen=True, slots=True)
class FeatureExtractor:
    """One question's candidates on the way: ``rows`` of passages ascending, ``starts`` where each answer begins."""

    index: VectorSearch
    statistics: CollectionStatistics
    asked: Query
    answers: Rows
    rows: Rows
    starts: Rows
    words: Mapping[str, TermScores]

    def candidates(self, near: Rows) -> Candidates:
        signals = np.zeros((len(self.answers), len(NAMES)), np.float32)
        if not len(self.answers):
            nothing = np.zeros(0, np.int64)
            cosine, none = np.zeros((0, 2), np.float32), np.zeros(0, np.float32)
            covered = np.zeros((0, 0), bool)
            return Candidates(nothing, nothing, signals, near, cosine, covered, none, none, 0.0, none)
        raw, passages, forms = self._meaning_of_passages(signals)
        title = self._meaning_of_titles(signals)
        self._wording(signals)
        covered, stakes = self._covering(signals)
        fullness = np.maximum.reduceat(self.words[PASSAGE].share(self.rows), self.starts)
        cosine = np.stack([raw, title], axis=1)
        known = max(words.known for words in self.words.values())
        about = np.zeros(len(self.answers), np.float32)
        if self.asked.about is not None:
            about = self.asked.about.odds(self.asked.vector, forms[0], forms[1], signals)
        return Candidates(self.answers, passages, signals, near, cosine, covered, stakes, fullness, known, about)

    def _meaning_of_passages(self, signals: Floats) -> tuple[Floats, Rows, Floats]:
        """Fill in the passages' signals; give the best raw score of each answer, its best passage, and what the
        topic's two forms give for its best and its first passage (2, answers)."""
        statistics = self.statistics
        spread = statistics.spread[PASSAGE]
        vectors, about = self.asked.vectors, self.asked.about
        if about is not None:
            vectors = np.concatenate([vectors, about.forms(self.asked.vector)])
        scores = self.index.scores(PASSAGE, vectors, self.rows)
        raw, forms = scores[:2], scores[2:]
        mean, deviation = spread.usual(self.asked.vectors)
        standard = (raw - mean) / deviation
        first = np.searchsorted(self.rows, statistics.first_of[self.answers])
        hubness = spread.hubness[self.rows] / deviation[0]
        together = standard.sum(axis=0) - hubness + 0.25 * self.words[PASSAGE].plain.standard(self.rows)
        best = _best_places(together, self.starts)
        for place, name in enumerate(("best", "adapted_best")):
            signals[:, PLACE[name]] = np.maximum.reduceat(standard[place], self.starts)
        for place, name in enumerate(("first", "adapted_first")):
            signals[:, PLACE[name]] = standard[place][first]
        signals[:, PLACE["hubness"]] = np.maximum.reduceat(hubness, self.starts)
        if about is not None:
            forms = np.stack([forms[0, best], forms[1, first]])
        return np.maximum.reduceat(raw[0], self.starts), self.rows[best], forms

    def _meaning_of_titles(self, signals: Floats) -> Floats:
        statistics = self.statistics
        if QUESTION not in statistics.spread:
            return np.zeros(len(self.answers), np.float32)
        spread = statistics.spread[QUESTION]
        of_answers = statistics.question_of[self.answers]  # ascending, as the answers are
        begins = np.diff(of_answers, prepend=-1) != 0
        questions, places = of_answers[begins], np.cumsum(begins) - 1
        raw = self.index.scores(QUESTION, self.asked.vectors, questions.astype(np.int64))
        mean, deviation = spread.usual(self.asked.vectors)
        signals[:, [PLACE["title"], PLACE["adapted_title"]]] = ((raw - mean) / deviation).T[places]
        signals[:, PLACE["title_hubness"]] = (spread.hubness[questions] / deviation[0])[places]
        own: Floats = raw[0][places]
        return own

    def _wording(self, signals: Floats) -> None:
        body, title = self.words[PASSAGE], self.words[QUESTION]
        pairs = (("words", body.plain.standard), ("weighted_words", body.weighted.standard), ("cover", body.cover))
        for name, scores in pairs:
            signals[:, PLACE[name]] = np.maximum.reduceat(scores(self.rows), self.starts)
        if title.lexicon.size:
            questions = self.statistics.question_of[self.answers]
            pairs = (
                ("title_words", title.plain.standard),
                ("weighted_title_words", title.weighted.standard),
                ("title_cover", title.cover),
            )
            for name, scores in pairs:
                signals[:, PLACE[name]] = scores(questions)

    def _covering(self, signals: Floats) -> tuple[NDArray[np.bool_], Floats]:
        """Which terms the answers have, and what is at stake with each; two signals filled in."""
        terms = self.asked.terms
        covered = np.zeros((len(self.answers), len(terms)), bool)
        weights = np.zeros(len(terms), np.float32)
        questions = self.statistics.question_of[self.answers]
        for place, (term, weight) in enumerate(terms.items()):
            weights[place] = weight * self.words[PASSAGE].lexicon.rarity(term)
            held = _among(self.words[PASSAGE].lexicon.postings(term)[0], self.rows)
            covered[:, place] = np.logical_or.reduceat(held, self.starts)
            if self.words[QUESTION].lexicon.size:
                covered[:, place] |= _among(self.words[QUESTION].lexicon.postings(term)[0], questions)
        weights /= max(float(weights.sum()), 1e-9)
        if len(terms):
            # No product of matrices: on some processors numpy's warns of numbers that are not there.
            signals[:, PLACE["any_cover"]] = np.where(covered, weights, np.float32(0)).sum(axis=1)
            signals[:, PLACE["rarest"]] = covered[:, int(weights.argmax())]
        return covered, weights


def _among(postings: NDArray[np.int32], rows: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Which of the rows stand in the ascending postings."""
    if not len(postings):
        return np.zeros(len(rows), bool)
    places = np.minimum(np.searchsorted(postings, rows), len(postings) - 1)
    found: NDArray[np.bool_] = postings[places] == rows
    return found


def _best_places(scores: Floats, starts: Rows) -> Rows:
    """The place of the highest score of each group; the first of equals."""
    groups = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(scores)))
    order = np.lexsort((np.arange(len(scores)), -scores, groups))
    found: Rows = order[starts]
    return found
