"""One record: every field as it stands, and nothing half right."""

import json

import pytest

from askdoc.corpus.reader import Finding
from askdoc.models import Answer, Author, Provenance, Question, Source
from tests.corpus.json_lines import FULL, NO_ANSWERS, lines, one, read, rejected, remarked, with_answer, with_author


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


PROVENANCE = {"address": "https://example.org/q", "imported": "2026-05-01", "sha256": "0a" * 32}


def test_provenance_is_read() -> None:
    """Where a question was imported from is kept with it; null is the same as no provenance."""
    assert one({"title": "Q?", "provenance": PROVENANCE}).provenance == Provenance(**PROVENANCE)
    assert one({"title": "Q?", "provenance": {"sha256": None, "imported": " "}}).provenance == Provenance()
    assert one({"title": "Q?", "provenance": None}).provenance is None


@pytest.mark.parametrize(
    ("written", "reason", "hint"),
    [
        ("https://example.org/q", "'provenance' must be an object", '{"address": "https://…"'),
        ([], "'provenance' must be an object", "leave it out"),
        ({"address": "export.csv"}, "'provenance.address' must be an http or https address", "leave it out"),
        ({"imported": "2026-05"}, "'provenance.imported' must be a day", '"2024-05-01"'),
        ({"imported": "01/05/2026"}, "'provenance.imported' must be a day", '"2024-05-01"'),
        ({"imported": 20260501}, "'provenance.imported' must be a text", "corpus/README.md"),
        ({"sha256": "0a"}, "'provenance.sha256' must be a SHA-256", "64 digits"),
        ({"sha256": "0g" * 32}, "'provenance.sha256' must be a SHA-256", "64 digits"),
    ],
)
def test_a_provenance_that_says_nothing_certain_is_refused(written: object, reason: str, hint: str) -> None:
    """Programs write it, so a wrong value is a mistake; the reason names its place."""
    (finding,) = read(lines({"title": "Q?", "answers": [{"body": "Yes."}], "provenance": written}))
    assert isinstance(finding, Finding)
    assert finding.reason.startswith(reason)
    assert hint in finding.hint


def test_unknown_fields_of_a_provenance_are_named() -> None:
    """As they are everywhere else in a record."""
    _, (remark,) = remarked(with_answer() | {"provenance": {"adress": "https://example.org"}})
    assert remark.reason == "Unknown fields are ignored: 'provenance.adress'."
