"""Collection statistics: row maps between passages, answers and questions, and the distribution of scores.

Made once, when the index is built, and kept as ``statistics.npz``, an archive of arrays without objects:

| array | content |
|---|---|
| `answer_of` | int32 (passages): the answer's row of each passage, ascending |
| `question_of` | int32 (answers): the question's row of each answer, ascending |
| `title_of` | int32 (questions): the row of each question's title in its field; -1 where it says nothing |
| `copy_of` | int32 (answers): the first answer that says nearly the same, or the answer itself |
| `doctor_of` | int32 (answers): the first near copy that is by the same doctor, or the answer itself |
| `endorsement` | float32 (answers): votes, acceptance and stars in one number, for near-ties alone |
| `FIELD_mean`, `FIELD_covariance` | float32 (d), (d, d): mean and covariance of the field's vectors |
| `FIELD_hubness` | float32 (rows): mean cosine to the nearest rows; a row near to everything says little |
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from askdoc.index.array_codec import dump_named, load_named
from askdoc.retriever.array_types import Floats, Mask, Rows, StoredRows

FILE = "statistics.npz"
PASSAGE, QUESTION = "passage", "question"
FIELDS = (PASSAGE, QUESTION)
NEIGHBOURS = 3
"""The nearest rows whose cosines make a row's hubness."""
MAX_BACKGROUND, MIN_BACKGROUND, MAX_PAIRS = 4_096, 1_024, 1 << 25
"""Neighbours are sought in a sample of the rows: at most the first number, fewer where rows times sample would exceed
``MAX_PAIRS``, but no fewer than the second. Hubness shows in a sample as well.
"""
MOMENT_SAMPLE = 8_192
"""Mean and covariance are estimated from at most so many rows."""
BLOCK = 1024
"""Rows whose cosines are computed in one product of matrices."""


