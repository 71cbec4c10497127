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


class Retriever:
    """Searches questions and passages by meaning and weighs the two alike."""

    def __init__(self, index: Searched) -> None:
        self._index = index

    def find(self, question: str, *, most: int) -> Found:
        """At most ``most`` answers, and the stored questions nearest to this one."""
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
        order = np.argsort(-scores, kind="stable")
        matches: list[Match] = []
        seen: set[int] = set()
        for place in order:
            answer = int(texts.answer_of[rows[place]])
            if answer not in seen and len(matches) < most and (exact or scores[place] >= PARTIAL):
                seen.add(answer)
                matches.append(Match(texts.passage(int(rows[place])), min(1.0, float(scores[place]))))
        confidence = _confidence(float(scores[order[0]]) if matches else 0.0)
        shown = {match.passage.question.id for match in matches}
        related = tuple(r for r in (texts.related(row) for row in near) if r.question_id not in shown)[:3]
        return Found(confidence, tuple(matches), related)

    def _nearest_questions(self, vector: Vectors) -> list[int]:
        _, rows = self._index.search("question", vector, 10)
        return [int(row) for row in rows[0]]

    def _candidates(self, vector: Vectors, questions: list[int]) -> Rows:
        """Passages near by themselves, and all passages of near questions."""
        _, rows = self._index.search("both", vector, DEPTH)
        of_question = self._index.texts.question_of[self._index.texts.answer_of]
        return np.union1d(rows[0], np.flatnonzero(np.isin(of_question, questions)))


def _confidence(score: float) -> Confidence:
    if score >= STRONG:
        return Confidence.STRONG
    return Confidence.PARTIAL if score >= PARTIAL else Confidence.NONE
