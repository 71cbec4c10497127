"""Reads questions from JSONL: one JSON object on a line, one question in an object.

::

    {"id", "title", "details", "url", "topics": [], "disclaimer",
     "answers": [{"id", "headline", "body", "votes", "date", "accepted",
                  "author": {"name", "title", "specialty", "location", "rating", "review_count", "url"}}]}

Only ``title`` and each answer's ``body`` are required. A record with anything wrong in it is left out whole,
with the reason: half a record would be quoted as if it were the doctor's whole answer.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from askdoc.corpus.reading import Finding
from askdoc.models import Answer, Author, Question, Source

_QUESTION = {"id", "title", "details", "url", "topics", "disclaimer", "answers"}
_ANSWER = {"id", "headline", "body", "votes", "date", "accepted", "author"}
_AUTHOR = {"name", "title", "specialty", "location", "rating", "review_count", "url"}
_NO_TEXT = re.compile("[\ud800-\udfff\x00]")
HINT = "corpus/README.md shows what a record looks like."


class _Wrong(Exception):
    """What is wrong with a record, in words that follow its place."""


class Records:
    """The reader of JSONL: one line that is not blank is one row."""

    suffix = ".jsonl"

    def rows(self, data: bytes) -> int:
        return sum(1 for _ in _lines(data))

    def read(self, file: str, data: bytes) -> Iterator[Question | Finding]:
        lines = list(_lines(data))
        if not lines:
            yield Finding(Source(file, 1), "The file is empty.", f"Write one record to a line. {HINT}", kept=True)
        for number, line in lines:
            where = Source(file, number)
            try:
                record = _object(_parsed(line), "record")
                question = _question(record, where, f"{PurePosixPath(file).with_suffix('')}-{number}")
            except _Wrong as wrong:
                yield Finding(where, f"{wrong}.", HINT)
                continue
            yield question
            if unknown := sorted(_unknown(record)):
                unknown[10:] = ["…"] if len(unknown) > 10 else []
                yield Finding(where, f"Unknown fields are ignored: {', '.join(unknown)}.", HINT, kept=True)


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            yield number, line


def _parsed(line: bytes) -> Any:
    try:
        return _DECODER.decode(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise _Wrong("The line is not UTF-8") from None
    except RecursionError:
        raise _Wrong("The line is not JSON that can be read (nested too deeply)") from None
    except json.JSONDecodeError as error:
        raise _Wrong(f"The line is not JSON ({error.msg})") from None
    except ValueError:  # the interpreter's limit on the digits of a number
        raise _Wrong("The line is not JSON that can be read (a number is too long)") from None


def _no_constant(name: str) -> None:
    raise json.JSONDecodeError(f"{name} is no JSON number", "", 0)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a name given twice is refused, for there is no telling which of the two was meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Wrong(f"{_shown(twice)} is given twice in one object")
    return found


_DECODER = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_once)


def _shown(name: str) -> str:
    """A name from a record as a message can carry it: one line, no control characters, of sane length."""
    text = name if len(name) <= 60 else name[:60] + "…"
    return ascii(text) if not text.isprintable() else f"'{text}'"


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
    accepted, author = row.get("accepted"), row.get("author")
    if accepted is not None and not isinstance(accepted, bool):
        raise _Wrong(f"'{place}.accepted' must be true or false")
    return Answer(
        id=_text(row, "id", place) or name,
        headline=_text(row, "headline", place),
        body=_required(row, "body", place),
        author=_author(_object({} if author is None else author, f"{place}.author"), f"{place}.author"),
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
    if value is None:
        return None
    path = f"{place}.{name}" if place else name
    if name == "id" and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise _Wrong(f"'{path}' must be a text")
    _whole_text(value, path)
    return value if value.strip() else None


def _whole_text(value: str, path: str) -> None:
    if _NO_TEXT.search(value):
        raise _Wrong(f"'{path}' holds a character that is no text (half a surrogate pair, or NUL)")


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
    value = value.strip()
    try:
        parts = urlsplit(value)
        fit = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        fit = False
    if not fit or not value.isprintable() or " " in value:
        raise _Wrong(
            f"'{place}.url' must be an http or https address" if place else "'url' must be an http or https address"
        )
    return value


def _topics(record: Mapping[str, Any]) -> tuple[str, ...]:
    topics = record.get("topics")
    if topics is None:
        return ()
    if not isinstance(topics, list) or not all(isinstance(topic, str) for topic in topics):
        raise _Wrong("'topics' must be a list of texts")
    for n, topic in enumerate(topics):
        _whole_text(topic, f"topics[{n}]")
    return tuple(topic for topic in topics if topic.strip())


def _unknown(record: Mapping[str, Any]) -> set[str]:
    """The names in a record that was read which no field has."""
    found = {_shown(name) for name in set(record) - _QUESTION}
    for row in record.get("answers") or []:
        found |= {_shown(f"answers.{name}") for name in set(row) - _ANSWER}
        found |= {_shown(f"author.{name}") for name in set(row.get("author") or {}) - _AUTHOR}
    return found
