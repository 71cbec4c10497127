"""Refuses records in another project's schema, with a hint that says which field was meant.

Nothing is converted: the names of foreign fields say too little about whose words they hold.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from askdoc.corpus import field_values
from askdoc.corpus.field_values import InvalidRecord, path
from askdoc.corpus.reader import quoted

FORM = '{"title": "…", "answers": [{"body": "…", "author": {"name": "…"}}]}'
HINT = f"Write it as {FORM}."
# Names under which other projects keep a field, the likeliest first, as ``_normalized`` gives them.
_OTHER_NAMES = {
    "title": (
        "question", "query", "input", "instruction", "prompt", "questiontitle", "questiontext", "subject", "name", "q",
        "description", "text",
    ),
    "answers": (
        "answer", "output", "response", "responses", "reply", "replies", "acceptedanswer", "suggestedanswer",
        "bestanswer", "doctoranswers", "doctoranswer", "answertext", "completion", "mainentity", "messages",
        "conversation", "conversations", "dialogue", "dialog", "utterances", "a",
    ),
    "body": ("text", "answer", "content", "response", "reply", "message", "output", "comment", "html", "description"),
    "author": (
        "doctor", "doctorname", "authorname", "physician", "answeredby", "provider", "expert", "specialist", "by",
        "user", "username", "name",
    ),
}  # fmt: skip
# Beside the answers, these name the doctor; the other names of an author may stand there for whoever asked.
_DOCTOR = {"doctor", "doctorname", "physician", "answeredby"}


def check(record: Mapping[str, Any]) -> None:
    """Refuse a record whose question or answers stand under other names, for its words would be lost."""
    if "@type" in record or "@context" in record:
        hint = f"Its 'name' is a title, its 'text' a body. {HINT}"
        raise InvalidRecord("The record is schema.org's, not askdoc's", hint)
    title, answers = record.get("title"), record.get("answers")
    if not title and not answers and (inside := _list_inside(record)):
        hint = f"The records seem to stand inside {quoted(inside)}; write that list alone, or a record to a line."
        raise InvalidRecord("'title' is missing or empty", f"{hint} {field_values.HINT}")
    meant = [(field, _other_names(record, field)) for field in ("title", "answers") if not record.get(field)]
    suggestions = [f"'{field}' by {quoted(names[0])}" for field, names in meant if names]
    if suggestions and (not title or not isinstance(title, str)):
        raise InvalidRecord("'title' is missing or empty", f"Did you mean {', and '.join(suggestions)}? {HINT}")
    if suggestions:
        raise InvalidRecord("'answers' is missing or empty", f"Did you mean {suggestions[0]}? {HINT}")


def check_answer(row: Mapping[str, Any], place: str) -> None:
    """Refuse an answer whose text or doctor stands under another name."""
    for field in ("body", "author"):
        names = [] if row.get(field) else _other_names(row, field)
        if names:
            hint = f"Did you mean '{field}' by {quoted(names[0])}? {HINT}"
            raise InvalidRecord(f"'{path(place, field)}' is missing or empty", hint)


def check_doctor(record: Mapping[str, Any]) -> None:
    """Refuse a record that names a doctor beside answers that name none: nobody's words are left without their name."""
    named = next((name for name in _other_names(record, "author") if _normalized(name) in _DOCTOR), None)
    answers = record.get("answers") or []
    if named and isinstance(answers, list | str) and not any(map(_has_author, answers)):
        hint = f"Did you mean 'author' by {quoted(named)}? {HINT}"
        raise InvalidRecord("'answers[0].author' is missing or empty", hint)


def _has_author(row: object) -> bool:
    return isinstance(row, dict) and bool(row.get("author"))


def _other_names(row: Mapping[str, Any], field: str) -> list[str]:
    """The names in a row that seem to mean a field, the likeliest first: near spellings, then known names."""
    given = {_normalized(name): name for name in row if name != field and row[name] not in (None, "", [], {})}
    known = [given[name] for name in (field, *_OTHER_NAMES[field]) if name in given]
    near = [given[name] for name in get_close_matches(field, given, cutoff=0.8)]
    return list(dict.fromkeys([*near, *known]))


def _normalized(name: str) -> str:
    """A field's name in small letters, without underscores, hyphens and spaces."""
    return re.sub(r"[\W_]", "", name).lower()


def _list_inside(record: Mapping[str, Any]) -> str | None:
    """The name of a field that holds a list of objects and is no other project's name for the answers."""
    lists = (name for name, value in record.items() if isinstance(value, list) and value and isinstance(value[0], dict))
    return next((name for name in lists if _normalized(name) not in _OTHER_NAMES["answers"]), None)
