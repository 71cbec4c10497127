"""Answers a question with matches, highlights, a confidence and the stored questions nearest to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from askdoc.lexical import Lexicon
from askdoc.models import Confidence, Match, Passage, Related
from askdoc.retriever.asking import Encoder, Reading
from askdoc.retriever.confidence import Calibration
from askdoc.retriever.folding import Card
from askdoc.retriever.ground import Ground
from askdoc.retriever.highlight import Marker
from askdoc.retriever.rank import Ranked, Ranker
from askdoc.retriever.signals import Searched

Rows = NDArray[np.int64]
RELATED = 3
BEHIND = 3.0
"""An answer whose score falls so far behind the best one's is about something else and is not shown."""


class Words(Protocol):
    """What the retriever reads of the texts."""

    @property
    def answer_ids(self) -> Sequence[str]: ...
    def passage(self, row: int) -> Passage: ...
    def related(self, row: int) -> Related: ...
    def rows_titled(self, title: str) -> list[int]: ...


@dataclass(frozen=True, slots=True)
class Found:
    """What fits a question: at most one match for each answer, best first. No match where confidence is none."""

    confidence: Confidence
    matches: tuple[Match, ...]
    related: tuple[Related, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ids of the answers that fit a question, best first, each with its score, whether shown or not.

    ``confidence`` is the word that the same question gets from ``find``; ``certainty`` is what it was told from.
    """

    confidence: Confidence
    answers: tuple[tuple[str, float], ...]
    certainty: float


class Retriever:
    """Relevance over one index."""

    def __init__(self, ranker: Ranker, texts: Words, marker: Marker, calibration: Calibration) -> None:
        self._ranker = ranker
        self._texts = texts
        self._marker = marker
        self._calibration = calibration

    @classmethod
    def over(
        cls,
        index: Searched,
        texts: Words,
        encoder: Encoder,
        *,
        model: str,
        ground: Ground,
        lexicons: Mapping[str, Lexicon],
        calibration: Calibration,
    ) -> Self:
        """From an opened index: its vectors, its texts, and what ``prepare`` made for it."""
        body, title = lexicons["passage"], lexicons["question"]
        ranker = Ranker.of(index, ground, body, title, encoder=encoder, model=model)
        return cls(ranker, texts, Marker.shipped(ranker.reader.tokenizer, body), calibration)

    def read(self, questions: Sequence[str]) -> list[Reading]:
        """Questions made ready to be searched; the encoder is called once for all."""
        return self._ranker.reader.read(questions)

    def rank(self, reading: Reading, *, most: int) -> Ranking:
        """The first ``most`` answers as they are weighed, none folded and none held back."""
        ranked, exact = self._ranked(reading)
        ground, ids = self._ranker.collector.ground, self._texts.answer_ids
        cards = ranked.cards(ground, most=most, first=exact, folded=False)
        answers = tuple((ids[ranked.candidates.answers[card.place]], self._relevance(ranked, card)) for card in cards)
        return Ranking(self._confidence(ranked, exact), answers, ranked.certainty)

    def _ranked(self, reading: Reading) -> tuple[Ranked, Rows]:
        """The candidates weighed, and the rows of the questions with these very words."""
        return self._ranker.rank(reading), np.array(self._texts.rows_titled(reading.text), np.int64)

    def find(self, reading: Reading, *, most: int) -> Found:
        """At most ``most`` answers, near copies folded, and the stored questions nearest to this one."""
        ranked, exact = self._ranked(reading)
        confidence = self._confidence(ranked, exact)
        cards = ranked.cards(self._ranker.collector.ground, most=most, first=exact)
        if confidence is Confidence.NONE:
            cards = []
        cards = [card for card in cards if self._fits(ranked, card, exact)]
        matches = tuple(self._match(ranked, card) for card in cards)
        shown = {match.passage.question.id for match in matches}
        near = (self._texts.related(int(row)) for row in ranked.candidates.near[: RELATED + len(shown) + 1])
        related = tuple(one for one in near if one.question_id not in shown)[:RELATED]
        return Found(confidence, matches, related)

    def _fits(self, ranked: Ranked, card: Card, exact: Rows) -> bool:
        """Whether a card is near enough to the best one, or belongs to the very question that was asked."""
        question = self._ranker.collector.ground.question_of[ranked.candidates.answers[card.place]]
        return bool(ranked.scores.max() - ranked.scores[card.place] <= BEHIND or question in exact)

    def _confidence(self, ranked: Ranked, exact: Rows) -> Confidence:
        if not len(ranked.candidates.answers):
            return Confidence.NONE
        answered = np.isin(exact, self._ranker.collector.ground.question_of[ranked.candidates.answers]).any()
        return Confidence.STRONG if answered else self._calibration.word(ranked.certainty)

    def _match(self, ranked: Ranked, card: Card) -> Match:
        passage = self._texts.passage(int(ranked.candidates.passages[card.place]))
        marks = self._marker.mark(passage.text, ranked.asked.terms)
        return Match(passage, self._relevance(ranked, card), marks, card.alike)

    def _relevance(self, ranked: Ranked, card: Card) -> float:
        """From 0 to 1: the certainty of the best, less what this one falls short of it."""
        certainty = ranked.certainty - self._calibration.partial
        best = 1 / (1 + exp(-max(-30.0, min(30.0, certainty))))
        behind = float(ranked.scores.max() - ranked.scores[card.place])
        return best * exp(-behind / 4)
