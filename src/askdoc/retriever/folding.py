"""Puts candidates in order: one card per answer, near copies folded, near-ties by standing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from askdoc.models import Answer

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
NEAR_TIE = 0.05
"""Scores this near to the better one count as equal. A tie is never carried on from one pair to the next."""
SHINGLE = 4
ALIKE = 0.8
"""Two answers say nearly the same where so great a share of their runs of four words is the same."""
ALIKE_COSINE = 0.9


@dataclass(frozen=True, slots=True)
class Card:
    """A candidate to be shown: its place among the candidates, and how many near copies are folded into it."""

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


def fold(places: Rows, copies: NDArray[np.int32], *, most: int) -> list[Card]:
    """The first ``most`` cards: of answers that are near copies (the same value in ``copies``) the best alone."""
    cards: dict[int, list[int]] = {}
    for place, copy in zip(places.tolist(), copies[places].tolist(), strict=True):
        cards.setdefault(copy, []).append(place)
    return [Card(group[0], len(group) - 1) for group in list(cards.values())[:most]]


def near_copies(bodies: Sequence[Sequence[str]], pairs: Sequence[tuple[int, int]]) -> NDArray[np.int32]:
    """(answers,) the first answer that says nearly the same, or the answer itself.

    ``bodies`` are the words of each answer; ``pairs`` those near enough in meaning to be looked at.
    """
    first = np.arange(len(bodies), dtype=np.int32)

    def root(answer: int) -> int:
        while first[answer] != answer:
            answer = int(first[answer])
        return answer

    runs = {answer: _runs(bodies[answer]) for answer in {answer for pair in pairs for answer in pair}}
    for one, other in sorted(pairs):
        left, right = runs[one], runs[other]
        if min(len(left), len(right)) < ALIKE * max(len(left), len(right)):
            continue  # too unlike in length for so large a share in common; most pairs end here
        shared = len(left & right)
        if shared >= ALIKE * max(len(left) + len(right) - shared, 1):
            low, high = sorted((root(one), root(other)))
            first[high] = low
    return np.array([root(answer) for answer in range(len(bodies))], np.int32)


def _runs(words: Sequence[str]) -> set[tuple[str, ...]]:
    """All runs of four words; a shorter text is one run."""
    if len(words) <= SHINGLE:
        return {tuple(words)}
    return {tuple(words[start : start + SHINGLE]) for start in range(len(words) - SHINGLE + 1)}


def near_pairs(vectors: Floats, owners: NDArray[np.int32], *, at_least: float = ALIKE_COSINE) -> list[tuple[int, int]]:
    """Pairs of answers of which some passages are very near in meaning; the smaller row first."""
    found: set[tuple[int, int]] = set()
    for start in range(0, len(vectors), 1024):
        scores = vectors[start : start + 1024] @ vectors.T
        left, right = np.nonzero(scores >= at_least)
        for one, other in zip(owners[left + start].tolist(), owners[right].tolist(), strict=True):
            if one < other:
                found.add((one, other))
    return sorted(found)
