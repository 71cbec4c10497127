"""A question → candidates in order, with one number for how surely the corpus covers it; no texts are read."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from askdoc.lexical import Lexicon, Tokenizer
from askdoc.retriever.asking import Reading, Encoder, Reader
from askdoc.retriever.confidence import Certainty
from askdoc.retriever.essentials import Essentials
from askdoc.retriever.folding import Card, fold, order
from askdoc.retriever.fusion import Fusion
from askdoc.retriever.ground import Ground
from askdoc.retriever.lens import Lens
from askdoc.retriever.signals import Candidates, Collector, Searched

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates, the score of each, and the log odds that the best of them answer the question."""

    asked: Reading
    candidates: Candidates
    scores: Floats
    certainty: float

    def cards(self, ground: Ground, *, most: int, first: Rows, folded: bool = True) -> list[Card]:
        """The first ``most`` answers to show; those of the questions in ``first`` stand before all others."""
        answers = self.candidates.answers
        lifted = np.isin(ground.question_of[answers], first)
        scores = self.scores + np.where(lifted, np.ptp(self.scores) + 1 if len(self.scores) else 0, 0)
        copies = ground.copy_of[answers] if folded else answers
        return fold(order(scores, ground.standing[answers]), copies, most=most)


@dataclass(frozen=True, slots=True)
class Ranker:
    """Everything that ranking needs of one corpus."""

    reader: Reader
    collector: Collector
    fusion: Fusion
    certainty: Certainty

    @classmethod
    def of(
        cls, index: Searched, ground: Ground, body: Lexicon, title: Lexicon, *, encoder: Encoder, model: str
    ) -> Self:
        """With the tables that come with the program; ``model`` is the name of the encoder's model."""
        reader = Reader(encoder, Tokenizer(), Essentials.shipped(), Lens.shipped(model), body, title)
        return cls(reader, Collector(index, ground, body, title), Fusion.shipped(), Certainty.shipped())

    def rank(self, asked: Reading, *, hidden: Rows | None = None, untitled: Rows | None = None) -> Ranked:
        """Weigh the candidates. ``hidden``: questions that did not exist; ``untitled``: questions without titles."""
        found = self.collector.collect(asked)
        questions = self.collector.ground.question_of[found.answers]
        if hidden is not None:
            found = found.without(np.isin(questions, hidden))
        elif untitled is not None:
            found = found.untitled(np.isin(questions, untitled))
        scores = self.fusion.scores(found.signals, titles=bool(self.reader.title.size))
        return Ranked(asked, found, scores, self.certainty.of(asked, found, scores))
