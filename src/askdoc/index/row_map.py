"""Maps each row of a new generation to the identical row of the previous one, so that nothing is computed twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from askdoc.index.bm25 import InvertedIndex
from askdoc.index.checked import CheckedGeneration
from askdoc.models import Passage, Question

Rows = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class RowMap:
    """Three arrays, each with the row of ``previous`` that every new row repeats, or -1.

    Questions are equal by title, answers by body; passages are equal where their answers are.
    """

    previous: CheckedGeneration
    questions: Rows
    answers: Rows
    passages: Rows

    def previous_postings(self, field: str) -> InvertedIndex:
        """Open the inverted index of a field of the previous generation. Raises OSError or ValueError."""
        return InvertedIndex.open(self.previous.path, field)

    @classmethod
    def between(
        cls,
        previous: CheckedGeneration,
        previous_questions: Iterable[Question],
        previous_answer_of: NDArray[np.int64],
        questions: Sequence[Question],
        passages: Sequence[Passage],
    ) -> Self:
        """Compare the questions of both generations.

        ``previous_answer_of`` is the answer's row of each previous passage; ``passages`` are the new ones in order.
        """
        titles: dict[str, int] = {}
        bodies: dict[str, int] = {}
        count = 0
        for row, question in enumerate(previous_questions):
            titles.setdefault(question.title, row)
            for answer in question.answers:
                bodies.setdefault(answer.body, count)
                count += 1
        answers = _rows(bodies.get(answer.body, -1) for question in questions for answer in question.answers)
        starts = np.searchsorted(previous_answer_of, np.arange(count + 1))
        answer_of = _answer_of(questions, passages)
        within = np.arange(len(passages)) - np.searchsorted(answer_of, answer_of)
        owner = answers[answer_of]
        # The bounds of a known body are taken over, so its passages are the same, one by one.
        rows = np.where(owner >= 0, starts[owner] + within, -1).astype(np.int32)
        return cls(previous, _rows(titles.get(question.title, -1) for question in questions), answers, rows)


def _answer_of(questions: Sequence[Question], passages: Sequence[Passage]) -> Rows:
    answers = (answer for question in questions for answer in question.answers)
    row = {id(answer): number for number, answer in enumerate(answers)}
    return _rows(row[id(passage.answer)] for passage in passages)


def _rows(numbers: Iterable[int]) -> Rows:
    return np.fromiter(numbers, np.int32)
