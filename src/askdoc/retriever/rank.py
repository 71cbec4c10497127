"""A question → candidates in order, with the signs of how surely the corpus covers it; no texts are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from askdoc.lexical import Lexicon, Tokenizer
from askdoc.retriever.asking import Asked, Encoder, Reader
from askdoc.retriever.confidence import observe
from askdoc.retriever.essentials import Essentials
from askdoc.retriever.folding import Card, fold, order
from askdoc.retriever.fusion import Fusion
from askdoc.retriever.ground import Ground
from askdoc.retriever.lens import Lens
from askdoc.retriever.signals import Candidates, Collector, Searched
from askdoc.retriever.topic import Topic

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates, the score of each, and what the confidence sees of them."""

    asked: Asked
    candidates: Candidates
    scores: Floats
    observed: Floats

    def places(self, ground: Ground, *, first: Rows) -> Rows:
        """The candidates' places, best first; those of the questions in ``first`` stand before all others."""
        answers = self.candidates.answers
        scores = self.scores
        if len(first) and len(scores):
            own = (ground.question_of[answers, None] == first).any(axis=1)
            scores = scores + np.where(own, np.ptp(scores) + 1, 0)
        return order(scores, ground.standing[answers])

    def cards(self, ground: Ground, *, most: int, first: Rows) -> list[Card]:
        """The first ``most`` answers to show, near copies folded."""
        answers = self.candidates.answers
        places = self.places(ground, first=first)
        return fold(places, ground.copy_of[answers], most=most, doctors=ground.doctor_of[answers])


@dataclass(frozen=True, slots=True)
class Ranker:
    """Everything that ranking needs of one corpus."""

    reader: Reader
    collector: Collector
    fusion: Fusion

    @classmethod
    def of(
        cls, index: Searched, ground: Ground, body: Lexicon, title: Lexicon, *, encoder: Encoder, model: str
    ) -> Self:
        """With the tables that come with the program; ``model`` is the name of the encoder's model."""
        lens, about = Lens.shipped(model), Topic.shipped(model)
        reader = Reader(encoder, Tokenizer(), Essentials.shipped(), lens, body, title, about)
        return cls(reader, Collector(index, ground, body, title), Fusion.shipped())

    def rank(self, questions: Sequence[Asked]) -> list[Ranked]:
        """Weigh the candidates of each question."""
        found = self.collector.collect(questions)
        return [self.weigh(asked, candidates) for asked, candidates in zip(questions, found, strict=True)]

    def weigh(self, asked: Asked, found: Candidates) -> Ranked:
        """Fuse the signals of one question's candidates."""
        scores = self.fusion.scores(found.signals, titles=bool(self.reader.title.size))
        return Ranked(asked, found, scores, observe(asked, found, scores))
