"""Document store: ``documents.sqlite`` with every question, answer and passage by row.

::

    question(row, id, key, record)        key: the title as ``title_key`` folds it, empty where it says nothing;
                                          record: without id and answers, with ``"untitled": true`` there
    answer(row, id, question, record)     question: its row; record: without id
    passage(row, answer, start, end)      answer: its row; start and end count code points in the body

Records are those of ``askdoc.question_records``, as JSON. Rows count from 0 in the order of the corpus, so the same
corpus gives the same bytes.
"""

import json
import os
import sqlite3
import weakref
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from askdoc import text
from askdoc.corpus import passages
from askdoc.corpus.authorship_labels import label
from askdoc.models import Answer, ContentLabels, Passage, Question, RelatedQuestion, Source
from askdoc.question_records import answer_of, answer_record, question_of, question_record

NAME = "documents.sqlite"
_SCHEMA = """
    PRAGMA temp_store = MEMORY;
    CREATE TABLE question (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, key TEXT NOT NULL, record TEXT NOT NULL);
    CREATE TABLE answer (
        row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, question INTEGER NOT NULL, record TEXT NOT NULL);
    CREATE TABLE passage (
        row INTEGER PRIMARY KEY, answer INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL);
    CREATE INDEX question_key ON question (key);
    CREATE INDEX answer_question ON answer (question);
"""


def title_key(title: str) -> str:
    """Fold a title: without case, accents' encoding, punctuation and odd spacing the same question has the same key."""
    return " ".join(text.words(title))


def dump(questions: Sequence[Question], pieces: Sequence[Passage]) -> bytes:
    """Give the bytes of ``documents.sqlite``. ``pieces`` are the passages of the questions, in their order."""
    database = sqlite3.connect(":memory:")
    try:
        database.executescript(_SCHEMA)
        rows: dict[str, int] = {}
        for number, question in enumerate(questions):
            row = (number, question.id, _key(question), _json(_stored(question)))
            database.execute("INSERT INTO question VALUES (?, ?, ?, ?)", row)
            for answer in question.answers:
                rows[answer.id] = len(rows)
                values = (rows[answer.id], answer.id, number, _json(_without_id(answer_record(answer))))
                database.execute("INSERT INTO answer VALUES (?, ?, ?, ?)", values)
        database.executemany(
            "INSERT INTO passage VALUES (?, ?, ?, ?)",
            ((number, rows[piece.answer.id], piece.start, piece.end) for number, piece in enumerate(pieces)),
        )
        database.commit()
        return database.serialize()
    finally:
        database.close()