@dataclass(frozen=True, slots=True)
class ScoreDistribution:
    """Mean (d,), covariance (d, d) and hubness (rows,) of one field's vectors, by which scores are standardised."""

    mean: Floats
    covariance: Floats
    hubness: Floats

    @classmethod
    def build(cls, vectors: Floats, groups: StoredRows) -> Self:
        """Measure unit vectors (rows, d). Neighbours of a row are sought outside its own group (rows,)."""
        if not len(vectors):
            zeros = np.zeros(vectors.shape[1], np.float32)
            return cls(zeros, np.zeros((vectors.shape[1],) * 2, np.float32), np.zeros(0, np.float32))
        sample = vectors[:: -(-len(vectors) // MOMENT_SAMPLE)]
        mean = sample.mean(axis=0, dtype=np.float64)
        covariance = sample.T @ sample / len(sample) - np.outer(mean, mean)
        return cls(mean.astype(np.float32), covariance.astype(np.float32), hubness(vectors, groups))

    def mean_and_deviation(self, queries: Floats) -> tuple[Floats, Floats]:
        """Mean and standard deviation of each query's scores over all rows of the field, both (queries, 1)."""
        variances = ((queries @ self.covariance) * queries).sum(axis=1, keepdims=True)
        return queries @ self.mean[:, None], np.sqrt(np.maximum(variances, np.float32(1e-6)))


def hubness(vectors: Floats, groups: StoredRows, *, neighbours: int = NEIGHBOURS) -> Floats:
    """(rows,) the mean cosine of each row with its nearest rows of other groups; 0 where there is none.

    The local scaling of CSLS (Conneau et al., "Word translation without parallel data", 2018).
    """
    step = -(-len(vectors) // min(MAX_BACKGROUND, max(MAX_PAIRS // len(vectors), MIN_BACKGROUND)))
    background, owners = vectors[::step], groups[::step]
    means = np.zeros(len(vectors), np.float32)
    for start in range(0, len(vectors), BLOCK):
        block = slice(start, start + BLOCK)
        scores = vectors[block] @ background.T
        scores[groups[block, None] == owners[None, :]] = -1
        nearest = np.full((len(scores), neighbours), -1, np.float32)
        for place in range(neighbours):  # the highest, three times over: faster than any sorting
            best = scores.argmax(axis=1)[:, None]
            nearest[:, place] = np.take_along_axis(scores, best, 1)[:, 0]
            np.put_along_axis(scores, best, -1, 1)
        counted = nearest > -1
        total = np.where(counted, nearest, 0).sum(axis=1)
        means[block] = total / np.maximum(counted.sum(axis=1), 1)
    return means


class NearCopies(NamedTuple):
    """Groups of answers that say nearly the same; both arrays (answers,).

    ``copy_of``: the first answer of the group; ``doctor_of``: the first of them by the same doctor.
    An answer that copies none stands for itself.
    """

    copy_of: StoredRows
    doctor_of: StoredRows

    @classmethod
    def none(cls, answers: int) -> Self:
        """No answer copies another."""
        own = np.arange(answers, dtype=np.int32)
        return cls(own, own)


@dataclass(frozen=True, slots=True)
class CollectionStatistics:
    """What does not depend on the question: the arrays of the file, with the ranges that follow from them.

    ``passage_starts`` (answers + 1,): the first passage of each answer; an answer without passages has an empty range.
    ``answer_starts`` (questions + 1,): the first answer of each question.
    ``answered`` (questions,): whether an answer can be quoted; a question without is neither covered nor offered.
    ``titled`` (titles,): the question's row of each title, ascending. A title that says nothing is not in its field.
    ``unanswered_titles``: how many titles there are whose question is not answered.
    """

    answer_of: StoredRows
    question_of: StoredRows
    title_of: StoredRows
    copies: NearCopies
    endorsement: Floats
    distributions: Mapping[str, ScoreDistribution]
    passage_starts: Rows
    answer_starts: Rows
    answered: Mask
    titled: Rows
    unanswered_titles: int

    @classmethod
    def of(
        cls,
        answer_of: StoredRows,
        question_of: StoredRows,
        distributions: Mapping[str, ScoreDistribution],
        *,
        title_of: StoredRows | None = None,
        copies: NearCopies | None = None,
        endorsement: Floats | None = None,
    ) -> Self:
        """With the ranges that follow from the row maps. Raises ValueError where a row map does not ascend.

        Without ``title_of`` every question has a title if there is a field of titles, and none has without. Without
        ``copies`` no answer copies another, without ``endorsement`` none is endorsed.
        """
        if (np.diff(answer_of) < 0).any() or (np.diff(question_of) < 0).any():
            raise ValueError("passages must stand in the order of their answers, and answers in that of questions")
        answers = len(question_of)
        if title_of is None:
            titles = distributions.get(QUESTION)
            untitled = np.full(int(question_of.max(initial=-1)) + 1, -1, np.int32)
            title_of = untitled if titles is None else np.arange(len(titles.hubness), dtype=np.int32)
        questions = len(title_of)
        answered = np.zeros(questions, bool)
        answered[question_of[answer_of]] = True
        titled = np.flatnonzero(title_of >= 0)
        return cls(
            answer_of=answer_of,
            question_of=question_of,
            title_of=title_of,
            copies=copies or NearCopies.none(answers),
            endorsement=np.zeros(answers, np.float32) if endorsement is None else endorsement,
            distributions=distributions,
            passage_starts=np.searchsorted(answer_of, np.arange(answers + 1)),
            answer_starts=np.searchsorted(question_of, np.arange(questions + 1)),
            answered=answered,
            titled=titled,
            unanswered_titles=int((~answered[titled]).sum()),
        )

    def rows(self, field: str) -> int:
        """How many rows a field has; 0 where it is not stored."""
        return len(self.distributions[field].hubness) if field in self.distributions else 0

    def dump(self) -> bytes:
        """The bytes of ``statistics.npz``; equal statistics give equal bytes."""
        arrays = {
            "answer_of": self.answer_of,
            "question_of": self.question_of,
            "title_of": self.title_of,
            **self.copies._asdict(),
            "endorsement": self.endorsement,
        }
        for field, distribution in self.distributions.items():
            arrays[f"{field}_mean"] = distribution.mean
            arrays[f"{field}_covariance"] = distribution.covariance
            arrays[f"{field}_hubness"] = distribution.hubness
        return dump_named(arrays)

    @classmethod
    def load(cls, data: bytes) -> Self:
        """Read the bytes of ``statistics.npz``."""
        arrays = load_named(data)
        distributions = {
            field: ScoreDistribution(*(arrays[f"{field}_{name}"] for name in ("mean", "covariance", "hubness")))
            for field in FIELDS
            if f"{field}_mean" in arrays
        }
        return cls.of(
            arrays["answer_of"],
            arrays["question_of"],
            distributions,
            title_of=arrays["title_of"],
            copies=NearCopies(arrays["copy_of"], arrays["doctor_of"]),
            endorsement=arrays["endorsement"],
        )
