"""Records as lines of JSONL, and what their reader says of them."""

import json
from typing import Any

from askdoc.corpus.jsonl import JsonlReader
from askdoc.corpus.reader import Finding
from askdoc.models import Question
from tests.corpus.reading import flat

FULL: dict[str, Any] = {
    "id": "q1",
    "title": "Does cold help?",
    "details": "I fell.\nIs it broken?",
    "url": "https://example.org/q1?a=b#c",
    "topics": ["bruises", "first aid"],
    "disclaimer": "No advice.",
    "answers": [
        {
            "id": "a1",
            "headline": "Cold",
            "body": "  Ice helps.\r\n\r\nTwice a day. 😀 ",
            "votes": -3,
            "date": "2024-05-01",
            "accepted": True,
            "author": {
                "name": "Jane Roe, MD",
                "title": "Springfield Dermatologist",
                "specialty": "Dermatology",
                "location": "Springfield",
                "rating": 4.8,
                "review_count": 1204,
                "url": "http://example.org/roe",
            },
        },
        {"body": "Wait."},
    ],
}


A, B = {"title": "A?", "answers": [{"body": "One."}]}, {"id": "b", "title": "B?", "answers": [{"body": "Two."}]}

NO_ANSWERS = "nothing of this record can be quoted"


def read(data: bytes) -> list[Question | Finding]:
    """The rows and remarks of a file."""
    return list(flat(JsonlReader(), "folder/file.jsonl", data))


def lines(*records: object) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def one(record: object) -> Question:
    """The question of a record of which nothing is to be said, but that it may have no answers."""
    question, *remarks = read(lines(record))
    assert isinstance(question, Question), question
    assert all(isinstance(remark, Finding) and NO_ANSWERS in remark.reason for remark in remarks), remarks
    assert len(remarks) == (not question.answers)
    return question


def remarked(record: object) -> tuple[Question, list[Finding]]:
    """The question of a record, and what is said of it."""
    question, *remarks = read(lines(record))
    assert isinstance(question, Question), question
    findings = [remark for remark in remarks if isinstance(remark, Finding)]
    assert len(findings) == len(remarks)
    assert all(finding.kept and finding.hint.endswith(".") for finding in findings)
    assert all(str(finding).isprintable() for finding in findings)
    return question, findings


def rejected(data: bytes) -> str:
    """Why the only row of a file is left out."""
    (finding,) = read(data)
    assert isinstance(finding, Finding)
    assert not finding.kept
    assert str(finding.source) == "folder/file.jsonl:1"
    assert finding.reason.endswith(".")
    assert finding.hint.endswith(".")
    assert str(finding).isprintable()
    str(finding).encode()
    return finding.reason


def with_author(**fields: object) -> dict[str, object]:
    return {"title": "Q?", "answers": [{"body": "Yes.", "author": fields}]}


def with_answer(**fields: object) -> dict[str, object]:
    return {"title": "Q?", "answers": [{"body": "Yes.", **fields}]}
