"""Decides over a collection in memory as the program does over an index: the same calibration, the same three words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from askdoc.index.documents import title_key
from askdoc.models import Answer, Passage, Question, RelatedQuestion, Source
from askdoc.retriever import Retriever
from askdoc.retriever.artifacts import Artifacts
from askdoc.retriever.confidence import Calibration
from askdoc.retriever.offline.calibration import StoredQuestions, calibrate
from askdoc.retriever.offline.prepare import EmbeddedCorpus, InMemory, stored_questions
from askdoc.retriever.statistics import PASSAGE, QUESTION
from training.in_memory_index import InMemoryIndex

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
PARAGRAPH = "\n\n"
"""What stands between two passages of an answer in memory."""


def embedded(index: InMemoryIndex) -> EmbeddedCorpus:
    """A collection as a build has it in hand: each question with its answers, of which every passage is a paragraph."""
    answers = [Answer(str(row), PARAGRAPH.join(pieces)) for row, pieces in enumerate(index.passages)]
    of_question: dict[int, list[int]] = {}
    for row, question in enumerate(index.statistics.question_of.tolist()):
        of_question.setdefault(question, []).append(row)
    untitled = set(of_question) - set(index.titled.tolist())
    questions, passages = [], []
    for row, own in of_question.items():
        title = index.titles[row] if index.titles else ""
        source = Source("", row)
        question = Question(str(row), title, source, answers=tuple(answers[n] for n in own), untitled=row in untitled)
        questions.append(question)
        for number in own:
            start = 0
            for piece in index.passages[number]:
                passages.append(Passage(question, answers[number], start, start + len(piece)))
                start += len(piece) + len(PARAGRAPH)
    titles = np.zeros((len(questions), index.embed.dimension), np.float32)
    titles[index.titled] = index.fields[QUESTION] if len(index.titled) else 0
    return EmbeddedCorpus(questions, passages, {PASSAGE: index.fields[PASSAGE], QUESTION: titles})


def asked_questions(index: InMemoryIndex) -> StoredQuestions:
    """The questions that ``askdoc index`` would ask a collection to calibrate on it."""
    return stored_questions(embedded(index), dict(zip((PASSAGE, QUESTION), index.inverted, strict=True)))


def calibrated(index: InMemoryIndex) -> Calibration:
    """The calibration that ``askdoc index`` would find for a collection."""
    return calibrate(index.ranker(), asked_questions(index), encoder=index.embed, tables=index.embed.tables)


def retriever_of(index: InMemoryIndex) -> Retriever:
    """The retriever over a collection, calibrated on it."""
    postings = dict(zip((PASSAGE, QUESTION), index.inverted, strict=True))
    artifacts = Artifacts(index.embed.tables, index.statistics, postings, calibrated(index))
    return Retriever(SearchedCollection(index), artifacts)


@dataclass(frozen=True)
class SearchedCollection:
    """A collection in memory, opened as the retriever searches an index; it holds its own texts."""

    index: InMemoryIndex

    @property
    def documents(self) -> "SearchedCollection":
        """The texts: those of the collection."""
        return self

    def search(self, field: str, queries: Floats, k: int) -> tuple[Floats, Rows]:
        """The ``k`` nearest rows of a field to each query."""
        return InMemory(self.index.fields).search(field, queries, k)

    def scores(self, field: str, queries: Floats, rows: Rows) -> Floats:
        """(queries, rows) inner products."""
        return InMemory(self.index.fields).scores(field, queries, rows)

    @cached_property
    def answer_ids(self) -> Sequence[str]:
        """A name for each answer: its row."""
        return [str(row) for row in range(len(self.index.passages))]

    @cached_property
    def _rows_by_key(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for row in self.index.titled.tolist():
            found.setdefault(title_key(self.index.titles[row]), []).append(row)
        return found

    def passage(self, row: int) -> Passage:
        """A passage as if it were the whole of its answer."""
        place = int(self.index.statistics.answer_of[row])
        text = self.index.passages[place][row - int(self.index.statistics.passage_starts[place])]
        question = int(self.index.statistics.question_of[place])
        title = self.index.titles[question] if self.index.titles else ""
        answer = Answer(str(place), text)
        return Passage(Question(str(question), title, Source("", question), answers=(answer,)), answer, 0, len(text))

    def related(self, row: int) -> RelatedQuestion:
        """A stored question as it is offered."""
        return RelatedQuestion(str(row), self.index.titles[row])

    def rows_titled(self, title: str) -> list[int]:
        """The rows of the questions with this title, folded."""
        return self._rows_by_key.get(title_key(title), [])
