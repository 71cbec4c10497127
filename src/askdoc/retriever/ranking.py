"""A question → candidates in order, with the signs of how surely the corpus covers it; no texts are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from askdoc.index.bm25 import Tokenizer
from askdoc.index.protocol import PostingLists
from askdoc.models import Answer
from askdoc.retriever.candidates import CandidateGenerator
from askdoc.retriever.confidence import observe
from askdoc.retriever.features import Candidates, VectorSearch
from askdoc.retriever.fusion import Fusion
from askdoc.retriever.query import Encoder, Query, QueryAnalyzer
from askdoc.retriever.query_adapter import QueryAdapter
from askdoc.retriever.statistics import CollectionStatistics
from askdoc.retriever.term_weights import TermWeights
from askdoc.retriever.topicality import Topicality

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
NEAR_TIE = 0.05
"""Scores this near to the better one count as equal. A tie is never carried on from one pair to the next."""


@dataclass(frozen=True, slots=True)
class Card:
    """A candidate to be shown: its place among the candidates, and how many other doctors say nearly the same."""

    place: int
    alike: int


def standing(answer: Answer) -> float:
    """Votes, acceptance and stars in one number from 0 to 3, for near-ties alone; what is not known counts nothing."""
    votes = max(answer.votes or 0, 0)
    stars = answer.author.rating or 0.0
    return float(answer.accepted) + votes / (votes + 5) + stars / 5


def order(scores: Floats, standings: Floats, *, near: float = NEAR_TIE) -> Rows:
    """Places, best first. Among scores within ``near`` of the best left, the higher standing goes first.

    An answer therefore never passes one that is more relevant by more than ``near``.
    """
    by_score = np.argsort(-scores, kind="stable").tolist()
    values, stands = scores.tolist(), standings.tolist()
    found: list[int] = []
    while len(found) < len(by_score):
        end = len(found) + 1
        leader = values[by_score[len(found)]]
        while end < len(by_score) and leader - values[by_score[end]] <= near:
            end += 1
        group = by_score[len(found) : end]
        found += sorted(group, key=lambda place: (-stands[place], -values[place])) if len(group) > 1 else group
    return np.array(found, np.int64)


def fold(places: Rows, copies: NDArray[np.int32], *, most: int, doctors: NDArray[np.int32] | None = None) -> list[Card]:
    """The first ``most`` cards: of answers that are near copies (the same value in ``copies``) the best alone.

    A copy by a doctor who has the card already (the same value in ``doctors``; None: there is none) is not counted.
    """
    cards: dict[int, tuple[int, set[int]]] = {}
    by_whom = (places if doctors is None else doctors[places]).tolist()
    for place, copy, doctor in zip(places.tolist(), copies[places].tolist(), by_whom, strict=True):
        cards.setdefault(copy, (place, set()))[1].add(doctor)
    return [Card(place, len(by) - 1) for place, by in list(cards.values())[:most]]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates, the score of each, and what the confidence sees of them."""

    asked: Query
    candidates: Candidates
    scores: Floats
    observed: Floats

    def places(self, statistics: CollectionStatistics, *, first: Rows) -> Rows:
        """The candidates' places, best first; those of the questions in ``first`` stand before all others."""
        answers = self.candidates.answers
        scores = self.scores
        if len(first) and len(scores):
            own = (statistics.question_of[answers, None] == first).any(axis=1)
            scores = scores + np.where(own, np.ptp(scores) + 1, 0)
        return order(scores, statistics.standing[answers])

    def cards(self, statistics: CollectionStatistics, *, most: int, first: Rows) -> list[Card]:
        """The first ``most`` answers to show, near copies folded."""
        answers = self.candidates.answers
        places = self.places(statistics, first=first)
        return fold(places, statistics.copy_of[answers], most=most, doctors=statistics.doctor_of[answers])


@dataclass(frozen=True, slots=True)
class Ranker:
    """Everything that ranking needs of one corpus."""

    reader: QueryAnalyzer
    generator: CandidateGenerator
    fusion: Fusion

    @classmethod
    def of(
        cls,
        index: VectorSearch,
        statistics: CollectionStatistics,
        body: PostingLists,
        title: PostingLists,
        *,
        encoder: Encoder,
        model: str,
    ) -> Self:
        """With the tables that come with the program; ``model`` is the name of the encoder's model."""
        adapter, about = QueryAdapter.shipped(model), Topicality.shipped(model)
        reader = QueryAnalyzer(encoder, Tokenizer(), TermWeights.shipped(), adapter, body, title, about)
        return cls(reader, CandidateGenerator(index, statistics, body, title), Fusion.shipped())

    def rank(self, questions: Sequence[Query]) -> list[Ranked]:
        """Weigh the candidates of each question."""
        found = self.generator.collect(questions)
        return [self.weigh(asked, candidates) for asked, candidates in zip(questions, found, strict=True)]

    def weigh(self, asked: Query, found: Candidates) -> Ranked:
        """Fuse the signals of one question's candidates."""
        scores = self.fusion.scores(found.signals, titles=bool(self.reader.title.size))
        return Ranked(asked, found, scores, observe(asked, found, scores))
