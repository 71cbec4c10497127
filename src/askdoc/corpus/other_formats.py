"""Detects formats that no reader reads, by signature or by the form of the lines, to say how the text can be used."""

import re
from dataclasses import dataclass

from askdoc.corpus.schema_hints import FORM

_AS_TEXT = "Save the page as plain text in UTF-8, one page to a file."
_AS_RECORDS = f"Write each question with its answers as a record in a *.jsonl file: {FORM}."


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A text format that is not read."""

    pattern: re.Pattern[str]
    """Matches the beginning of such a file."""
    what: str
    """Its name, as a sentence can hold it."""
    hint: str
    """What to do with such a file."""


_TEXT_FORMATS = (
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
# Signatures ("magic numbers") of binary formats.
_SIGNATURES = (
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
"""How many characters of a text are looked at: a dialogue may begin below a long description."""


def binary(data: bytes) -> str | None:
    """Name the format of a binary file by its signature; None where it has none that is known."""
    return next((what for signature, what in _SIGNATURES if data.startswith(signature)), None)


def text(content: str) -> FileFormat | None:
    """Detect the format of a text that is no page with a counter; None where it may still be a page."""
    head = content[:_LONGEST_HEAD]
    return next((known for known in _TEXT_FORMATS if known.pattern.match(head)), None)
