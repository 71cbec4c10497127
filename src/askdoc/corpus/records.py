"""Checks a JSON record and converts it into a question with its answers.

``askdoc.question_records`` shows the fields.
Only ``title`` and each answer's ``body`` are required. A record with anything wrong in it is left out whole,
with the reason: half a record would be quoted as if it were the doctor's whole answer. ``field_values`` says which
values are taken, ``schema_hints`` what was meant by other names.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from askdoc.corpus import decoding, field_values, markup_residue, mojibake, schema_hints
from askdoc.corpus.field_values import HINT, InvalidRecord, RecordRemarks
from askdoc.corpus.reader import Finding, RowResult, quoted
from askdoc.models import Answer, Author, Provenance, Question, Source
from askdoc.question_records import ANSWER_FIELDS, AUTHOR_FIELDS, PROVENANCE_FIELDS, QUESTION_FIELDS

_PROVENANCE_HINT = 'Write it as {"address": "https://…", "imported": "2024-05-01", "sha256": "…"}, or leave it out.'
_MOST_NAMED = 10
"""How many unknown fields of a record a remark names."""


def to_question(value: object, source: Source, *, default_id: str) -> RowResult:
    """Convert the value of a row, as JSON gives it; the remarks are those on the record.

    Raises ``InvalidRecord`` where anything is wrong with it.
    """
    remarks = RecordRemarks()
    record = _record(value, remarks)
    question = _question(record, source, default_id, remarks)
    _check_words(question, remarks)
    return RowResult(question, (*remarks.findings(source), *_unknown_fields(record, source)))


def _record(value: object, remarks: RecordRemarks) -> Mapping[str, Any]:
    """The record with its answers as a list."""
    if not isinstance(value, dict):
        raise InvalidRecord("The line must hold a JSON object", schema_hints.HINT)
    record: Mapping[str, Any] = value
    schema_hints.check(record)
    answers = record.get("answers")
    if isinstance(answers, dict) and answers:
        remarks.add("answers", "is one object, read as a list of one answer", schema_hints.HINT)
        record = {**record, "answers": [answers]}
    schema_hints.check_doctor(record)
    return record


def _question(record: Mapping[str, Any], source: Source, default_id: str, remarks: RecordRemarks) -> Question:
    question_id = field_values.text(record, "id") or default_id
    return Question(
        id=question_id,
        answers=_answers(record.get("answers"), question_id, remarks),
        title=field_values.required_text(record, "title"),
        details=field_values.text(record, "details"),
        url=field_values.web_address(record, "url"),
        topics=field_values.text_list(record, "topics"),
        disclaimer=field_values.text(record, "disclaimer"),
        source=source,
        provenance=_provenance(record.get("provenance")),
    )


def _provenance(value: object) -> Provenance | None:
    if value is None:
        return None
    row = _object(value, "provenance", _PROVENANCE_HINT)
    return Provenance(
        address=field_values.web_address(row, "address", "provenance"),
        imported=field_values.import_day(row, "imported", "provenance"),
        sha256=field_values.sha256(row, "sha256", "provenance"),
    )


def _answers(rows: object, question_id: str, remarks: RecordRemarks) -> tuple[Answer, ...]:
    if rows is not None and not isinstance(rows, list):
        raise InvalidRecord("'answers' must be a list", schema_hints.HINT)
    if not rows:
        hint = "It is kept as a question without an answer; add its answers, or take it out."
        remarks.add("answers", "is missing or empty: nothing of this record can be quoted", hint)
        return ()
    answers = tuple(
        _answer(_object(row, f"answers[{n}]"), f"answers[{n}]", f"{question_id}:{n + 1}", remarks)
        for n, row in enumerate(rows)
    )
    if len({answer.id for answer in answers}) < len(answers):
        raise InvalidRecord("Two answers have the same 'id'")
    return answers


def _answer(row: Mapping[str, Any], place: str, default_id: str, remarks: RecordRemarks) -> Answer:
    schema_hints.check_answer(row, place)
    return Answer(
        id=field_values.text(row, "id", place) or default_id,
        headline=field_values.text(row, "headline", place),
        body=field_values.required_text(row, "body", place),
        author=_author(row.get("author"), f"{place}.author", remarks),
        votes=field_values.whole_number(row, "votes", place),
        date=field_values.date(row, place, remarks),
        accepted=field_values.boolean(row, "accepted", place),
    )


def _author(value: object, place: str, remarks: RecordRemarks) -> Author:
    """The doctor; a text in place of an object is the doctor's name, to the letter."""
    if isinstance(value, str):
        value = {"name": value}
        if name := field_values.text(value, "name", place):
            hint = 'Write it as {"name": "…", "title": "…"} to be sure.'
            remarks.add(place, f"is a text, read as the doctor's name: {quoted(name)}", hint)
    row = _object({} if value is None else value, place)
    review_count = field_values.whole_number(row, "review_count", place)
    if review_count is not None and review_count < 0:
        raise InvalidRecord(f"'{place}.review_count' must not be negative")
    return Author(
        name=field_values.text(row, "name", place),
        title=field_values.text(row, "title", place),
        specialty=field_values.text(row, "specialty", place),
        location=field_values.text(row, "location", place),
        rating=field_values.rating(row, place),
        review_count=review_count,
        url=field_values.web_address(row, "url", place),
    )