class DocumentStore:
    """An opened ``documents.sqlite``; safe to share between threads, as SQLite serialises its calls."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        # Closed once no request holds it any more: a server that changes generations cannot tell when that is.
        self.close = weakref.finalize(self, database.close)

    @classmethod
    def open(cls, path: Path) -> "DocumentStore":
        """Open a file that ``dump`` wrote, for reading only. Raises sqlite3.Error."""
        uri = f"file:{quote(os.fsencode(path.resolve()))}?mode=ro&immutable=1"
        return cls(sqlite3.connect(uri, uri=True, check_same_thread=False))

    @cached_property
    def answer_of(self) -> NDArray[np.int64]:
        """(passages,) the answer's row of each passage."""
        return self._numbers("SELECT answer AS number FROM passage ORDER BY row")

    @cached_property
    def question_of(self) -> NDArray[np.int64]:
        """(answers,) the question's row of each answer."""
        return self._numbers("SELECT question AS number FROM answer ORDER BY row")

    def _numbers(self, query: str) -> NDArray[np.int64]:
        """A column of numbers, as one text: a million of them row by row would take five times as long."""
        [joined] = self._database.execute(f"SELECT group_concat(number) FROM ({query})").fetchone()
        return np.fromstring(joined or "", np.int64, sep=",")

    def pages(self) -> Iterator[Question]:
        """Every question with its answers, in the order of the corpus."""
        answers: dict[int, list[Answer]] = {}
        for row, record in self._records("SELECT question, id, record FROM answer ORDER BY row"):
            answers.setdefault(row, []).append(answer_of(record))
        for row, record in self._records("SELECT row, id, record FROM question ORDER BY row"):
            yield _question(record, answers=tuple(answers.get(row, ())))

    def _records(self, query: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Rows of a number and a record with its id. Parsing all records at once takes a third of the time."""
        rows = self._database.execute(query).fetchall()
        parsed = json.loads(f"[{','.join(record for _, _, record in rows)}]")
        for (number, record_id, _), record in zip(rows, parsed, strict=True):
            yield number, {**record, "id": record_id}

    def spans(self) -> dict[str, list[tuple[int, int]]]:
        """The bounds of the passages of every answer, by its id, in the order of the corpus."""
        bounds: dict[str, list[tuple[int, int]]] = {}
        query = 'SELECT id, start, "end" FROM passage JOIN answer ON answer.row = passage.answer ORDER BY passage.row'
        for answer_id, start, end in self._database.execute(query):
            bounds.setdefault(answer_id, []).append((start, end))
        return bounds

    def passage(self, row: int) -> Passage:
        """A passage with its answer and its question; the question comes without its other answers."""
        answer, start, end = self._record("SELECT answer, start, end FROM passage WHERE row = ?", row)
        answer_id, question, record = self._record("SELECT id, question, record FROM answer WHERE row = ?", answer)
        return passages.restore(self.question(question), answer_of(_parsed(answer_id, record)), start, end)

    def question(self, row: int) -> Question:
        """A question without its answers."""
        question_id, record = self._record("SELECT id, record FROM question WHERE row = ?", row)
        return _question(_parsed(question_id, record))

    def related(self, row: int) -> RelatedQuestion:
        """A question as it is offered beside others."""
        question_id, record = self._record("SELECT id, record FROM question WHERE row = ?", row)
        return RelatedQuestion(question_id, json.loads(record)["title"])

    @cached_property
    def titled(self) -> NDArray[np.int64]:
        """(titles,) the question's row of each title that says something."""
        return self._numbers("SELECT row AS number FROM question WHERE key <> '' ORDER BY row")

    @cached_property
    def answer_ids(self) -> tuple[str, ...]:
        """The ids of all answers by row."""
        rows = self._database.execute("SELECT id FROM answer ORDER BY row").fetchall()
        return tuple(answer_id for (answer_id,) in rows)

    def asked(self) -> Iterator[tuple[str, str]]:
        """Id and title of every question that has an answer and a title that says something, in the corpus's order."""
        query = (
            "SELECT id, json_extract(record, '$.title') FROM question "
            "WHERE key <> '' AND row IN (SELECT question FROM answer) ORDER BY row"
        )
        yield from self._database.execute(query).fetchall()

    def rows_titled(self, title: str) -> list[int]:
        """The rows of the questions with this title, if it says something, but for case, punctuation and spacing."""
        query = "SELECT row FROM question WHERE key = ? AND key <> '' ORDER BY row"
        return [row for (row,) in self._database.execute(query, (title_key(title),)).fetchall()]

    def answer(self, answer_id: str) -> tuple[Question, Answer] | None:
        """An answer by its id or else its key, with its question, or None."""
        return self._by_id(answer_id) or self._by_id(self._ids_by_key.get(answer_id, ""))

    def _by_id(self, answer_id: str) -> tuple[Question, Answer] | None:
        row = self._database.execute("SELECT question, record FROM answer WHERE id = ?", (answer_id,)).fetchone()
        return None if row is None else (self.question(row[0]), answer_of(_parsed(answer_id, row[1])))

    @cached_property
    def _ids_by_key(self) -> dict[str, str]:
        return {Answer(answer_id, "").key: answer_id for answer_id in self.answer_ids}

    @cached_property
    def labels(self) -> ContentLabels:
        """Counts of what the pages that have answers say that their text is."""
        query = (
            "SELECT json_extract(record, '$.disclaimer'), count(*) FROM question "
            "WHERE row IN (SELECT question FROM answer) GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        counts: Counter[str] = Counter()
        pages = 0
        for disclaimer, count in self._database.execute(query):
            pages += count
            if own := label(disclaimer):
                counts[own] += count
        return ContentLabels(pages, tuple(counts.most_common()))

    def _record(self, query: str, row: int) -> Any:
        """The values of one row. Raises KeyError where there is no such row."""
        record = self._database.execute(query, (int(row),)).fetchone()
        if record is None:
            raise KeyError(row)
        return record


_json = json.JSONEncoder(ensure_ascii=False).encode


def _key(question: Question) -> str:
    return "" if question.untitled else title_key(question.title)


def _stored(question: Question) -> dict[str, Any]:
    """The record of a question without its answers, with its place in the corpus and whether its title says nothing."""
    source = {"file": question.source.file, "line": question.source.line}
    untitled = {"untitled": True} if question.untitled else {}
    return {**_without_id(question_record(replace(question, answers=()))), "source": source, **untitled}


def _without_id(record: dict[str, Any]) -> dict[str, Any]:
    """A record as it stands beside its id, which has a column of its own."""
    return {name: value for name, value in record.items() if name != "id"}


def _parsed(record_id: str, record: str) -> dict[str, Any]:
    return {**json.loads(record), "id": record_id}


def _question(record: dict[str, Any], *, answers: tuple[Answer, ...] = ()) -> Question:
    return question_of(record, Source(**record.pop("source")), answers=answers)
