"""Tells what was meant by a record in another project's shape, and how to write it.

Nothing is converted: the names of foreign fields say too little about whose words they hold.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from askdoc.corpus.field_values import HINT, Wrong, path
from askdoc.corpus.reader import quoted

FORM = '{"title": "…", "answers": [{"body": "…", "author": {"name": "…"}}]}'
# Names under which other projects keep a field, the likeliest first.
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
# Beside the answers these name the doctor; others may name whoever asked.
_DOCTOR = {"doctor", "doctorname", "physician", "answeredby"}


def other_names(row: Mapping[str, Any], field: str) -> list[str]:
    """The names in a row that seem to mean a field, the likeliest first."""
    plain = {_plain(name): name for name in row if name != field and row[name] not in (None, "", [], {})}
    known = [plain[name] for name in (field, *_OTHER_NAMES[field]) if name in plain]
    near = [plain[name] for name in get_close_matches(field, plain, cutoff=0.8)]
    return list(dict.fromkeys([*near, *known]))


def check(record: Mapping[str, Any]) -> None:
    """Refuse a record whose question or answers stand under other names, for its words would be lost."""
    title, answers = record.get("title"), record.get("answers")
    meant = [(field, other_names(record, field)) for field in ("title", "answers") if not record.get(field)]
    found = [f"'{field}' by {quoted(names[0])}" for field, names in meant if names]
    if "@type" in record or "@context" in record:
        raise Wrong("The record is schema.org's, not askdoc's", f"Its 'name' is a title, its 'text' a body. {_write()}")
    if not title and not answers and (inside := _list_inside(record)):
        hint = (
            f"The records seem to stand inside {quoted(inside)}; write that list alone, or a record to a line. {HINT}"
        )
        raise Wrong("'title' is missing or empty", hint)
    if found and (not title or not isinstance(title, str)):
        raise Wrong("'title' is missing or empty", f"Did you mean {', and '.join(found)}? {_write()}")
    if found:
        raise Wrong("'answers' is missing or empty", f"Did you mean {found[0]}? {_write()}")


def check_answer(row: Mapping[str, Any], place: str) -> None:
    """Refuse an answer whose text or doctor stands under another name."""
    for field in ("body", "author"):
        names = [] if row.get(field) else other_names(row, field)
        if names:
            reason = f"'{path(place, field)}' is missing or empty"
            raise Wrong(reason, f"Did you mean '{field}' by {quoted(names[0])}? {_write()}")


def check_doctor(record: Mapping[str, Any]) -> None:
    """Refuse a record that names a doctor beside answers that name none: nobody's words are left without their name."""
    named = next((name for name in other_names(record, "author") if _plain(name) in _DOCTOR), None)
    if named and not any(row.get("author") for row in record.get("answers") or [] if isinstance(row, dict)):
        raise Wrong("'answers[0].author' is missing or empty", f"Did you mean 'author' by {quoted(named)}? {_write()}")


def _write() -> str:
    return f"Write it as {FORM}."


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _list_inside(record: Mapping[str, Any]) -> str | None:
    """The name of a list of objects, where a record holds one and no question of its own."""
    lists = (name for name, value in record.items() if isinstance(value, list) and value and isinstance(value[0], dict))
    return next((name for name in lists if _plain(name) not in _OTHER_NAMES["answers"]), None)
