"""Puts candidates in order: one card per answer, near copies folded, near-ties by standing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from askdoc.models import Answer

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
