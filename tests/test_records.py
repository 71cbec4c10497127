"""The reader of JSONL records: every field as it stands, and nothing half right."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askdoc.corpus.reading import Finding
from askdoc.corpus.records import Records
from askdoc.models import Answer, Author, Question, Source

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


def read(data: bytes) -> list[Question | Finding]:
    """The rows and remarks of a file; rows in are rows kept and rows rejected."""
    reader = Records()
    items = list(reader.read("folder/file.jsonl", data))
    assert reader.rows(data) == sum(isinstance(item, Question) or not item.kept for item in items)
    return items


def lines(*records: object) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def one(record: object) -> Question:
    (question,) = read(lines(record))
    assert isinstance(question, Question), question
    return question


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


def test_every_field_is_read() -> None:
    """A full record comes out field by field, the body to the letter."""
    assert one(FULL) == Question(
        id="q1",
        title="Does cold help?",
        details="I fell.\nIs it broken?",
        url="https://example.org/q1?a=b#c",
        topics=("bruises", "first aid"),
        disclaimer="No advice.",
        source=Source("folder/file.jsonl", 1),
        answers=(
            Answer(
                id="a1",
                headline="Cold",
                body="  Ice helps.\r\n\r\nTwice a day. 😀 ",
                votes=-3,
                date="2024-05-01",
                accepted=True,
                author=Author(
                    name="Jane Roe, MD",
                    title="Springfield Dermatologist",
                    specialty="Dermatology",
                    location="Springfield",
                    rating=4.8,
                    review_count=1204,
                    url="http://example.org/roe",
                ),
            ),
            Answer(id="q1:2", body="Wait."),
        ),
    )


def test_title_and_body_are_enough() -> None:
    """Ids are made from the file and the line; all else stays missing."""
    first, second = read(b"\n" + lines({"title": "Q?"}, {"title": "R?", "answers": [{"body": "Yes."}]}))
    assert first == Question(id="folder/file-2", title="Q?", source=Source("folder/file.jsonl", 2))
    assert second == Question(
        id="folder/file-3",
        title="R?",
        source=Source("folder/file.jsonl", 3),
        answers=(Answer(id="folder/file-3:1", body="Yes."),),
    )


def test_null_and_white_space_are_missing() -> None:
    """Fields that are null, and texts of white space alone, say nothing."""
    record = dict.fromkeys(FULL) | {"title": "Q?", "details": " \n", "id": "", "topics": ["", "a"]}
    assert one(record) == Question(id="folder/file-1", title="Q?", source=Source("folder/file.jsonl", 1), topics=("a",))
    answer = dict.fromkeys(FULL["answers"][0]) | {"body": "Yes."}
    author = dict.fromkeys(FULL["answers"][0]["author"])
    for written in (answer, answer | {"author": author}, answer | {"author": {}}):
        assert one({"title": "Q?", "answers": [written]}).answers == (Answer(id="folder/file-1:1", body="Yes."),)


@pytest.mark.parametrize(("value", "read_as"), [(7, "7"), (0, "0"), (2**70, str(2**70)), ("a/b c", "a/b c")])
def test_an_id_may_be_a_whole_number(value: object, read_as: str) -> None:
    """Numbers as ids become texts."""
    assert one({"id": value, "title": "Q?"}).id == read_as


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf" + lines(FULL), lines(FULL).replace(b"\n", b"\r\n"), lines(FULL)[:-1]])
def test_bom_and_line_ends_do_not_matter(data: bytes) -> None:
    """A BOM, CRLF between records and a missing last line end change nothing."""
    assert read(data) == [one(FULL)]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ([], "must hold a JSON object"),
        ("text", "must hold a JSON object"),
        (None, "must hold a JSON object"),
        ({}, "'title' is missing"),
        ({"title": " \n"}, "'title' is missing"),
        ({"title": 7}, "'title' must be a text"),
        ({"title": "Q?", "id": 1.5}, "'id' must be a text"),
        ({"title": "Q?", "id": True}, "'id' must be a text"),
        ({"title": "Q?", "details": ["a"]}, "'details' must be a text"),
        ({"title": "Q?", "disclaimer": {}}, "'disclaimer' must be a text"),
        ({"title": "Q?", "topics": "a"}, "'topics' must be a list of texts"),
        ({"title": "Q?", "topics": ""}, "'topics' must be a list of texts"),
        ({"title": "Q?", "topics": [1]}, "'topics' must be a list of texts"),
        ({"title": "Q?", "answers": {}}, "'answers' must be a list"),
        ({"title": "Q?", "answers": False}, "'answers' must be a list"),
        ({"title": "Q?", "answers": ["Yes."]}, "'answers[0]' must be an object"),
        ({"title": "Q?", "answers": [{"body": "Yes."}, {}]}, "'answers[1].body' is missing"),
        ({"title": "Q?", "answers": [{"body": "\t"}]}, "'answers[0].body' is missing"),
        ({"title": "Q?", "answers": [{"id": "a", "body": "x"}, {"id": "a", "body": "y"}]}, "same 'id'"),
        ({"title": "Q?", "id": "q", "answers": [{"id": "q:2", "body": "x"}, {"body": "y"}]}, "same 'id'"),
        (with_answer(headline=7), "'answers[0].headline' must be a text"),
        (with_answer(votes="3"), "'answers[0].votes' must be a whole number"),
        (with_answer(votes=1.0), "'answers[0].votes' must be a whole number"),
        (with_answer(votes=True), "'answers[0].votes' must be a whole number"),
        (with_answer(votes=2**53), "'answers[0].votes' must be a whole number"),
        (with_answer(date=20240501), "'answers[0].date' must be a text"),
        (with_answer(accepted="yes"), "'answers[0].accepted' must be true or false"),
        (with_answer(accepted=1), "'answers[0].accepted' must be true or false"),
        (with_answer(author="Jane Roe"), "'answers[0].author' must be an object"),
        (with_answer(author=[]), "'answers[0].author' must be an object"),
        (with_answer(author=""), "'answers[0].author' must be an object"),
        (with_author(name=["Jane"]), "'answers[0].author.name' must be a text"),
        (with_author(rating="4.8"), "'answers[0].author.rating' must be a number"),
        (with_author(rating=5.1), "'answers[0].author.rating' must be a number"),
        (with_author(rating=-1), "'answers[0].author.rating' must be a number"),
        (with_author(rating=True), "'answers[0].author.rating' must be a number"),
        (with_author(rating=10**400), "'answers[0].author.rating' must be a number"),
        (with_author(review_count=-1), "'answers[0].author.review_count' must not be negative"),
        (with_author(review_count=1.5), "'answers[0].author.review_count' must be a whole number"),
        (with_author(url="javascript:alert(1)"), "'answers[0].author.url' must be an http"),
    ],
)
def test_a_record_with_anything_wrong_is_left_out_whole(record: object, reason: str) -> None:
    """Each wrong value is named with its place; half a record is never quoted."""
    assert reason in rejected(lines(record))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript://example.org/%0aalert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.org",
        "//example.org/a",
        "example.org",
        "https://",
        "http://:80",
        "http://[",
        "https:example.org",
        "https://exa mple.org",
        "https://example.org/a\nb",
        "https://example.org/\u202eb",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    """Addresses that are no plain http or https are refused, however they are written."""
    assert "'url' must be an http or https address" in rejected(lines({"title": "Q?", "url": url}))


@pytest.mark.parametrize("url", ["https://example.org", "HTTPS://Example.org/ä?b=c#d", " http://127.0.0.1:8000/a "])
def test_a_web_address_is_kept_as_it_stands(url: str) -> None:
    """Addresses are kept but for white space around them."""
    assert one({"title": "Q?", "url": url}).url == url.strip()


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
    (question,) = read(b'{"title": "\\ud83d\\ude00?"}')
    assert isinstance(question, Question)
    assert question.title == "😀?"


def test_a_bad_line_does_not_harm_its_neighbours() -> None:
    """Lines are read one by one, and each finding names its own."""
    first, bad, empty, last = read(lines({"title": "A?"}) + b"\xff\n\n{}\n" + lines({"title": "B?"}))
    assert isinstance(first, Question)
    assert isinstance(last, Question)
    assert [first.title, last.title, last.id] == ["A?", "B?", "folder/file-5"]
    assert isinstance(bad, Finding)
    assert isinstance(empty, Finding)
    assert [bad.source.line, empty.source.line] == [2, 4]


def test_unknown_fields_are_named_in_a_remark() -> None:
    """A misspelt field is not silently lost; a hostile one cannot disturb the report."""
    record = {"title": "Q?", "Detail": 1, "\ud800\n": 2, "answers": [{"body": "x", "text": 1, "author": {"nmae": 1}}]}
    question, remark = read(json.dumps(record).encode())
    assert isinstance(question, Question)
    assert isinstance(remark, Finding)
    assert remark.kept
    assert remark.source.line == 1
    assert all(name in remark.reason for name in ("'Detail'", "'answers.text'", "'author.nmae'"))
    assert str(remark).isprintable()
    str(remark).encode()
    _, many = read(lines({"title": "Q?"} | {f"{n}{'x' * 100}": n for n in range(1000)}))
    assert len(str(many)) < 1500


@pytest.mark.parametrize("data", [b"", b"\n \n\r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_remarked_on(data: bytes) -> None:
    """A file without a record has no rows, and that is said."""
    (remark,) = read(data)
    assert isinstance(remark, Finding)
    assert remark.kept


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
