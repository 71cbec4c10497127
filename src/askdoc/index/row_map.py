"""Which rows of a new generation repeat rows of the one before, so that nothing is worked out twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from askdoc.models import Passage, Question

Rows = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class RowMap:
    """``path`` is the generation before, checked; each array has for every new row the old one of equal text, or -1.

    Questions are equal by title, answers by body, and passages are those of equal answers.
    """

    path: Path
    questions: Rows
    answers: Rows
    passages: Rows

    @classmethod
    def between(
        cls,
        path: Path,
        pages: Iterable[Question],
        answer_of: NDArray[np.int64],
        *,
        now: Sequence[Question],
        cut: Sequence[Passage],
    ) -> Self:
        """From the old pages and the answer's row of each old passage; ``cut`` are the new passages in order."""
        titles: dict[str, int] = {}
        bodies: dict[str, int] = {}
        number = 0
        for row, page in enumerate(pages):
            titles.setdefault(page.title, row)
            for answer in page.answers:
                bodies.setdefault(answer.body, number)
                number += 1
        answers = _rows(bodies.get(answer.body, -1) for page in now for answer in page.answers)
        starts = np.searchsorted(answer_of, np.arange(number + 1))
        new_of = _answer_of(now, cut)
        within = np.arange(len(cut)) - np.searchsorted(new_of, new_of)
        owner = answers[new_of]
        # The bounds of a known body are taken over, so its passages are the same, one by one.
        passages = np.where(owner >= 0, starts[owner] + within, -1).astype(np.int32)
        return cls(path, _rows(titles.get(page.title, -1) for page in now), answers, passages)


def _answer_of(now: Sequence[Question], cut: Sequence[Passage]) -> Rows:
    row = {id(answer): number for number, answer in enumerate(answer for page in now for answer in page.answers)}
    return _rows(row[id(passage.answer)] for passage in cut)


def _rows(numbers: Iterable[int]) -> Rows:
    return np.fromiter(numbers, np.int32)
