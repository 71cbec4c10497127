"""Reads questions from JSONL: one JSON object on a line, one question in an object.

::

    {"id", "title", "details", "url", "topics": [], "disclaimer",
     "answers": [{"id", "headline", "body", "votes", "date", "accepted",
                  "author": {"name", "title", "specialty", "location", "rating", "review_count", "url"}}]}

Only ``title`` and each answer's ``body`` are required. A record with anything wrong in it is left out whole,
with the reason: half a record would be quoted as if it were the doctor's whole answer. ``fields`` says which
values are taken, ``shapes`` what was meant by other names, and ``json_rows`` which layouts of a file are read.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, NoReturn

from askdoc.corpus import decoding, field_values, json_rows, markup_residue, mojibake, schema_hints
from askdoc.corpus.field_values import HINT, Remarks, Wrong
from askdoc.corpus.reader import Finding, RowResult, quoted
from askdoc.models import Answer, Author, Question, Source

_QUESTION = {"id", "title", "details", "url", "topics", "disclaimer", "answers"}
_ANSWER = {"id", "headline", "body", "votes", "date", "accepted", "author"}
_AUTHOR = {"name", "title", "specialty", "location", "rating", "review_count", "url"}
_MOST_NAMED = 10
_NOT_UTF_8 = re.compile("[\udc80-\udcff]")  # as ``surrogateescape`` keeps such bytes
LARGEST_FILE = 1_000_000_000


class JsonlReader:
    """The reader of JSONL: one record is one row."""

    kind = "*.jsonl"
    largest = LARGEST_FILE

    def detects(self, name: str, head: bytes) -> bool:  # noqa: ARG002 - JSON has no signature
        return name.lower().endswith(".jsonl")

    def read(self, file: str, data: bytes) -> Iterator[RowResult | Finding]:
        text, remarks = _text(file, data)
        parted = json_rows.part(text)
        if not parted.rows:
            yield Finding(Source(file, 1), "The file is empty.", f"Write one record to a line. {HINT}", kept=True)
        is_used = False
        for number, row in enumerate(parted.rows, 1):
            result = _row(file, number, row, parted)
            is_used = is_used or isinstance(result.outcome, Question)
            yield result
        if is_used:
            yield from remarks
            yield from _layout(file, parted)


def _text(file: str, data: bytes) -> tuple[str, tuple[Finding, ...]]:
    """The text of a file, and remarks on its encoding. What is not UTF-8 stays recognisable, line by line."""
    wide = decoding.utf_16(file, data)
    if wide:
        return wide.text, wide.remarks
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape"), ()


def _layout(file: str, parted: json_rows.Rows) -> Iterator[Finding]:
    if not parted.lined and not parted.broken:
        reason = "The file is not JSONL, with one record to a line, but it is JSON; its records were read."
        yield Finding(Source(file, 1), reason, "Nothing needs to be done if all of them are there.", kept=True)


def _row(file: str, number: int, row: tuple[int, str], parted: json_rows.Rows) -> RowResult:
    """The question of one row with its remarks, or why it is left out."""
    line, text = row
    where = Source(file, line)
    remarks: Remarks = {}
    try:
        record = _record(_broken() if parted.broken and number == len(parted.rows) else _parsed(text), remarks)
        name = f"{PurePosixPath(file).with_suffix('')}-{line if parted.lined else number}"
        question = _question(record, where, name, remarks)
        _look_over(question, remarks)
    except Wrong as wrong:
        return RowResult(Finding(where, f"{wrong}.", wrong.hint))
    said = [Finding(where, f"{_named(places)} {what}.", hint, kept=True) for (what, hint), places in remarks.items()]
    if unknown := sorted(_unknown(record)):
        unknown[_MOST_NAMED:] = ["…"] if len(unknown) > _MOST_NAMED else []
        said.append(Finding(where, f"Unknown fields are ignored: {', '.join(unknown)}.", HINT, kept=True))
    return RowResult(question, tuple(said))


def _broken() -> NoReturn:
    raise Wrong("From here on the file cannot be read: it is neither JSONL nor whole JSON")


def _named(places: list[str]) -> str:
    more = len(places) - 1
    return f"'{places[0]}'" if not more else f"'{places[0]}' (and {more} more)"


def _parsed(text: str) -> Any:
    if _NOT_UTF_8.search(text):
        raise Wrong("The line is not UTF-8", decoding.how_to_save(text.encode("utf-8", "surrogateescape")))
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise Wrong("The line is not JSON that can be read (nested too deeply)") from None
    except json.JSONDecodeError as error:
        raise Wrong(f"The line is not JSON ({error.msg})") from None
    except ValueError:  # the interpreter's limit on the digits of a number
        raise Wrong("The line is not JSON that can be read (a number is too long)") from None


def _no_constant(name: str) -> None:
    raise json.JSONDecodeError(f"{name} is no JSON number", "", 0)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a name given twice is refused, for there is no telling which of the two was meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Wrong(f"{quoted(twice)} is given twice in one object")
    return found


_DECODER = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_once)


def _record(value: object, remarks: Remarks) -> Mapping[str, Any]:
    """The record with its answers as a list."""
    record = _object(value, "record")
    schema_hints.check(record)
    answers = record.get("answers")
    if isinstance(answers, dict) and answers:
        remarks[("is one object, read as a list of one answer", f"Write it as {schema_hints.FORM}.")] = ["answers"]
        record = {**record, "answers": [answers]}
    schema_hints.check_doctor(record)
    return record


def _question(record: Mapping[str, Any], where: Source, name: str, remarks: Remarks) -> Question:
    question_id = field_values.text(record, "id") or name
    rows = record.get("answers")
    if rows is None:
        rows = []
    if not isinstance(rows, list):
        raise Wrong("'answers' must be a list", f"Write it as {schema_hints.FORM}.")
    if not rows:
        hint = "It is kept as a question without an answer; add its answers, or take it out."
        remarks[("is missing or empty: nothing of this record can be quoted", hint)] = ["answers"]
    answers = tuple(
        _answer(_object(row, f"answers[{n}]"), f"answers[{n}]", f"{question_id}:{n + 1}", remarks)
        for n, row in enumerate(rows)
    )
    ids = [answer.id for answer in answers]
    if len(set(ids)) < len(ids):
        raise Wrong("Two answers have the same 'id'")
    return Question(
        id=question_id,
        title=field_values.required(record, "title"),
        details=field_values.text(record, "details"),
        answers=answers,
        url=field_values.url(record),
        topics=field_values.texts(record, "topics"),
        disclaimer=field_values.text(record, "disclaimer"),
        source=where,
    )


def _answer(row: Mapping[str, Any], place: str, name: str, remarks: Remarks) -> Answer:
    schema_hints.check_answer(row, place)
    return Answer(
        id=field_values.text(row, "id", place) or name,
        headline=field_values.text(row, "headline", place),
        body=field_values.required(row, "body", place),
        author=_author(row.get("author"), f"{place}.author", remarks),
        votes=field_values.whole(row, "votes", place),
        date=field_values.day(row, place, remarks),
        accepted=field_values.flag(row, "accepted", place),
    )


def _author(value: object, place: str, remarks: Remarks) -> Author:
    """The doctor; a text in place of an object is the doctor's name, to the letter."""
    if isinstance(value, str):
        value = {"name": value}
        if name := field_values.text(value, "name", place):
            hint = 'Write it as {"name": "…", "title": "…"} to be sure.'
            remarks.setdefault((f"is a text, read as the doctor's name: {quoted(name)}", hint), []).append(place)
    row = _object({} if value is None else value, place)
    reviews = field_values.whole(row, "review_count", place)
    if reviews is not None and reviews < 0:
        raise Wrong(f"'{place}.review_count' must not be negative")
    return Author(
        name=field_values.text(row, "name", place),
        title=field_values.text(row, "title", place),
        specialty=field_values.text(row, "specialty", place),
        location=field_values.text(row, "location", place),
        rating=field_values.rating(row, place),
        review_count=reviews,
        url=field_values.url(row, place),
    )


