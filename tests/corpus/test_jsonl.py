"""The reader of JSONL records: every field as it stands, and nothing half right."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askdoc.corpus.jsonl import JsonlReader
from askdoc.corpus.reader import Finding
from askdoc.models import Answer, Author, Question, Source
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
    first, _, second = read(b"\n" + lines({"title": "Q?"}, {"title": "R?", "answers": [{"body": "Yes."}]}))
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
        (with_answer(votes="3.5"), "'answers[0].votes' must be a whole number"),
        (with_answer(votes="1.2k"), "'answers[0].votes' must be a whole number"),
        (with_answer(votes="1,2"), "'answers[0].votes' must be a whole number"),
        (with_answer(votes="1 204"), "'answers[0].votes' must be a whole number"),
        (with_answer(votes="٣"), "'answers[0].votes' must be a whole number"),
        (with_answer(votes="N/A"), "'answers[0].votes' must be a whole number"),
        (with_answer(votes=[3]), "'answers[0].votes' must be a whole number"),
        (with_answer(votes=1.5), "'answers[0].votes' must be a whole number"),
        (with_answer(votes=True), "'answers[0].votes' must be a whole number"),
        (with_answer(votes=2**53), "'answers[0].votes' must be a whole number"),
        (with_answer(accepted="yes"), "'answers[0].accepted' must be true or false"),
        (with_answer(accepted=1), "'answers[0].accepted' must be true or false"),
        (with_answer(author=[]), "'answers[0].author' must be an object"),
        (with_answer(author=7), "'answers[0].author' must be an object"),
        (with_answer(author=["Jane Roe"]), "'answers[0].author' must be an object"),
        (with_answer(body=["One.", "Two."]), "'answers[0].body' must be a text"),
        (with_author(name=["Jane"]), "'answers[0].author.name' must be a text"),
        (with_author(rating="5.1"), "'answers[0].author.rating' must be a number"),
        (with_author(rating="4.8/10"), "'answers[0].author.rating' must be a number"),
        (with_author(rating="96%"), "'answers[0].author.rating' must be a number"),
        (with_author(rating=[4]), "'answers[0].author.rating' must be a number"),
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
    _, many = read(lines(with_answer() | {f"{n}{'x' * 100}": n for n in range(1000)}))
    assert len(str(many)) < 1500


@pytest.mark.parametrize("data", [b"", b"\n \n\r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_remarked_on(data: bytes) -> None:
    """A file without a record has no rows, and that is said."""
    (remark,) = read(data)
    assert isinstance(remark, Finding)
    assert remark.kept


@pytest.mark.parametrize("written", [12, 12.0, "12", "+12", " 12 ", "12.0", "12.00"])
def test_a_whole_number_is_taken_as_exporters_write_it(written: object) -> None:
    """Numbers as texts and with a point are taken where nothing is lost, and nothing needs to be said."""
    assert one(with_answer(votes=written)).answers[0].votes == 12
    assert one(with_author(review_count=written)).answers[0].author.review_count == 12


@pytest.mark.parametrize(
    ("written", "votes"), [("1,234", 1234), ("-3", -3), ("−3", -3), ("1,234,567.0", 1_234_567), ("", None), (" ", None)]
)
def test_a_number_as_a_text_may_have_a_sign_and_thousands(written: str, votes: int | None) -> None:
    """Thousands are parted by commas, and an empty text is a missing number."""
    assert one(with_answer(votes=written)).answers[0].votes == votes


@pytest.mark.parametrize(
    ("written", "stars"),
    [
        ("4.8", 4.8),
        ("4,8", 4.8),
        ("4.8/5", 4.8),
        ("4.8 out of 5", 4.8),
        ("5 out of 5 stars", 5.0),
        (5, 5.0),
        ("", None),
    ],
)
def test_stars_are_taken_as_exporters_write_them(written: object, stars: float | None) -> None:
    """Stars may be a text, of five or by themselves."""
    assert one(with_author(rating=written)).answers[0].author.rating == stars


@pytest.mark.parametrize(("written", "accepted"), [("true", True), ("True", True), ("false", False), ("", False)])
def test_true_and_false_may_be_texts(written: str, accepted: bool) -> None:
    """What a table's export writes for yes and no is taken."""
    assert one(with_answer(accepted=written)).answers[0].accepted is accepted


