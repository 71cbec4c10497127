"""Answers a question with matches, highlights, a confidence and the stored questions nearest to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from askdoc.lexical import Lexicon
from askdoc.models import Confidence, Match, Passage, Related
from askdoc.retriever.asking import Encoder
from askdoc.retriever.confidence import Calibration, Certainty
from askdoc.retriever.folding import Card
from askdoc.retriever.ground import Ground
from askdoc.retriever.highlight import Marker
from askdoc.retriever.rank import Ranked, Ranker
from askdoc.retriever.signals import Searched

Rows = NDArray[np.int64]
RELATED = 3


class Words(Protocol):
    """What the retriever reads of the texts."""

    def passage(self, row: int) -> Passage: ...
    def related(self, row: int) -> Related: ...
    def rows_titled(self, title: str) -> list[int]: ...


@dataclass(frozen=True, slots=True)
class Found:
    """What fits a question: at most one match for each answer, best first. No match where confidence is none."""

    confidence: Confidence
    matches: tuple[Match, ...]
    related: tuple[Related, ...]


class Retriever:
    """Relevance over one index."""

    def __init__(self, ranker: Ranker, texts: Words, marker: Marker, calibration: Calibration) -> None:
        self._ranker = ranker
        self._texts = texts
        self._marker = marker
        self._calibration = calibration
        self._table = Certainty.shipped()

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

    def find(self, question: str, *, most: int) -> Found:
        """At most ``most`` answers, and the stored questions nearest to this one."""
        ranked = self._ranker.rank(self._ranker.reader.read(question))
        exact = np.array(self._texts.rows_titled(question), np.int64)
        certainty = self._calibration.certainty(ranked.observed, self._table)
        confidence = self._confidence(ranked, exact, certainty)
        cards = ranked.cards(self._ranker.collector.ground, most=most, first=exact)
        if confidence is Confidence.NONE:
            cards = []
        matches = tuple(self._match(ranked, card, certainty) for card in cards)
        shown = {match.passage.question.id for match in matches}
        near = (self._texts.related(int(row)) for row in ranked.candidates.near[: RELATED + len(shown) + 1])
        related = tuple(one for one in near if one.question_id not in shown)[:RELATED]
        return Found(confidence, matches, related)

    def _confidence(self, ranked: Ranked, exact: Rows, certainty: float) -> Confidence:
        if not len(ranked.candidates.answers):
            return Confidence.NONE
        answered = np.isin(exact, self._ranker.collector.ground.question_of[ranked.candidates.answers]).any()
        return Confidence.STRONG if answered else self._calibration.word(certainty)

    def _match(self, ranked: Ranked, card: Card, certainty: float) -> Match:
        passage = self._texts.passage(int(ranked.candidates.passages[card.place]))
        marks = self._marker.mark(passage.text, ranked.asked.terms)
        return Match(passage, self._relevance(ranked, card, certainty), marks, card.alike)

    def _relevance(self, ranked: Ranked, card: Card, certainty: float) -> float:
        """From 0 to 1: the certainty of the best, less what this one falls short of it."""
        best = 1 / (1 + exp(-max(-30.0, min(30.0, certainty - self._calibration.partial))))
        behind = float(ranked.scores.max() - ranked.scores[card.place])
        return best * exp(-behind / 4)