def _object(value: object, place: str, hint: str = schema_hints.HINT) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InvalidRecord(f"'{place}' must be an object", hint)
    return value


def _check_words(question: Question, remarks: RecordRemarks) -> None:
    """Refuse a record whose words are garbled; remark on what they have kept of a web page."""
    texts = list(_texts(question))
    if all(text.isascii() and not markup_residue.may_hold(text) for _, text in texts):
        return
    garbled = mojibake.find("\n".join(text for _, text in texts))
    for place, text in texts:
        if garbled and garbled.sample in text:
            what = f"{decoding.GARBLED}: {quoted(garbled.sample)}"
            if garbled.mostly:
                raise InvalidRecord(f"'{place}' {what}", decoding.SAVE_AGAIN)
            remarks.add(place, what, decoding.SAVE_AGAIN)
            garbled = None
        for residue in markup_residue.find(text):
            remarks.add(place, residue.reason, markup_residue.HINT)


def _texts(question: Question) -> Iterator[tuple[str, str]]:
    """Every text of a record that is shown, behind its place."""
    yield "title", question.title
    yield "details", question.details or ""
    yield "disclaimer", question.disclaimer or ""
    for n, answer in enumerate(question.answers):
        yield f"answers[{n}].headline", answer.headline or ""
        yield f"answers[{n}].body", answer.body
        for name in ("name", "title", "specialty", "location"):
            yield f"answers[{n}].author.{name}", getattr(answer.author, name) or ""


def _unknown_fields(record: Mapping[str, Any], source: Source) -> Iterator[Finding]:
    """A remark on the fields that have no meaning here, if there are any: a name may be misspelt."""
    names = sorted(_unknown_names(record))
    names[_MOST_NAMED:] = ["…"] if len(names) > _MOST_NAMED else []
    if names:
        yield Finding(source, f"Unknown fields are ignored: {', '.join(names)}.", HINT, kept=True)


def _unknown_names(record: Mapping[str, Any]) -> set[str]:
    names = {quoted(name) for name in record.keys() - set(QUESTION_FIELDS)}
    names |= {quoted(f"provenance.{name}") for name in (record.get("provenance") or {}).keys() - set(PROVENANCE_FIELDS)}
    for row in record.get("answers") or []:
        names |= {quoted(f"answers.{name}") for name in row.keys() - set(ANSWER_FIELDS)}
        author = row.get("author")
        if isinstance(author, dict):
            names |= {quoted(f"author.{name}") for name in author.keys() - set(AUTHOR_FIELDS)}
    return names
