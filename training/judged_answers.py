"""Asks a judged collection its questions: whether the first answers are relevant, and how sure one may be of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from askdoc.retriever.ranking import RankedCandidates
from askdoc.retriever.statistics import PASSAGE, QUESTION
from training.in_memory_index import InMemoryIndex
from training.judged_collections import Grades

Floats = NDArray[np.float32]
TOP = 3
"""The first answers, of which one at least should be relevant."""
BATCH = 64
"""Questions that are searched for together."""


@dataclass(frozen=True)
class AskedQuestion:
    """What one question found. ``dense_cosine``: the greatest cosine of the question with any passage or title."""

    ranked: RankedCandidates
    grades: Grades
    dense_cosine: float

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """The places of the candidates, best first."""
        order: NDArray[np.int64] = np.argsort(-self.ranked.scores, kind="stable")
        return order

    @property
    def relevant(self) -> list[bool]:
        """Whether each of the first ``TOP`` answers is relevant."""
        return [self.grades.get(int(answer), 0) > 0 for answer in self.ranked.candidates.answers[self.order[:TOP]]]

    @property
    def cosine(self) -> float:
        """The cosine of the question with the first answer's nearest passage or title, whichever is greater."""
        return float(self.ranked.candidates.cosines[self.order[:1]].max(initial=-1.0))


@dataclass(frozen=True)
class JudgedFeatures:
    """Confidence features (questions, features), and of each question, all (questions,), what is true of it.

    ``first``: the first answer is relevant; ``in_three``: one of the first three is; ``cosine`` and ``dense_cosine`` as
    ``AskedQuestion`` has them.
    """

    features: Floats
    first: NDArray[np.bool_]
    in_three: NDArray[np.bool_]
    cosine: Floats
    dense_cosine: Floats

    @classmethod
    def of(cls, asked: Sequence[AskedQuestion]) -> "JudgedFeatures":
        """Stack what some questions found."""
        return cls(
            np.stack([one.ranked.confidence_features for one in asked]),
            np.array([one.relevant[:1] == [True] for one in asked]),
            np.array([any(one.relevant) for one in asked]),
            np.array([one.cosine for one in asked], np.float32),
            np.array([one.dense_cosine for one in asked], np.float32),
        )


def ask(index: InMemoryIndex, questions: Sequence[str], grades: Sequence[Grades]) -> Iterator[AskedQuestion]:
    """Ask an index some questions, each with its relevant answers; none are relevant to what it does not cover."""
    ranker, dense, queries = index.ranker(), dense_cosines(index, questions), index.queries(questions)
    for start in range(0, len(queries), BATCH):
        batch = slice(start, start + BATCH)
        for ranked, relevant, cosine in zip(ranker.rank(queries[batch]), grades[batch], dense[batch], strict=True):
            yield AskedQuestion(ranked, relevant, float(cosine))


def without_relevant(index: InMemoryIndex, asked: Sequence[AskedQuestion]) -> list[RankedCandidates]:
    """What each question finds where its relevant answers, with their titles, are not among the candidates."""
    ranker, ranked = index.ranker(), []
    for one in asked:
        candidates = one.ranked.candidates
        kept = candidates.without(np.isin(candidates.answers, list(one.grades)))
        ranked.append(ranker.score(one.ranked.query, kept))
    return ranked


def dense_cosines(index: InMemoryIndex, questions: Sequence[str]) -> Floats:
    """(questions,) the greatest cosine of each question with any passage or title: what plain dense search has."""
    vectors, fields = (
        index.embed(questions),
        [index.fields[field] for field in (PASSAGE, QUESTION) if field in index.fields],
    )
    blocks = (vectors[start : start + BATCH] for start in range(0, len(vectors), BATCH))
    found = [np.max([(block @ field.T).max(axis=1) for field in fields], axis=0) for block in blocks]
    return np.concatenate(found) if found else np.zeros(0, np.float32)
