"""The lines of a file: any encoding and line ends; what is no page is rejected with its reason."""

from collections.abc import Callable

import pytest

from askdoc.corpus.text_page.page_file import LARGEST_PAGE
from tests.corpus.text_page.bylines import HOLM
from tests.corpus.text_page.counter_samples import ANSWERS, HEAD, require_whole
from tests.corpus.text_page.samples import ENCODINGS, POE, ROE, clean, page, read


@pytest.mark.parametrize("encode", ENCODINGS)
def test_encodings_and_line_ends_do_not_matter(encode: Callable[[str], bytes]) -> None:
    """BOM, UTF-16, CRLF, CR, no last newline: the same page is read."""
    text = page(f"“Cold” – it’s fine\n\n+3\n\nCafé, it’s 5\xa0€… naïve.\n\n{ROE}", f"Two.\n\n{POE}")
    assert clean(encode(text)) == clean(text)


def test_windows_1252_is_read_with_a_remark() -> None:
    """A page that is not UTF-8 is read where its encoding is certain, and the report says as what and where."""
    text = page(f"“Cold” – it’s fine\n\n+3\n\nCafé, it’s 5\xa0€… naïve.\n\n{ROE}")
    question, (remark,) = read(text.encode("cp1252"))
    assert question == clean(text)
    assert (remark.kept, remark.source.line) == (True, 5)
    assert "Windows-1252" in remark.reason


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"", 1, "empty"),
        (b" \n\n\t\n", 1, "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 1, "not plain text"),
        (bytes(range(256)), 1, "not plain text"),
        (b"\xff\xfe\x00", 1, "not plain text"),
        ("Doctor Answers 1\n".encode("utf-32"), 1, "not plain text"),
        ("Doctor Answers 1\n".encode("utf-16-le"), 1, "No question"),
        (page(f"Café – “x”.\n\n{ROE}").encode() + b"\xff", 12, "not plain text"),
        (b"\n\nJust some prose.\n\nMore of it.", 3, "No line says"),
        (b"<!DOCTYPE html>\n<p>\nDoctor Answers 1\n<p>No.</p>\nJane Roe, MD", 1, "HTML"),
        (b"<html><body>Doctor Answers 1</body></html>", 1, "HTML"),
        (b'{"title": "Doctor Answers 1"}', 1, "JSON"),
        (b"\nDoctor Answers 1\n\nNo.\n\nJane Roe, MD", 2, "No question"),
        (b"Q?\n\nDoctor Answers 2\n", 3, "none could be read"),
        (b"Q?\nDoctor Answers many\nNo.\nJane Roe, MD", 1, "No line says"),
        (b"a" * (LARGEST_PAGE + 1), 1, "too large"),
    ],
)
def test_what_is_no_page_is_rejected_with_line_and_reason(data: bytes, line: int, reason: str) -> None:
    """A file that is no page gives one finding that says where, why and what to do."""
    question, (finding,) = read(data)
    assert question is None
    assert (finding.kept, str(finding.source)) == (False, f"folder/page.txt:{line}")
    assert reason in finding.reason
    assert finding.hint.endswith(".")


@pytest.mark.parametrize("end", ["\r", "\r\n", "\r\r\n", "\x85", "\u2028", "\x0b"])
def test_line_ends_of_any_system_part_lines(end: str) -> None:
    """A page whose lines end in CR, NEL or the line separator is the same page."""
    question, findings = read(f"{HEAD}\n\nDoctor Answers 2\n\n{ANSWERS}".replace("\n", end))
    require_whole(question)
    assert not findings


def test_a_paragraph_separator_is_a_blank_line() -> None:
    """Paragraphs that U+2029 parts are read as those that a blank line parts."""
    text = f"{HEAD}\n\nDoctor Answers 2\n\n{ANSWERS}".replace("\n\n", "\u2029").replace("\n", "\u2028")
    require_whole(read(text)[0])


def test_a_rare_line_end_within_a_body_is_kept() -> None:
    """Where the usual line ends part the page, a line separator is one of the doctor's characters."""
    question, _ = read(f"{HEAD}\n\nDoctor Answers 1\n\nIt fades.\u2028It is so.\n\n{HOLM}")
    assert question is not None
    assert question.answers[0].body == "It fades.\u2028It is so."
