"""Finds the answers that fit a question, and says how surely; all of relevance is here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from askdoc.embedder import Embedder
from askdoc.index.texts import Texts
from askdoc.models import Confidence, Match, Related
from askdoc.store import Rows, Vectors

DEPTH = 100
"""How many rows of each field are looked at."""
NEAR = 10
"""How many stored questions are looked at whole."""
STRONG, PARTIAL = 0.62, 0.45
"""First thresholds on the fused score, chosen on the demonstration corpus."""


class Searched(Protocol):
    """What an index offers."""

    texts: Texts
    embedder: Embedder

    def search(self, field: str, queries: Vectors, k: int) -> tuple[Vectors, Rows]: ...
    def scores(self, field: str, queries: Vectors, rows: Rows) -> Vectors: ...


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
        return self.find_many([question], most=[most])[0]

    def find_many(self, questions: Sequence[str], *, most: Sequence[int]) -> list[Found]:
        """The same for each of several questions: encoded in one call, each field searched once for all."""
        if not questions:
            return []
        vectors = self._index.embedder.encode(questions)
        _, near = self._index.search("question", vectors, NEAR)
        _, wide = self._index.search("both", vectors, DEPTH)
        return [
            self._decide(question, vectors[place], near[place].tolist(), wide[place], limit)
            for place, (question, limit) in enumerate(zip(questions, most, strict=True))
        ]

    def _decide(self, question: str, vector: Vectors, near: list[int], wide: Rows, most: int) -> Found:
        texts = self._index.texts
        exact = texts.rows_titled(question)
        rows = self._candidates(wide, [*near, *exact])
        questions = texts.question_of[texts.answer_of[rows]]
        scores = (self._index.scores("both", vector, rows) + self._index.scores("question", vector, questions)) / 2
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

    def _candidates(self, wide: Rows, questions: list[int]) -> Rows:
        """Passages near by themselves, and all passages of near questions."""
        of_question = self._index.texts.question_of[self._index.texts.answer_of]
        return np.union1d(wide, np.flatnonzero(np.isin(of_question, questions)))


def _confidence(score: float) -> Confidence:
    if score >= STRONG:
        return Confidence.STRONG
    return Confidence.PARTIAL if score >= PARTIAL else Confidence.NONE
