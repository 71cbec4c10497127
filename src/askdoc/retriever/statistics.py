"""What the retriever knows of a corpus beforehand: which passage belongs to which answer, and how scores spread.

Made once at index time by `CollectionStatistics.build`, kept as `statistics.npz`, an archive of arrays without objects:

| array | content |
|---|---|
| `answer_of` | int32 (passages): the answer's row of each passage, ascending |
| `question_of` | int32 (answers): the question's row of each answer |
| `copy_of` | int32 (answers): the first answer that says nearly the same, or the answer itself |
| `doctor_of` | int32 (answers): the first near copy that is by the same doctor, or the answer itself |
| `standing` | float32 (answers): votes, acceptance and stars in one number, for near-ties alone |
| `FIELD_mean`, `FIELD_spread` | float32 (d), (d, d): mean and covariance of the field's vectors |
| `FIELD_hubness` | float32 (rows): how near a row's neighbours are; a row near to everything says little |
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from askdoc.index.arrays import dump_named, load_named

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
Places = NDArray[np.int32]

FILE = "statistics.npz"
PASSAGE, QUESTION = "passage", "question"
FIELDS = (PASSAGE, QUESTION)
NEIGHBOURS = 3
BACKGROUND, LEAST, PAIRS = 4_096, 1_024, 1 << 25
"""At most so many rows are looked at for a row's neighbours; fewer where that makes more pairs than this, but no fewer
than the second number. How crowded a row is shows among a part of all as well.
"""
MEASURED = 8_192
"""At most so many rows are measured for mean and covariance."""


@dataclass(frozen=True, slots=True)
class ScoreDistribution:
    """How a field's vectors lie, so that a score can be told as standard deviations above what is usual."""

    mean: Floats
    covariance: Floats
    hubness: Floats

    @classmethod
    def build(cls, vectors: Floats, groups: Places) -> Self:
        """From unit vectors (rows, d). Neighbours of a row are sought outside its own group."""
        if not len(vectors):
            nothing = np.zeros(vectors.shape[1], np.float32)
            return cls(nothing, np.zeros((vectors.shape[1],) * 2, np.float32), np.zeros(0, np.float32))
        some = vectors[:: -(-len(vectors) // MEASURED)]
        mean = some.mean(axis=0, dtype=np.float64)
        covariance = some.T @ some / len(some) - np.outer(mean, mean)
        return cls(mean.astype(np.float32), covariance.astype(np.float32), hubness(vectors, groups))

    def usual(self, queries: Floats) -> tuple[Floats, Floats]:
        """Mean and standard deviation of each query's inner products over all rows of the field, both (queries, 1)."""
        variances = ((queries @ self.covariance) * queries).sum(axis=1, keepdims=True)
        return queries @ self.mean[:, None], np.sqrt(np.maximum(variances, np.float32(1e-6)))


def hubness(vectors: Floats, groups: Places, *, neighbours: int = NEIGHBOURS) -> Floats:
    """(rows,) the mean of a row's scores with its nearest rows of other groups; 0 where there is none."""
    step = -(-len(vectors) // min(BACKGROUND, max(PAIRS // len(vectors), LEAST)))
    background, owners = vectors[::step], groups[::step]
    found = np.zeros(len(vectors), np.float32)
    for start in range(0, len(vectors), 1024):
        part = slice(start, start + 1024)
        scores = vectors[part] @ background.T
        scores[groups[part, None] == owners[None, :]] = -1
        near = np.full((len(scores), neighbours), -1, np.float32)
        for place in range(neighbours):  # the highest, three times over: faster than any sorting
            best = scores.argmax(axis=1)[:, None]
            near[:, place] = np.take_along_axis(scores, best, 1)[:, 0]
            np.put_along_axis(scores, best, -1, 1)
        counted = near > -1
        total = np.where(counted, near, 0).sum(axis=1)
        found[part] = total / np.maximum(counted.sum(axis=1), 1)
    return found


@dataclass(frozen=True, slots=True)
class CollectionStatistics:
    """Everything about a corpus that does not depend on the question."""

    answer_of: Places
    question_of: Places
    copy_of: Places
    doctor_of: Places
    standing: Floats
    spread: Mapping[str, ScoreDistribution]
    first_of: Rows
    """(answers + 1,) the first passage of each answer; an answer without passages has an empty range."""
    answers_from: Rows
    """(questions + 1,) the first answer of each question."""
    answered: NDArray[np.bool_]
    """(questions,) whether anything of an answer can be quoted; a question without is neither covered nor offered."""

    @classmethod
    def of(
        cls,
        answer_of: Places,
        question_of: Places,
        copy_of: Places,
        standing: Floats,
        spread: Mapping[str, ScoreDistribution],
        *,
        doctor_of: Places | None = None,
    ) -> Self:
        """With the ranges that follow from the rows. Passages and answers stand in the order of the corpus.

        Without ``doctor_of``, every answer is by another doctor.
        """
        if doctor_of is None:
            doctor_of = np.arange(len(question_of), dtype=np.int32)
        if (np.diff(answer_of) < 0).any() or (np.diff(question_of) < 0).any():
            raise ValueError("passages must stand in the order of their answers, and answers in that of questions")
        questions = len(spread[QUESTION].hubness) if QUESTION in spread else int(question_of.max(initial=-1)) + 1
        first_of = np.searchsorted(answer_of, np.arange(len(question_of) + 1))
        answers_from = np.searchsorted(question_of, np.arange(questions + 1))
        answered = np.zeros(questions, bool)
        answered[question_of[answer_of]] = True
        return cls(answer_of, question_of, copy_of, doctor_of, standing, spread, first_of, answers_from, answered)

    def rows(self, field: str) -> int:
        """How many rows a field has; none where it is not stored."""
        return len(self.spread[field].hubness) if field in self.spread else 0

    def dump(self) -> bytes:
        """The bytes of ``statistics.npz``; the same statistics always gives the same."""
        names = ("answer_of", "question_of", "copy_of", "doctor_of", "standing")
        arrays = {name: getattr(self, name) for name in names}
        for field, spread in self.spread.items():
            arrays[f"{field}_mean"] = spread.mean
            arrays[f"{field}_spread"] = spread.covariance
            arrays[f"{field}_hubness"] = spread.hubness
        return dump_named(arrays)

    @classmethod
    def load(cls, data: bytes) -> Self:
        """From the bytes of ``statistics.npz``."""
        arrays = load_named(data)
        spread = {
            field: ScoreDistribution(arrays[f"{field}_mean"], arrays[f"{field}_spread"], arrays[f"{field}_hubness"])
            for field in FIELDS
            if f"{field}_mean" in arrays
        }
        return cls.of(
            arrays["answer_of"],
            arrays["question_of"],
            arrays["copy_of"],
            arrays["standing"],
            spread,
            doctor_of=arrays["doctor_of"],
        )