@pytest.mark.parametrize("written", ["2024-05-01T23:30:00-05:00", "2024-05-01 03:00:00", "May 1, 2024", "2024-05-01"])
def test_a_time_stamp_is_kept_as_the_day_that_it_names(written: str) -> None:
    """The answer's date is an ISO day, and nothing needs to be said of it."""
    assert one(with_answer(date=written)).answers[0].date == "2024-05-01"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (1425340800, "2015-03-03"),
        (1425340800.0, "2015-03-03"),
        ("1425340800", "2015-03-03"),
        (1425340800000, "2015-03-03"),
        (20240501, "2024-05-01"),
        (2024, "2024"),
    ],
)
def test_a_number_as_a_date_is_read_with_a_remark(written: object, day: str) -> None:
    """Seconds since 1970 are a day in UTC, and the report says what was made of them."""
    question, (remark,) = remarked(with_answer(date=written))
    assert question.answers[0].date == day
    assert f"read as {day}" in remark.reason


@pytest.mark.parametrize("written", ["01/05/2024", "yesterday", "2024-02-30", 7, 0, True, [], {"$date": 1}, "x" * 500])
def test_a_date_that_is_none_is_left_out_with_a_remark(written: object) -> None:
    """The answer is kept without it, for the date is not the doctor's words."""
    question, (remark,) = remarked(with_answer(date=written))
    assert question.answers[0].date is None
    assert "'answers[0].date' is no date that is certain" in remark.reason
    assert len(str(remark)) < 300


def test_like_remarks_on_one_record_are_summed_up() -> None:
    """A record with many answers gets one remark of a kind."""
    answers = [{"body": f"{n}.", "date": "soon"} for n in range(30)]
    _, (remark,) = remarked({"title": "Q?", "answers": answers})
    assert "'answers[0].date' (and 29 more)" in remark.reason


def test_a_doctor_as_a_text_is_the_name_and_remarked_on() -> None:
    """The text is kept to the letter as the name; an empty one is no doctor."""
    question, (remark,) = remarked(with_answer(author="Jane Roe, MD"))
    assert question.answers[0].author == Author(name="Jane Roe, MD")
    assert "read as the doctor's name" in remark.reason
    assert one(with_answer(author=" ")).answers[0].author == Author()


def test_one_answer_that_is_no_list_is_read_with_a_remark() -> None:
    """A single object in place of the list is the list of it."""
    question, (remark,) = remarked({"title": "Q?", "answers": {"body": "Yes.", "author": {"name": "Jane Roe"}}})
    assert question == one({"title": "Q?", "answers": [{"body": "Yes.", "author": {"name": "Jane Roe"}}]})
    assert "'answers' is one object" in remark.reason


@pytest.mark.parametrize("answers", [None, []])
def test_a_record_without_answers_is_remarked_on(answers: object) -> None:
    """It is kept as a question, and the report says that nothing of it can be quoted."""
    question, (remark,) = remarked({"title": "Q?", "answers": answers})
    assert question.answers == ()
    assert NO_ANSWERS in remark.reason


ANSWER = {"body": "Yes.", "author": {"name": "Jane Roe"}}


