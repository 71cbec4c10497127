"""Computes, when an index is built, everything that the retriever keeps of a corpus."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from askdoc.index.bm25 import InvertedIndex, Tokenizer
from askdoc.index.protocol import PostingLists
from askdoc.index.row_map import RowMap
from askdoc.models import Answer, Passage, Question
from askdoc.retriever import ranking
from askdoc.retriever.array_types import Floats, Rows, StoredRows
from askdoc.retriever.artifacts import PreparedArtifacts, Sketches, stored_sketches
from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.offline import near_duplicates, own_questions
from askdoc.retriever.offline.calibration import StoredQuestions, TextEncoder, calibrate
from askdoc.retriever.offline.title_quality import TitleAssessment
from askdoc.retriever.ranking import Ranker
from askdoc.retriever.statistics import (
    FILE,
    PASSAGE,
    QUESTION,
    CollectionStatistics,
    NearCopies,
    ScoreDistribution,
)

LONGEST_MESSAGE = 1000
"""Characters of a patient's message that are asked: as many as a question may have."""
MAX_SCORES = 1 << 27
"""Scores that are computed at once: half a gigabyte, and a whole one for their order."""


@dataclass(frozen=True, slots=True)
class InMemory:
    """Exact search by numpy over one matrix for each field."""

    fields: Mapping[str, Floats]

    def search(self, field: str, queries: Floats, k: int) -> tuple[Floats, Rows]:
        """The ``k`` nearest rows to each query (q, d): scores and rows, both (q, at most k), best first."""
        most = max(1, MAX_SCORES // max(1, len(self.fields[field])))
        found = [self._nearest(field, queries[at : at + most], k) for at in range(0, len(queries), most)]
        scores, rows = zip(*found, strict=True)
        return np.concatenate(scores), np.concatenate(rows)

    def _nearest(self, field: str, queries: Floats, k: int) -> tuple[Floats, Rows]:
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
    """A corpus in rows: questions, passages in their order, and the vectors of all titles and passages by field."""

    questions: Sequence[Question]
    passages: Sequence[Passage]
    vectors: Mapping[str, Floats]

    def assessed(self) -> Self:
        """The corpus where every question whose title says nothing is told to be ``untitled``."""
        names = (" ".join(answer.author.name or "" for answer in question.answers) for question in self.questions)
        texts = [passage.text for passage in self.passages]
        page_of = self.question_of()[self.answer_of()]
        titles = TitleAssessment(
            self.titles, tuple(names), texts, page_of, self.vectors[QUESTION], self.vectors[PASSAGE]
        )
        found = zip(self.questions, titles.uninformative().tolist(), strict=True)
        return replace(self, questions=[replace(question, untitled=untitled) for question, untitled in found])

    @property
    def titled(self) -> Rows:
        """(titles,) the row of every question whose title says something."""
        return np.flatnonzero([not question.untitled for question in self.questions])

    def fields(self) -> dict[str, Floats]:
        """The vectors that are searched, by field: those of the titles that say something, and of all passages."""
        titles, titled = self.vectors[QUESTION], self.titled
        return {**self.vectors, QUESTION: titles if len(titled) == len(titles) else titles[titled]}

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

    def subject_vectors(self) -> Floats:
        """(questions, d) the vector of each title that says something, else of a passage, of the first answer's."""
        vectors = self.vectors[QUESTION].copy()
        owners, firsts = np.unique(self.question_of()[self.answer_of()], return_index=True)
        missing = np.array([self.questions[row].untitled for row in owners.tolist()], bool)
        vectors[owners[missing]] = self.vectors[PASSAGE][firsts[missing]]
        return vectors

    def title_of(self) -> StoredRows:
        """(questions,) the row of each question's title among those that say something, or -1."""
        title_of = np.full(len(self.questions), -1, np.int32)
        title_of[self.titled] = np.arange(len(self.titled))
        return title_of


def prepare(
    corpus: EmbeddedCorpus, *, encoder: TextEncoder, tables: ModelTables, row_map: RowMap | None = None
) -> PreparedArtifacts:
    """Compute what the retriever keeps of a corpus; ``tables`` are those of the encoder's model.

    With a ``row_map`` to the previous generation the same comes out in less time: what did not change is read there.
    """
    answers, fields = corpus.answers, corpus.fields()
    answer_of, question_of = corpus.answer_of(), corpus.question_of()
    groups = {PASSAGE: answer_of, QUESTION: np.arange(len(fields[QUESTION]), dtype=np.int32)}
    with ThreadPoolExecutor(1) as aside:  # numpy lets go of the interpreter, so words are counted meanwhile
        distributions = aside.submit(
            lambda: {field: ScoreDistribution.build(fields[field], groups[field]) for field in groups}
        )
        postings = _postings(corpus, row_map)
        bodies = [answer.body for answer in answers]
        sketches = _sketches(row_map, bodies)
        copy_of = near_duplicates.near_copies(bodies, question_of, sketches)
    endorsement = np.array([ranking.endorsement(answer) for answer in answers], np.float32)
    doctor_of = near_duplicates.first_by_doctor([answer.author for answer in answers], copy_of)
    statistics = CollectionStatistics.of(
        answer_of,
        question_of,
        distributions.result(),
        title_of=corpus.title_of(),
        copies=NearCopies(copy_of, doctor_of),
        endorsement=endorsement,
    )
    ranker = Ranker.of(InMemory(fields), statistics, postings[PASSAGE], postings[QUESTION], tables=tables)
    calibration = calibrate(ranker, stored_questions(corpus, postings), encoder=encoder, tables=tables)
    return PreparedArtifacts(tables, statistics, postings, calibration, sketches)


def stored_questions(corpus: EmbeddedCorpus, postings: Mapping[str, PostingLists]) -> StoredQuestions:
    """The questions that a calibration may ask: the titles that say something, and what is made of the answers."""
    untitled = [question.untitled for question in corpus.questions]
    firsts = [question.answers[0] if question.answers else None for question in corpus.questions]
    asked = [answer if missing else None for answer, missing in zip(firsts, untitled, strict=True)]
    made = own_questions.own_questions(asked, postings[PASSAGE].rarity)
    texts = [text if missing else title for text, title, missing in zip(made, corpus.titles, untitled, strict=True)]
    messages = {row: question.details for row, question in enumerate(corpus.questions) if question.details}
    return StoredQuestions(
        texts,
        corpus.subject_vectors(),
        ~np.array(untitled, bool),
        InvertedIndex.build(map(Tokenizer(), texts)) if any(untitled) else postings[QUESTION],
        {row: details[:LONGEST_MESSAGE] for row, details in messages.items()},
    )


def _postings(corpus: EmbeddedCorpus, row_map: RowMap | None) -> dict[str, InvertedIndex]:
    """The inverted indexes of passages and of the titles that say something."""
    texts = {PASSAGE: [passage.text for passage in corpus.passages]}
    texts[QUESTION] = [corpus.questions[row].title for row in corpus.titled.tolist()]
    stems = Tokenizer()
    if row_map is None:
        return {field: InvertedIndex.build(map(stems, rows)) for field, rows in texts.items()}
    repeated = {PASSAGE: row_map.passages, QUESTION: _repeated_titles(corpus, row_map)}
    postings = {}
    for field, rows in repeated.items():
        new = (stems(texts[field][row]) for row in np.flatnonzero(rows < 0).tolist())
        postings[field] = row_map.previous_postings(field).rebuilt(rows, new)
    return postings


def _repeated_titles(corpus: EmbeddedCorpus, row_map: RowMap) -> StoredRows:
    """(titles,) the title's row in the previous generation that each title repeats, or -1."""
    previous = CollectionStatistics.load(row_map.previous.file(FILE).read_bytes()).title_of
    questions = row_map.questions[corpus.titled]
    return np.where(questions >= 0, previous[questions], -1).astype(np.int32)


def _sketches(row_map: RowMap | None, bodies: Sequence[str]) -> Sketches:
    if row_map is None:
        return near_duplicates.sketches(bodies)
    sketches = stored_sketches(row_map.previous)[row_map.answers]
    new = np.flatnonzero(row_map.answers < 0)
    sketches[new] = near_duplicates.sketches([bodies[row] for row in new.tolist()])
    return sketches
