"""Reads questions from JSONL: one JSON object on a line, one question in an object.

::

    {"id", "title", "details", "url", "topics": [], "disclaimer",
     "answers": [{"id", "headline", "body", "votes", "date", "accepted",
                  "author": {"name", "title", "specialty", "location", "rating", "review_count", "url"}}]}

Only ``title`` and each answer's ``body`` are required. A record with anything wrong in it is left out whole,
with the reason: half a record would be quoted as if it were the doctor's whole answer.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from askdoc.corpus.reading import Finding
from askdoc.models import Answer, Author, Question, Source

_QUESTION = {"id", "title", "details", "url", "topics", "disclaimer", "answers"}
_ANSWER = {"id", "headline", "body", "votes", "date", "accepted", "author"}
_AUTHOR = {"name", "title", "specialty", "location", "rating", "review_count", "url"}
HINT = "corpus/README.md shows what a record looks like."


class _Wrong(Exception):
    """What is wrong with a record, in words that follow its place."""


class Records:
    """The reader of JSONL: one line that is not blank is one row."""

    suffix = ".jsonl"

    def rows(self, data: bytes) -> int:
        return sum(1 for _ in _lines(data))

    def read(self, file: str, data: bytes) -> Iterator[Question | Finding]:
        if not any(True for _ in _lines(data)):
            yield Finding(Source(file, 1), "The file is empty.", f"Write one record to a line. {HINT}", kept=True)
        for number, line in _lines(data):
            where = Source(file, number)
            try:
                record = _object(_parsed(line), "record")
                question = _question(record, where, f"{PurePosixPath(file).with_suffix('')}-{number}")
            except _Wrong as wrong:
                yield Finding(where, f"{wrong}.", HINT)
                continue
            yield question
            if unknown := sorted(_unknown(record)):
                yield Finding(where, f"Unknown fields are ignored: {', '.join(unknown)}.", HINT, kept=True)


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            yield number, line


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise _Wrong("The line is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", None) or "nested too deeply"
        raise _Wrong(f"The line is not JSON ({reason})") from None


def _no_constant(name: str) -> None:
    raise json.JSONDecodeError(f"{name} is no JSON number", "", 0)


def _question(record: Mapping[str, Any], where: Source, name: str) -> Question:
    question_id = _text(record, "id") or name
    rows = record.get("answers")
    if rows is None:
        rows = []
    if not isinstance(rows, list):
        raise _Wrong("'answers' must be a list")
    answers = tuple(
        _answer(_object(row, f"answers[{n}]"), f"answers[{n}]", f"{question_id}:{n + 1}") for n, row in enumerate(rows)
    )
    ids = [answer.id for answer in answers]
    if len(set(ids)) < len(ids):
        raise _Wrong("Two answers have the same 'id'")
    return Question(
        id=question_id,
        title=_required(record, "title"),
        details=_text(record, "details"),
        answers=answers,
        url=_url(record),
        topics=_topics(record),
        disclaimer=_text(record, "disclaimer"),
        source=where,
    )


def _answer(row: Mapping[str, Any], place: str, name: str) -> Answer:
    accepted = row.get("accepted")
    if accepted is not None and not isinstance(accepted, bool):
        raise _Wrong(f"'{place}.accepted' must be true or false")
    return Answer(
        id=_text(row, "id", place) or name,
        headline=_text(row, "headline", place),
        body=_required(row, "body", place),
        author=_author(_object(row.get("author") or {}, f"{place}.author"), f"{place}.author"),
        votes=_whole(row, "votes", place),
        date=_text(row, "date", place),
        accepted=bool(accepted),
    )


def _author(row: Mapping[str, Any], place: str) -> Author:
    rating = row.get("rating")
    if rating is not None and (isinstance(rating, bool) or not isinstance(rating, int | float) or not 0 <= rating <= 5):
        raise _Wrong(f"'{place}.rating' must be a number from 0 to 5")
    reviews = _whole(row, "review_count", place)
    if reviews is not None and reviews < 0:
        raise _Wrong(f"'{place}.review_count' must not be negative")
    return Author(
        name=_text(row, "name", place),
        title=_text(row, "title", place),
        specialty=_text(row, "specialty", place),
        location=_text(row, "location", place),
        rating=None if rating is None else float(rating),
        review_count=reviews,
        url=_url(row, place),
    )


def _object(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong(f"'{place}' must be an object" if place != "record" else "The line must hold a JSON object")
    return value


def _text(row: Mapping[str, Any], name: str, place: str = "") -> str | None:
    """A text or None; a whole number is taken for an id. Texts of white space alone count as missing."""
    value = row.get(name)
    path = f"{place}.{name}" if place else name
    if name == "id" and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _Wrong(f"'{path}' must be a text")
    if any(0xD800 <= ord(letter) < 0xE000 or letter == "\x00" for letter in value):
        raise _Wrong(f"'{path}' holds a character that is no text (half a surrogate pair, or NUL)")
    return value if value.strip() else None


def _required(row: Mapping[str, Any], name: str, place: str = "") -> str:
    value = _text(row, name, place)
    if value is None:
        raise _Wrong(f"'{place}.{name}' is missing or empty" if place else f"'{name}' is missing or empty")
    return value


def _whole(row: Mapping[str, Any], name: str, place: str) -> int | None:
    value = row.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**53):
        raise _Wrong(f"'{place}.{name}' must be a whole number")
    return value


def _url(row: Mapping[str, Any], place: str = "") -> str | None:
    """A web address. Others (``javascript:`` …) are refused: the page makes links of these."""
    value = _text(row, "url", place)
    if value is None:
        return None
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise _Wrong(f"'{place}.url' must be an http or https address" if place else "'url' must be an http or https address")
    return value.strip()


def _topics(record: Mapping[str, Any]) -> tuple[str, ...]:
    topics = record.get("topics") or []
    if not isinstance(topics, list) or not all(isinstance(topic, str) for topic in topics):
        raise _Wrong("'topics' must be a list of texts")
    return tuple(topics)


def _unknown(record: Mapping[str, Any]) -> set[str]:
    found = set(record) - _QUESTION
    for row in record.get("answers") or []:
        found |= {f"answers.{name}" for name in set(row) - _ANSWER}
        found |= {f"author.{name}" for name in set(row.get("author") or {}) - _AUTHOR}
    return found