@pytest.mark.parametrize(
    ("record", "reason", "hint"),
    [
        (
            {"question": "Q?", "answer": "Yes."},
            "'title' is missing",
            "'title' by 'question', and 'answers' by 'answer'",
        ),
        (
            {"Question": "Q?", "Answer": "Yes."},
            "'title' is missing",
            "'title' by 'Question', and 'answers' by 'Answer'",
        ),
        ({"title": "Q?", "answer": "Yes."}, "'answers' is missing", "'answers' by 'answer'"),
        ({"title": "Q?", "anwsers": [ANSWER]}, "'answers' is missing", "'answers' by 'anwsers'"),
        ({"title": "Q?", "Answers": [ANSWER]}, "'answers' is missing", "'answers' by 'Answers'"),
        ({"title": "Q?", "answers": [], "responses": ["Yes."]}, "'answers' is missing", "'answers' by 'responses'"),
        ({"question": "Q?", "answers": [ANSWER]}, "'title' is missing", "'title' by 'question'"),
        (
            {"instruction": "Be a doctor.", "input": "Q?", "output": "Yes."},
            "'title' is missing",
            "'title' by 'input', and 'answers' by 'output'",
        ),
        ({"instruction": "Q?", "input": "", "output": "Yes."}, "'title' is missing", "'title' by 'instruction'"),
        ({"prompt": "Q?", "completion": "Yes."}, "'title' is missing", "'title' by 'prompt'"),
        ({"messages": [{"role": "user", "content": "Q?"}]}, "'title' is missing", "'answers' by 'messages'"),
        ({"description": "Q?", "utterances": ["patient: Q?"]}, "'title' is missing", "'answers' by 'utterances'"),
        ({"@type": "QAPage", "mainEntity": {"name": "Q?"}}, "schema.org", "'name' is a title"),
        ({"@context": "https://schema.org", "@graph": [{"@type": "Question"}]}, "schema.org", "'name' is a title"),
        ({"data": [{"title": "Q?", "answers": [ANSWER]}]}, "'title' is missing", "inside 'data'"),
        ({"title": "Q?", "answers": "Yes."}, "'answers' must be a list", '"answers": [{"body"'),
        ({"title": "Q?", "answers": ["Yes."]}, "'answers[0]' must be an object", '"answers": [{"body"'),
        ({"title": "Q?", "answers": [{"text": "Yes."}]}, "'answers[0].body' is missing", "'body' by 'text'"),
        ({"title": "Q?", "answers": [{"answer": "Yes."}]}, "'answers[0].body' is missing", "'body' by 'answer'"),
        (with_answer(doctor="Jane Roe"), "'answers[0].author' is missing", "'author' by 'doctor'"),
        (with_answer(doctor_name="Jane Roe"), "'answers[0].author' is missing", "'author' by 'doctor_name'"),
        (with_answer(name="Jane Roe"), "'answers[0].author' is missing", "'author' by 'name'"),
        (with_answer() | {"doctor": "Jane Roe"}, "'answers[0].author' is missing", "'author' by 'doctor'"),
        (with_answer(body=["One.", "Two."]), "'answers[0].body' must be a text", "join its parts"),
        ({"title": "Q?", "url": "www.example.org"}, "'url' must be", "https://www.example.org/page"),
    ],
)
def test_another_shape_is_refused_with_what_was_meant(record: object, reason: str, hint: str) -> None:
    """A record in another project's shape is not guessed at, and the hint shows how to write it."""
    (finding,) = read(lines(record))
    assert isinstance(finding, Finding)
    assert not finding.kept
    assert reason in finding.reason
    assert hint in finding.hint


@pytest.mark.parametrize("record", [with_author(name="Jane Roe") | {"doctor": "John Poe"}, with_answer(doctor="")])
def test_a_name_elsewhere_does_no_harm_where_the_doctor_is_known(record: object) -> None:
    """Other names beside an author, and empty ones, are unknown fields and no more."""
    _, (remark,) = remarked(record)
    assert "Unknown fields" in remark.reason


