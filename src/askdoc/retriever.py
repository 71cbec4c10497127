"""Finds the answers that fit a question, and says how surely; all of relevance is here."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from askdoc.embedder import Embedder
from askdoc.index.texts import Texts
from askdoc.models import Confidence, Match, Related
from askdoc.store import Rows, Vectors

DEPTH = 100
"""How many rows of each field are looked at."""
STRONG, PARTIAL = 0.62, 0.45
"""First thresholds on the fused score, chosen on the demonstration corpus."""


class Searched(Protocol):
    """What an index offers."""

    texts: Texts
    embedder: Embedder

    def search(self, field: str, queries: Vectors, k: int) -> tuple[Vectors, Rows]: ...
    def scores(self, field: str, query: Vectors, rows: Rows) -> Vectors: ...


@dataclass(frozen=True, slots=True)
class Found:
    """What fits a question: at most one match for each answer, best first."""

    confidence: Confidence
    matches: tuple[Match, ...]
    related: tuple[Related, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ids of the answers that fit a question, best first, each with its score, whether shown or not.

    ``confidence`` is the word that the same question gets from ``find``.
    """

    confidence: Confidence
    answers: tuple[tuple[str, float], ...]


class Retriever:
    """Searches questions and passages by meaning and weighs the two alike."""

    def __init__(self, index: Searched) -> None:
        self._index = index

    def find(self, question: str, *, most: int) -> Found:
        """At most ``most`` answers, and the stored questions nearest to this one."""
        texts = self._index.texts
        weighed = self._weigh(question)
        fitting = [(row, score) for row, score in weighed.answers if weighed.exact or score >= PARTIAL][:most]
        matches = tuple(Match(texts.passage(row), min(1.0, score)) for row, score in fitting)
        shown = {match.passage.question.id for match in matches}
        related = tuple(r for r in (texts.related(row) for row in weighed.near) if r.question_id not in shown)[:3]
        return Found(weighed.confidence, matches, related)

    def rank(self, question: str, *, most: int) -> Ranking:
        """The first ``most`` answers as they are weighed, before anything is held back."""
        texts, weighed = self._index.texts, self._weigh(question)
        ids = texts.answer_ids()
        best = weighed.answers[:most]
        return Ranking(weighed.confidence, tuple((ids[texts.answer_of[row]], score) for row, score in best))

    def _weigh(self, question: str) -> "_Weighed":
        texts = self._index.texts
        vector = self._index.embedder.encode([question])
        near = self._nearest_questions(vector)
        exact = texts.rows_titled(question)
        rows = self._candidates(vector, [*near, *exact])
        questions = texts.question_of[texts.answer_of[rows]]
        scores = (
            self._index.scores("both", vector[0], rows) + self._index.scores("question", vector[0], questions)
        ) / 2
        scores[np.isin(questions, exact)] += 1.0
        best: dict[int, tuple[int, float]] = {}
        for place in np.argsort(-scores, kind="stable"):
            best.setdefault(int(texts.answer_of[rows[place]]), (int(rows[place]), float(scores[place])))
        return _Weighed(list(best.values()), near, bool(exact))

    def _nearest_questions(self, vector: Vectors) -> list[int]:
        _, rows = self._index.search("question", vector, 10)
        return [int(row) for row in rows[0]]

    def _candidates(self, vector: Vectors, questions: list[int]) -> Rows:
        """Passages near by themselves, and all passages of near questions."""
        _, rows = self._index.search("both", vector, DEPTH)
        of_question = self._index.texts.question_of[self._index.texts.answer_of]
        return np.union1d(rows[0], np.flatnonzero(np.isin(of_question, questions)))


@dataclass(frozen=True, slots=True)
class _Weighed:
    """``answers`` holds the best passage's row and score for each answer, best first; ``near`` rows of questions."""

    answers: list[tuple[int, float]]
    near: list[int]
    exact: bool

    @property
    def confidence(self) -> Confidence:
        score = self.answers[0][1] if self.answers else 0.0
        if score >= STRONG:
            return Confidence.STRONG
        return Confidence.PARTIAL if score >= PARTIAL or (self.exact and self.answers) else Confidence.NONE
