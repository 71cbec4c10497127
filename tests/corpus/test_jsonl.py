"""JSONL files: read row by row, and written so that they are read back as they were."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from askdoc.corpus import jsonl, loader
from askdoc.corpus.jsonl import JsonlReader
from askdoc.corpus.reader import Finding, RowResult, quoted
from askdoc.errors import CorpusError
from askdoc.models import Answer, Author, Provenance, Question, Source
from tests.conftest import ROOT
from tests.corpus.json_lines import FULL, A, B, lines, one, read, rejected, with_answer


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf" + lines(FULL), lines(FULL).replace(b"\n", b"\r\n"), lines(FULL)[:-1]])
def test_bom_and_line_ends_do_not_matter(data: bytes) -> None:
    """A BOM, CRLF between records and a missing last line end change nothing."""
    assert read(data) == [one(FULL)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON"),
        (b"{'title': 'Q?'}", "not JSON"),
        (b'{"title": "Q?"} {"title": "R?"}', "not JSON"),
        (b'{"title": "Q?"},', "not JSON"),
        (b"title,body", "not JSON"),
        (b"\x00", "not JSON"),
        (b'{"title": NaN}', "NaN is no JSON number"),
        (b'{"title": "Q?", "answers": [{"body": "x", "author": {"rating": Infinity}}]}', "Infinity is no JSON number"),
        (b'{"title": "Q?", "answers": [{"body": "x", "author": {"rating": 1e999}}]}', "rating' must be a number"),
        (b'{"title": "Q?", "answers": [{"body": "x", "votes": ' + b"9" * 5_000 + b"}]}", "a number is too long"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 200_000, "nested too deeply"),
        ('{"title": "Caf\u00e9"}'.encode("latin-1"), "not UTF-8"),
        (b'{"title": "\xed\xa0\x80"}', "not UTF-8"),
        (b'{"title": "Q?", "title": "R?"}', "'title' is given twice"),
        (b'{"title": "Q?", "answers": [{"body": "x", "body": "y"}]}', "'body' is given twice"),
        (b'{"title": "Q?", "\\ud800": 1, "\\ud800": 2}', "given twice"),
        (b'{"title": "\\ud800"}', "'title' holds a character that is no text"),
        (b'{"title": "Q?", "id": "a\\u0000b"}', "'id' holds a character that is no text"),
        (b'{"title": "Q?", "topics": ["\\udfff"]}', "'topics[0]' holds a character that is no text"),
        (b'{"title": "Q?", "answers": [{"body": "\\udc00\\ud800"}]}', "'answers[0].body' holds a character"),
    ],
)
def test_a_line_that_is_no_record_is_left_out(line: bytes, reason: str) -> None:
    """Broken JSON, odd numbers, half characters and names given twice are refused with the reason."""
    assert reason in rejected(line)


def test_a_surrogate_pair_is_one_character() -> None:
    """Escapes that make a whole character together are text."""
    (question,) = read(b'{"title": "\\ud83d\\ude00?", "answers": [{"body": "Yes."}]}')
    assert isinstance(question, Question)
    assert question.title == "😀?"


def test_a_bad_line_does_not_harm_its_neighbours() -> None:
    """Lines are read one by one, and each finding names its own."""
    first, bad, empty, last = read(lines(with_answer()) + b"\xff\n\n{}\n" + lines(with_answer()))
    assert isinstance(first, Question)
    assert isinstance(last, Question)
    assert [first.id, last.id] == ["folder/file-1", "folder/file-5"]
    assert isinstance(bad, Finding)
    assert isinstance(empty, Finding)
    assert [bad.source.line, empty.source.line] == [2, 4]


@pytest.mark.parametrize("data", [b"", b"\n \n\r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_remarked_on(data: bytes) -> None:
    """A file without a record has no rows, and that is said."""
    (remark,) = read(data)
    assert isinstance(remark, Finding)
    assert remark.kept


def test_a_byte_order_mark_in_a_later_line_is_passed_over() -> None:
    """Files that were put together keep the mark of each."""
    mark = b"\xef\xbb\xbf"
    assert read(mark + lines(FULL) + mark + lines(B)) == [
        *read(lines(FULL)),
        replace(one(B), source=Source("folder/file.jsonl", 2)),
    ]


def test_a_line_in_another_encoding_is_refused_with_what_it_looks_like() -> None:
    """The hint is a command for this file, and the lines that are UTF-8 are read."""
    body = "Отёк спадает за две недели. Прикладывайте холод и держите ногу выше."
    bad = json.dumps(with_answer(body=body), ensure_ascii=False).encode("koi8-r")
    finding, question = read(bad + b"\n" + lines(A))
    assert isinstance(finding, Finding)
    assert isinstance(question, Question)
    assert "not UTF-8" in finding.reason
    assert "iconv -f KOI8-R" in finding.hint


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read(encoding: str) -> None:
    """What PowerShell writes is read; without a byte order mark the report says so."""
    first, second, *remarks = read(lines(A, B).decode().encode(encoding))
    assert [first, second] == read(lines(A, B))
    assert len(remarks) == (encoding != "utf-16")
    assert all("no byte order mark" in str(remark) for remark in remarks)


NAMES = st.sampled_from([*FULL, "body", "author", "x"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()), max_size=5))
def test_arbitrary_lines_never_raise(rows: list[bytes]) -> None:
    """Any bytes are records or findings, one for each line that is not blank."""
    read(b"\n".join(rows))


# What editors, exports and programs stumble over.
ODD = (
    "a\u2028b",
    "\x85a\u2029",
    'a"b\\\\u0041',
    "\ufeffa",
    "a\r\n\x0b\x1c b ",
    "\x7f\x1b",
    "<b>&amp;",
    "😀\u200d",
    "null",
    "0",
    "é",
)
TEXTS = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
    | st.sampled_from(ODD)
).filter(str.strip)
ADDRESSES = st.sampled_from(["https://example.org/ä?b=c#d", "http://[::1]:8000/", "HTTPS://Example.org"])
MAYBE_TEXTS = st.none() | TEXTS
AUTHORS = st.builds(
    Author,
    *[MAYBE_TEXTS] * 4,
    st.none() | st.floats(0, 5),
    st.none() | st.integers(0, 2**53 - 1),
    st.none() | ADDRESSES,
)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(date.isoformat)
ANSWERS = st.builds(
    Answer,
    TEXTS,
    TEXTS,
    MAYBE_TEXTS,
    AUTHORS,
    st.none() | st.integers(1 - 2**53, 2**53 - 1),
    st.none() | DAYS | st.sampled_from(["2024", "2024-05"]),
    st.booleans(),
)
PROVENANCES = st.builds(
    Provenance,
    st.none() | ADDRESSES,
    st.none() | DAYS,
    st.none() | st.text("0123456789abcdef", min_size=64, max_size=64),
)
QUESTIONS = st.builds(
    Question,
    id=TEXTS,
    title=TEXTS,
    source=st.builds(Source, st.just("site.html"), st.integers(1, 99)),
    details=MAYBE_TEXTS,
    answers=st.lists(ANSWERS, max_size=3, unique_by=lambda answer: answer.id).map(tuple),
    url=st.none() | ADDRESSES,
    topics=st.lists(TEXTS, max_size=3).map(tuple),
    disclaimer=MAYBE_TEXTS,
    provenance=st.none() | PROVENANCES,
)


@given(st.lists(QUESTIONS, max_size=3))
def test_what_is_written_is_read_back_as_it_was(questions: list[Question]) -> None:
    """Every field of every question comes back equal, from one line each, and is written again with the same bytes."""
    try:
        data = b"".join(jsonl.write(questions))
    except CorpusError as error:
        assume("is garbled" not in str(error))  # by chance it looks so; such a record would not be read
        raise
    assert len(data.decode().splitlines()) == len(questions)
    rows = [row for row in JsonlReader().read("file.jsonl", data) if isinstance(row, RowResult)]
    assert [row.outcome for row in rows] == [
        replace(question, source=Source("file.jsonl", line)) for line, question in enumerate(questions, 1)
    ]
    assert data == b"".join(jsonl.write(row.outcome for row in rows if isinstance(row.outcome, Question)))


def test_the_demonstration_pages_can_be_written_as_records() -> None:
    """A page that was read from text is a record, too."""
    pages = loader.read(ROOT / "corpus").questions
    rows = JsonlReader().read("pages.jsonl", b"".join(jsonl.write(pages)))
    outcomes = [row.outcome for row in rows if isinstance(row, RowResult)]
    assert outcomes == [replace(page, source=Source("pages.jsonl", line)) for line, page in enumerate(pages, 1)]


def test_the_canonical_form_has_its_fields_in_order_and_none_that_say_nothing() -> None:
    """The order is fixed, a zero is a value, and of all that JSON may leave as it is only line ends are escaped."""
    provenance = Provenance("https://example.org/q", "2024-05-01", "0" * 64)
    doctor = Author(name="Zoë Roe", rating=0.0, review_count=0)
    answers = (Answer("a", "Yes.\u2028No.", votes=0, author=doctor, accepted=True), Answer("b", "No."))
    question = Question("q", "Why?", Source("x.txt", 9), answers=answers, topics=("t",), provenance=provenance)
    (line,) = jsonl.write([question])
    assert line.decode() == (
        '{"id": "q", "title": "Why?", "topics": ["t"], "provenance": {"address": "https://example.org/q", '
        f'"imported": "2024-05-01", "sha256": "{"0" * 64}"}}, "answers": [{{"id": "a", "body": "Yes.\\u2028No.", '
        '"votes": 0, "accepted": true, "author": {"name": "Zoë Roe", "rating": 0.0, "review_count": 0}}, '
        '{"id": "b", "body": "No."}]}\n'
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"title": " "}, "'title' is missing or empty"),
        ({"title": "\udc80"}, "'title' holds a character that is no text"),
        ({"title": "\ud83d\ude00"}, "'title' would be read back as another value"),
        ({"id": ""}, "'id' would be read back"),
        ({"id": " "}, "'id' would be read back"),
        ({"details": "\n"}, "'details' would be read back"),
        ({"url": "ftp://example.org"}, "'url' must be an http or https address"),
        ({"topics": ("a", "")}, "'topics' would be read back"),
        ({"title": "Don’t worry – it’s “normal”.".encode().decode("cp1252", "replace")}, "'title' is garbled"),
        ({"answers": (Answer("a", ""),)}, "'answers[0].body' is missing"),
        ({"answers": (Answer("", "Yes."),)}, "'answers' would be read back"),
        ({"answers": (Answer("a", "Yes."), Answer("a", "No."))}, "Two answers have the same 'id'"),
        ({"answers": (Answer("a", "Yes.", date="soon"),)}, "'answers' would be read back"),
        ({"answers": (Answer("a", "Yes.", votes=2**53),)}, "'answers[0].votes' must be a whole number"),
        ({"answers": (Answer("a", "Yes.", author=Author(rating=float("nan"))),)}, "NaN is no JSON number"),
        ({"provenance": Provenance(imported="2024-05")}, "'provenance.imported' must be a day"),
    ],
)
def test_what_would_not_be_read_back_is_not_written(change: dict[str, Any], reason: str) -> None:
    """The error names the question and what is wrong with it, and says what to do."""
    question = replace(Question("q", "Why?", Source("x.txt", 1)), **change)
    with pytest.raises(CorpusError) as error:
        list(jsonl.write([question]))
    assert reason in str(error.value)
    assert f"The question {quoted(question.id)} cannot be written" in str(error.value)
    assert str(error.value).endswith(".")


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """A question that cannot be written leaves the file as it was, with nothing beside it."""
    path = tmp_path / "pages.jsonl"
    good, bad = Question("q", "Why?", Source("x.txt", 1)), Question("r", "", Source("x.txt", 2))
    jsonl.save(path, [good])
    written = path.read_bytes()
    assert written == b'{"id": "q", "title": "Why?"}\n'
    with pytest.raises(CorpusError):
        jsonl.save(path, [good, bad])
    jsonl.save(path, [good, good])
    assert path.read_bytes() == 2 * written
    assert list(tmp_path.iterdir()) == [path]