A, B = {"title": "A?", "answers": [{"body": "One."}]}, {"id": "b", "title": "B?", "answers": [{"body": "Two."}]}
ARRAYS = [
    json.dumps([A, B]),
    json.dumps([A, B], indent=2),
    f"[\n{json.dumps(A)},\n{json.dumps(B)}\n]\n",
    f"\ufeff[{json.dumps(A)}\r\n,\r\n{json.dumps(B)}]",
    f"{json.dumps(A, indent=4)}\n{json.dumps(B, indent=4)}\n",
    f"[{json.dumps(A)}]\n[{json.dumps(B)}]\n",
]


@pytest.mark.parametrize("written", ARRAYS)
def test_json_in_another_layout_is_read_with_a_remark(written: str) -> None:
    """An array, or objects over several lines, hold the same records; each has its line and an id of its own."""
    first, second, remark = read(written.encode())
    assert isinstance(first, Question)
    assert isinstance(second, Question)
    assert isinstance(remark, Finding)
    assert [first.id, first.title, second.id, second.title] == ["folder/file-1", "A?", "b", "B?"]
    assert remark.kept
    assert "not JSONL" in remark.reason
    line = written.replace("\r\n", "\n")[: written.replace("\r\n", "\n").index("B?")].count("\n") + 1
    assert line - second.source.line in (0, 2)  # the line of the title, or of the brace two lines above it


def test_an_array_that_breaks_off_keeps_what_is_whole() -> None:
    """What stands before the damage is read, and the rest is one row left out with its line."""
    first, broken = read(f"[\n{json.dumps(A)},\n{json.dumps(B)[:-9]}".encode())
    assert isinstance(first, Question)
    assert isinstance(broken, Finding)
    assert (broken.kept, broken.source.line) == (False, 3)
    assert "From here on the file cannot be read" in broken.reason


def test_a_broken_object_over_several_lines_is_one_row() -> None:
    """Pretty-printed JSON that is damaged is told of once, not once for each of its lines."""
    (broken,) = read(json.dumps(A, indent=2)[:-3].encode())
    assert isinstance(broken, Finding)
    assert not broken.kept


def test_a_byte_order_mark_in_a_later_line_is_passed_over() -> None:
    """Files that were put together keep the mark of each."""
    mark = b"\xef\xbb\xbf"
    assert read(mark + lines(FULL) + mark + lines(B)) == [
        *read(lines(FULL)),
        replace(one(B), source=Source("folder/file.jsonl", 2)),
    ]


def test_line_ends_of_old_systems_part_records() -> None:
    """A lone CR ends a line, for no text in JSON can hold one."""
    assert len(read(lines(A, B).replace(b"\n", b"\r"))) == 2


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


def test_a_garbled_record_is_left_out() -> None:
    """Mojibake would be quoted as the doctor's words; its place is named."""
    written = with_answer(body="Don’t worry – it’s “normal”.".encode().decode("cp1252", "replace"))
    assert "'answers[0].body' is garbled" in rejected(lines(written))


def test_one_garbled_place_among_others_is_remarked_on() -> None:
    """Where most of a record reads well, the words stay as they stand and the place is named."""
    body = "C’est l’été, dit-elle. Voilà où ça mène : Donâ€™t."
    question, (remark,) = remarked(with_answer(body=body))
    assert question.answers[0].body == body
    assert "'answers[0].body' is garbled" in remark.reason


def test_entities_and_tags_stay_and_are_pointed_out() -> None:
    """Nothing is taken out of a doctor's words; each kind is named with its field."""
    body = "Take &lt;1 spoon.<br>Rest &amp;#39;well&amp;#39;."
    question, remarks = remarked({"title": "A &amp; B?", "answers": [{"body": body, "author": {"name": "<b>Roe</b>"}}]})
    assert question.answers[0].body == body
    reasons = " ".join(remark.reason for remark in remarks)
    assert all(
        f"'{place}' holds an HTML" in reasons for place in ("title", "answers[0].body", "answers[0].author.name")
    )


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
