"""Computes, when an index is built, everything that the retriever keeps of a corpus."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from askdoc.index.bm25 import InvertedIndex, Tokenizer
from askdoc.index.row_map import RowMap
from askdoc.models import Answer, Passage, Question
from askdoc.retriever import ranking
from askdoc.retriever.array_types import Floats, Rows
from askdoc.retriever.artifacts import PreparedArtifacts, Sketches, stored_sketches
from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.offline import near_duplicates
from askdoc.retriever.offline.calibration import StoredQuestions, TextEncoder, calibrate
from askdoc.retriever.ranking import Ranker
from askdoc.retriever.statistics import PASSAGE, QUESTION, CollectionStatistics, NearCopies, ScoreDistribution


@dataclass(frozen=True, slots=True)
class InMemory:
    """Exact search by numpy over one matrix for each field."""

    fields: Mapping[str, Floats]

    def search(self, field: str, queries: Floats, k: int) -> tuple[Floats, Rows]:
        """The ``k`` nearest rows to each query (q, d): scores and rows, both (q, at most k), best first."""
        scores = queries @ self.fields[field].T
        k = min(k, scores.shape[1])
        best = np.argpartition(scores, scores.shape[1] - k, axis=1)[:, scores.shape[1] - k :]
        order = np.argsort(-np.take_along_axis(scores, best, 1), axis=1, kind="stable")
        rows = np.take_along_axis(best, order, 1)
        return np.take_along_axis(scores, rows, 1), rows

    def scores(self, field: str, queries: Floats, rows: Rows) -> Floats:
        """(q, n): the scores of the named rows for each query (q, d)."""
        scores: Floats = queries @ self.fields[field][rows].T
        return scores


@dataclass(frozen=True, slots=True)
class EmbeddedCorpus:
    """A corpus in rows: its questions, its passages in their order, and the vectors of the fields by name."""

    questions: Sequence[Question]
    passages: Sequence[Passage]
    vectors: Mapping[str, Floats]

    @property
    def answers(self) -> list[Answer]:
        """All answers, in the order of the questions."""
        return [answer for question in self.questions for answer in question.answers]

    @property
    def titles(self) -> list[str]:
        """The title of every question."""
        return [question.title for question in self.questions]

    def answer_of(self) -> NDArray[np.int32]:
        """(passages,) the answer's row of each passage."""
        row = {id(answer): place for place, answer in enumerate(self.answers)}
        return np.array([row[id(passage.answer)] for passage in self.passages], np.int32)

    def question_of(self) -> NDArray[np.int32]:
        """(answers,) the question's row of each answer."""
        return np.array([row for row, question in enumerate(self.questions) for _ in question.answers], np.int32)


def prepare(
    corpus: EmbeddedCorpus, *, encoder: TextEncoder, tables: ModelTables, row_map: RowMap | None = None
) -> PreparedArtifacts:
    """Compute what the retriever keeps of a corpus; ``tables`` are those of the encoder's model.

    With a ``row_map`` to the previous generation the same comes out in less time: what did not change is read there.
    """
    answers, titles = corpus.answers, corpus.titles
    answer_of, question_of = corpus.answer_of(), corpus.question_of()
    groups = {PASSAGE: answer_of, QUESTION: np.arange(len(titles), dtype=np.int32)}
    with ThreadPoolExecutor(1) as aside:  # numpy lets go of the interpreter, so words are counted meanwhile
        distributions = aside.submit(
            lambda: {field: ScoreDistribution.build(corpus.vectors[field], groups[field]) for field in groups}
        )
        postings = {
            PASSAGE: _postings(row_map, PASSAGE, [passage.text for passage in corpus.passages]),
            QUESTION: _postings(row_map, QUESTION, titles),
        }
        bodies = [answer.body for answer in answers]
        sketches = _sketches(row_map, bodies)
        copy_of = near_duplicates.near_copies(bodies, question_of, sketches)
    endorsement = np.array([ranking.endorsement(answer) for answer in answers], np.float32)
    doctor_of = near_duplicates.first_by_doctor([answer.author for answer in answers], copy_of)
    copies = NearCopies(copy_of, doctor_of)
    statistics = CollectionStatistics.of(
        answer_of, question_of, distributions.result(), copies=copies, endorsement=endorsement
    )
    ranker = Ranker.of(InMemory(corpus.vectors), statistics, postings[PASSAGE], postings[QUESTION], tables=tables)
    stored = StoredQuestions(titles, corpus.vectors[QUESTION], postings[QUESTION])
    calibration = calibrate(ranker, stored, encoder=encoder, tables=tables)
    return PreparedArtifacts(tables, statistics, postings, calibration, sketches)


def _postings(row_map: RowMap | None, field: str, texts: Sequence[str]) -> InvertedIndex:
    stems = Tokenizer()
    if row_map is None:
        return InvertedIndex.build(map(stems, texts))
    rows = {PASSAGE: row_map.passages, QUESTION: row_map.questions}[field]
    new = (stems(texts[row]) for row in np.flatnonzero(rows < 0).tolist())
    return row_map.previous_postings(field).rebuilt(rows, new)


def _sketches(row_map: RowMap | None, bodies: Sequence[str]) -> Sketches:
    if row_map is None:
        return near_duplicates.sketches(bodies)
    sketches = stored_sketches(row_map.previous)[row_map.answers]
    new = np.flatnonzero(row_map.answers < 0)
    sketches[new] = near_duplicates.sketches([bodies[row] for row in new.tolist()])
    return sketches
