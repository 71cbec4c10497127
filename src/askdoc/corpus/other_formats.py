"""Recognises files of other kinds by how they begin or what their lines are, to say how their words can be used."""

import re
from dataclasses import dataclass

from askdoc.corpus.schema_hints import FORM

_AS_TEXT = "Save the page as plain text in UTF-8, one page to a file."
_AS_RECORDS = f"Write each question with its answers as a record in a *.jsonl file: {FORM}."


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A kind of file: how it is recognised, what it is, and what to do with it."""

    pattern: re.Pattern[str]
    what: str
    hint: str


_KINDS = (
    FileFormat(re.compile(r"\s*\{\\rtf"), "Rich Text", _AS_TEXT),
    FileFormat(re.compile(r"\s*(?:From:|MIME-Version:|Return-Path:).*\n"), "an e-mail or a web archive", _AS_TEXT),
    FileFormat(
        re.compile(r"""\s*[\[{]\s*[\[{"]"""), "JSON", "Give it a name that ends in .jsonl, if it holds such records."
    ),
    FileFormat(
        re.compile(r"(?=[\s\S]*^\s*patient\s*:)[\s\S]*^\s*doctor\s*:", re.IGNORECASE | re.MULTILINE),
        "dialogues of patients and doctors, as MedDialog writes them",
        f"{_AS_RECORDS} The patient's words are the title, and only the doctor's are a body.",
    ),
    FileFormat(
        re.compile(
            r"""\s*(?:["']?\w[\w ]*["']?\s*[,;\t]\s*)*["']?(?:question|title|answers?|body|text)["']?\s*[,;\t].*\n""",
            re.I,
        ),
        "a table (CSV or TSV)",
        _AS_RECORDS,
    ),
)
_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a document in a ZIP archive, as Word and LibreOffice write them"),
    (b"\xd0\xcf\x11\xe0", "a document of an old Word or Excel"),
    (b"\x1f\x8b", "compressed"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"SQLite format 3", "a database"),
)
_LONGEST_HEAD = 20_000


def binary(data: bytes) -> str | None:
    """What a binary file is, by its first bytes; None where nothing is known of it."""
    return next((what for magic, what in _MAGIC if data.startswith(magic)), None)


def text(written: str) -> FileFormat | None:
    """What kind of file a text without a page's counter is; None where it may be a page."""
    head = written[:_LONGEST_HEAD]
    return next((kind for kind in _KINDS if kind.pattern.match(head)), None)
