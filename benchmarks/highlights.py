"""Which sentences to mark: the cases of mas_valid, and how chosen sentences agree with the experts'."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.sets import plain, rows

SHARE = 0.25
SHORTEST = 4
"""Sentences of fewer words are left out, on both sides."""


@dataclass(frozen=True)
class Case:
    """A question, the sentences of each answer, and the sentences that experts took (in plain letters)."""

    question: str
    answers: list[list[str]]
    gold: list[str]

    @property
    def sentences(self) -> list[str]:
        return [text for answer in self.answers for text in answer]


def split(text: str) -> list[str]:
    """Sentences by their last sign, those of three words or fewer left out."""
    return [piece for piece in re.split(r"(?<=[.!?])\s+", text) if len(plain(piece).split()) >= SHORTEST]


def cases() -> list[Case]:
    """All questions of the set."""
    return [
        Case(
            row["question"],
            [split(answer["body"]) for answer in row["answers"]],
            list(map(plain, split(row["extractive"]))),
        )
        for row in rows("mas_valid")
    ]


def agrees(one: str, other: str) -> bool:
    """Whether one of two plain sentences contains the other."""
    return one in other or other in one


def agreed(case: Case) -> NDArray[np.bool_]:
    """(sentences,) which of them an expert took."""
    return np.array([any(agrees(plain(text), gold) for gold in case.gold) for text in case.sentences])


def quarter(scores: Sequence[NDArray[np.float64]], share: float = SHARE) -> list[NDArray[np.bool_]]:
    """Choose this share of all sentences together, and at least one of each question."""
    together = np.sort(np.concatenate(scores))[::-1]
    least = together[round(share * len(together)) - 1]
    return [(one >= least) | (one == one.max()) for one in scores]


def f1(found: Sequence[Case], chosen: Sequence[NDArray[np.bool_]]) -> tuple[float, float, float, float]:
    """Precision, recall, F1 of their means and the share chosen, in percent."""
    precision, recall = [], []
    for case, marks in zip(found, chosen, strict=True):
        taken = [plain(text) for text, mark in zip(case.sentences, marks, strict=True) if mark]
        precision.append(np.mean([any(agrees(text, gold) for gold in case.gold) for text in taken]))
        recall.append(np.mean([any(agrees(text, gold) for text in taken) for gold in case.gold]))
    p, r = 100 * float(np.mean(precision)), 100 * float(np.mean(recall))
    share = 100 * float(np.concatenate(list(chosen)).mean())
    return p, r, 2 * p * r / (p + r), share
