"""An opened index that lives in no folder: what ``OpenedIndex`` asks for, in plain Python and numpy."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from askdoc.corpus.authorship_labels import label
from askdoc.index import array_codec, generation, word_counts
from askdoc.index.bm25 import InvertedIndex
from askdoc.index.documents import title_key
from askdoc.index.field_texts import texts
from askdoc.index.manifest import Manifest
from askdoc.index.protocol import OpenedIndex
from askdoc.index.vectors.protocol import Rows, Vectors
from askdoc.index.word_counts import Vocabulary
from askdoc.models import Answer, ContentLabels, Passage, Question, RelatedQuestion
from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.offline.prepare import EmbeddedCorpus, prepare
from askdoc.safety import examples
from tests import tiny


@dataclass(frozen=True)
class ListedDocuments:
    """Questions with their answers, and passages, in lists."""

    questions: Sequence[Question]
    passages: Sequence[Passage]

    @cached_property
    def _answers(self) -> list[tuple[int, Answer]]:
        return [(row, answer) for row, question in enumerate(self.questions) for answer in question.answers]

    @property
    def answer_of(self) -> NDArray[np.int64]:
        return np.array([self.answer_ids.index(passage.answer.id) for passage in self.passages], np.int64)

    @property
    def question_of(self) -> NDArray[np.int64]:
        return np.array([row for row, _ in self._answers], np.int64)

    @property
    def answer_ids(self) -> Sequence[str]:
        return tuple(answer.id for _, answer in self._answers)

    @property
    def labels(self) -> ContentLabels:
        own = [label(question.disclaimer) for question in self.questions if question.answers]
        counts = {name: own.count(name) for name in own if name}
        return ContentLabels(len(own), tuple(sorted(counts.items(), key=lambda pair: -pair[1])))

    def pages(self) -> Iterator[Question]:
        return iter(self.questions)

    def passage(self, row: int) -> Passage:
        passage = self.passages[row]
        question = self.question(self.questions.index(passage.question))
        return Passage(question, passage.answer, passage.start, passage.end)

    def question(self, row: int) -> Question:
        question = self.questions[row]
        return Question(**{name: getattr(question, name) for name in Question.__slots__} | {"answers": ()})

    def related(self, row: int) -> RelatedQuestion:
        return RelatedQuestion(self.questions[row].id, self.questions[row].title)

    @property
    def titled(self) -> NDArray[np.int64]:
        return np.array([row for row, question in enumerate(self.questions) if not question.untitled], np.int64)

    def rows_titled(self, title: str) -> list[int]:
        rows = self.titled.tolist()
        return [row for row in rows if title_key(self.questions[row].title) == title_key(title)]

    def answer(self, answer_id: str) -> tuple[Question, Answer] | None:
        named = [(row, answer) for row, answer in self._answers if answer_id in {answer.id, answer.key}]
        return (self.question(named[0][0]), named[0][1]) if named else None

    def asked(self) -> Iterable[tuple[str, str]]:
        answered = [question for question in self.questions if question.answers and not question.untitled]
        return [(question.id, question.title) for question in answered]


@dataclass(frozen=True)
class InMemoryIndex:
    """An index made of a corpus in memory, under a manifest that was written for it elsewhere."""

    manifest: Manifest
    embedder: tiny.TinyEmbedder
    documents: ListedDocuments
    vocabulary: Vocabulary
    vectors: Mapping[str, Vectors]
    inverted: Mapping[str, InvertedIndex]
    artifacts: Mapping[str, bytes]

    name = "memory"

    @property
    def index_id(self) -> str:
        return self.manifest.index_id

    def search(self, field: str, queries: Vectors, k: int) -> tuple[Vectors, Rows]:
        scores = queries @ self.vectors[field].T
        rows = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        return np.take_along_axis(scores, rows, 1), rows

    def scores(self, field: str, queries: Vectors, rows: Rows) -> Vectors:
        scores: Vectors = queries @ self.vectors[field][rows].T
        return scores

    def postings(self, field: str) -> InvertedIndex:
        return self.inverted[field]

    def artifact(self, name: str) -> bytes:
        return self.artifacts[name]


def copied(index: OpenedIndex) -> InMemoryIndex:
    """An index in memory of the same corpus, its vectors, words and artifacts made anew."""
    questions = list(index.documents.pages())
    by_id = {question.id: question for question in questions}
    stored = [index.documents.passage(row) for row in range(len(index.documents.answer_of))]
    passages = [
        Passage(by_id[piece.question.id], answer, piece.start, piece.end)
        for piece in stored
        for answer in by_id[piece.question.id].answers
        if answer.id == piece.answer.id
    ]
    embedder = tiny.TinyEmbedder()
    vectors = {field: embedder.encode(rows) for field, rows in texts(questions, passages).items()}
    corpus = EmbeddedCorpus(questions, passages, vectors).assessed()
    prepared = prepare(corpus, encoder=embedder, tables=ModelTables.plain())
    words = word_counts.dump(questions)
    safety = array_codec.dump(embedder.begin(examples.sentences())().inner)
    return InMemoryIndex(
        index.manifest,
        embedder,
        ListedDocuments(corpus.questions, passages),
        Vocabulary(*word_counts.load(words), ordinary=embedder.has_token),
        corpus.fields(),
        prepared.postings,
        {**prepared.files(), word_counts.NAME: words, generation.SAFETY: safety},
    )
