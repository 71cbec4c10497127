"""Writes questions and answers as records: plain values, as JSONL and indexes hold them.

::

    {"id", "title", "details", "url", "topics": [], "disclaimer",
     "provenance": {"address", "imported", "sha256"},
     "answers": [{"id", "headline", "body", "votes", "date", "accepted",
                  "author": {"name", "title", "specialty", "location", "rating", "review_count", "url"}}]}

The fields stand in this order, those without a value left out. What is read here was written here: records from
elsewhere are checked by ``askdoc.corpus.records``.
"""

from collections.abc import Mapping
from typing import Any

from askdoc.models import Answer, Author, Provenance, Question, Source

QUESTION_FIELDS = ("id", "title", "details", "url", "topics", "disclaimer", "provenance", "answers")
PROVENANCE_FIELDS = ("address", "imported", "sha256")
ANSWER_FIELDS = ("id", "headline", "body", "votes", "date", "accepted", "author")
AUTHOR_FIELDS = ("name", "title", "specialty", "location", "rating", "review_count", "url")


def question_record(question: Question) -> dict[str, Any]:
    """The record of a question with its answers. Where in the corpus it stands is no part of it."""
    record = _values(question, QUESTION_FIELDS)
    if question.provenance:
        record["provenance"] = _values(question.provenance, PROVENANCE_FIELDS)
    if question.answers:
        record["answers"] = [answer_record(answer) for answer in question.answers]
    return record


def answer_record(answer: Answer) -> dict[str, Any]:
    """The record of an answer with its author."""
    record = _values(answer, ANSWER_FIELDS)
    author = _values(record.pop("author"), AUTHOR_FIELDS)
    return {**record, "author": author} if author else record


def question_of(record: Mapping[str, Any], source: Source, *, answers: tuple[Answer, ...] = ()) -> Question:
    """The question that a record was written of; its answers are given apart."""
    provenance = record.get("provenance")
    values = {
        **record,
        "topics": tuple(record.get("topics", ())),
        "provenance": None if provenance is None else Provenance(**provenance),
        "answers": answers,
    }
    return Question(source=source, **values)


def answer_of(record: Mapping[str, Any]) -> Answer:
    """The answer that a record was written of."""
    return Answer(**{**record, "author": Author(**record.get("author", {}))})


def _values(noun: object, names: tuple[str, ...]) -> dict[str, Any]:
    """The fields of a noun that say something; zero is a value."""
    values = {name: getattr(noun, name) for name in names}
    return {name: value for name, value in values.items() if value not in (None, ()) and value is not False}