def _object(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Wrong(f"'{place}' must be an object" if place != "record" else "The line must hold a JSON object", _FORM)
    return value


_FORM = f"Write it as {schema_hints.FORM}."


def _look_over(question: Question, remarks: Remarks) -> None:
    """Refuse a record whose words are garbled; remark on what they have kept of a page."""
    words = list(_words(question))
    if all(text.isascii() and not markup_residue.may_hold(text) for _, text in words):
        return
    garbled = mojibake.find("\n".join(text for _, text in words))
    for place, text in words:
        if garbled and garbled.sample in text:
            what = f"{decoding.GARBLED}: {quoted(garbled.sample)}"
            if garbled.mostly:
                raise Wrong(f"'{place}' {what}", decoding.SAVE_AGAIN)
            remarks.setdefault((what, decoding.SAVE_AGAIN), []).append(place)
            garbled = None
        for left in markup_residue.find(text):
            remarks.setdefault((left.reason, markup_residue.HINT), []).append(place)


def _words(question: Question) -> Iterator[tuple[str, str]]:
    """Every text of a record that is shown, with its place."""
    yield "title", question.title
    yield "details", question.details or ""
    yield "disclaimer", question.disclaimer or ""
    for n, answer in enumerate(question.answers):
        yield f"answers[{n}].headline", answer.headline or ""
        yield f"answers[{n}].body", answer.body
        author = answer.author
        for name in ("name", "title", "specialty", "location"):
            yield f"answers[{n}].author.{name}", getattr(author, name) or ""


def _unknown(record: Mapping[str, Any]) -> set[str]:
    """The names in a record that was read which no field has."""
    found = {quoted(name) for name in set(record) - _QUESTION}
    for row in record.get("answers") or []:
        found |= {quoted(f"answers.{name}") for name in set(row) - _ANSWER}
        author = row.get("author")
        found |= {quoted(f"author.{name}") for name in set(author) - _AUTHOR} if isinstance(author, dict) else set()
    return found
