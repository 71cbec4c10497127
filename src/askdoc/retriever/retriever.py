"""Answers questions with matches, highlights, a confidence and the stored questions nearest to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from askdoc.corpus import sources
from askdoc.embedder.protocol import Awaited
from askdoc.index.documents import title_key
from askdoc.models import Confidence, Match, Passage, Related
from askdoc.retriever.artifacts import Artifacts
from askdoc.retriever.features import VectorSearch
from askdoc.retriever.highlight import Marker, answering
from askdoc.retriever.query import Encoder, Query
from askdoc.retriever.ranking import Card, Ranked

Rows = NDArray[np.int64]
RELATED = 3
FEW = 20
"""Answered questions below which a corpus is too small to be calibrated on itself."""
SMALL = 500
"""Answered questions from which a corpus is calibrated on itself alone."""
NEAR = (0.45, 0.6)
"""There: the mean cosine to title and passage from which an answer fits in part, and from which it fits.

On the first page and on a corpus of two questions, covered questions had 0.51 to 0.73 and others at most 0.38.
"""
BEHIND = 3.0
"""An answer whose score falls so far behind the best one's is about something else and is not shown."""


class Documents(Protocol):
    """What the retriever reads of the texts."""

    def passage(self, row: int) -> Passage: ...
    def related(self, row: int) -> Related: ...
    def rows_titled(self, title: str) -> list[int]: ...
    @property
    def answer_ids(self) -> Sequence[str]: ...


class SearchableIndex(VectorSearch, Protocol):
    """What an index offers."""

    @property
    def documents(self) -> Documents: ...
    @property
    def embedder(self) -> Encoder: ...


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What fits a question: at most one match for each answer, best first. No match where confidence is none.

    ``certainty`` is the number behind the confidence, as in ``Ranking``.
    """

    confidence: Confidence
    matches: tuple[Match, ...]
    related: tuple[Related, ...]
    certainty: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ids of the answers that fit a question, best first, each with its score, whether shown or not.

    ``confidence`` is the word that the same question gets from ``find``; ``certainty`` the number behind it, in log
    odds on the scale of the index's thresholds. Scores compare answers to one question, certainties questions.
    """

    confidence: Confidence
    answers: tuple[tuple[str, float], ...]
    certainty: float


class Retriever:
    """Relevance over one index and what ``prepare`` made for it."""

    def __init__(self, index: SearchableIndex, prepared: Artifacts) -> None:
        self._texts = index.documents
        self._ranker = prepared.ranker(index, index.embedder)
        self._ground = prepared.statistics
        self._marker = Marker.shipped(self._ranker.reader.tokenizer, self._ranker.reader.body)
        self._calibration = prepared.calibration

    def begin(self, texts: Sequence[str]) -> Awaited:
        """Begin to make the vectors of texts; what is returned waits for them."""
        return self._ranker.reader.encoder.begin(texts)

    def read(self, questions: Sequence[str], awaited: Awaited | None = None) -> list[Query]:
        """Questions made ready to be searched; ``awaited`` gives their vectors, where they are begun already."""
        return self._ranker.reader.read(questions, awaited)

    def find(self, readings: Sequence[Query], *, most: Sequence[int]) -> list[Retrieved]:
        """For each question at most so many answers, and the stored questions nearest to it; fields searched once."""
        ranked = self._ranker.rank(readings)
        return [self._found(one, limit) for one, limit in zip(ranked, most, strict=True)]

    def rank(self, reading: Query, *, most: int) -> Ranking:
        """The first ``most`` answers in their order, before anything is held back or folded."""
        ranked = self._ranker.rank([reading])[0]
        exact, certainty = self._exact(ranked), self._certainty(ranked)
        order = ranked.places(self._ground, first=exact)[:most]
        ids = self._texts.answer_ids
        answers = tuple((ids[int(ranked.candidates.answers[n])], float(ranked.scores[n])) for n in order)
        return Ranking(self._confidence(ranked, exact, certainty), answers, certainty)

    def _found(self, ranked: Ranked, most: int) -> Retrieved:
        exact, certainty = self._exact(ranked), self._certainty(ranked)
        confidence = self._confidence(ranked, exact, certainty)
        cards = [] if confidence is Confidence.NONE else ranked.cards(self._ground, most=most, first=exact)
        fitting = (card for card in cards if self._fits(ranked, card, exact))
        matches = tuple(self._match(ranked, card, certainty) for card in fitting)
        return Retrieved(confidence, matches, self._related(ranked, matches), certainty)

    def _related(self, ranked: Ranked, matches: Sequence[Match]) -> tuple[Related, ...]:
        """The nearest stored questions that are not shown already, each wording once."""
        shown = {title_key(match.passage.question.title) for match in matches}
        found: dict[str, Related] = {}
        for row in ranked.candidates.near.tolist():
            if len(found) == RELATED:
                break
            near = self._texts.related(row)
            if (key := title_key(near.question)) not in shown:
                found.setdefault(key, near)
        return tuple(found.values())

    def _fits(self, ranked: Ranked, card: Card, exact: Rows) -> bool:
        """Whether a card is near enough to the best one, or belongs to the very question that was asked."""
        question = self._ground.question_of[ranked.candidates.answers[card.place]]
        return bool(ranked.scores.max() - ranked.scores[card.place] <= BEHIND or question in exact)

    def _exact(self, ranked: Ranked) -> Rows:
        return np.array(self._texts.rows_titled(ranked.asked.text), np.int64)

    def _certainty(self, ranked: Ranked) -> float:
        """How surely the best candidates answer, on the scale of the calibration's thresholds.

        A handful of pages says nothing of what is usual, so there the plain nearness to title and passage decides;
        a few hundred say little, so there it can speak for an answer as well.
        """
        questions = int(self._ground.answered.sum())
        learned = self._calibration.certainty(ranked.observed)
        if questions >= SMALL:
            return learned
        nearness = float(ranked.candidates.cosine.mean(axis=1).max(initial=-1.0))
        partial, strong = self._calibration.partial, self._calibration.strong
        plain = partial + (nearness - NEAR[0]) * max(strong - partial, 1.0) / (NEAR[1] - NEAR[0])
        return plain if questions < FEW else max(plain, learned)

    def _confidence(self, ranked: Ranked, exact: Rows, certainty: float) -> Confidence:
        if not len(ranked.candidates.answers):
            return Confidence.NONE
        answered = (self._ground.question_of[ranked.candidates.answers, None] == exact).any()
        return Confidence.STRONG if answered else self._calibration.word(certainty)

    def _match(self, ranked: Ranked, card: Card, certainty: float) -> Match:
        passage = self._texts.passage(int(ranked.candidates.passages[card.place]))
        body = passage.answer.body
        before, after = len(answering(body[: passage.start])), len(answering(body[passage.end :]))
        marks = self._marker.mark(passage.text, ranked.asked.terms, before=before, after=after)
        source = sources.ending(body)
        below = source if source and source[0] >= passage.end else None
        return Match(passage, self._relevance(ranked, card, certainty), marks, card.alike, below)

    def _relevance(self, ranked: Ranked, card: Card, certainty: float) -> float:
        """From 0 to 1: the certainty of the best, less what this one falls short of it."""
        best = 1 / (1 + exp(-max(-30.0, min(30.0, certainty - self._calibration.partial))))
        behind = float(ranked.scores.max() - ranked.scores[card.place])
        return best * exp(-behind / 4)
