"""Records in other projects' schemas: refused with the field that was meant."""

import pytest

from askdoc.corpus.reader import Finding
from tests.corpus.json_lines import lines, read, remarked, with_answer, with_author

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


@pytest.mark.parametrize("answers", [7, 0.5, True])
def test_a_doctor_beside_answers_that_are_no_list_is_a_finding(answers: object) -> None:
    """Whatever stands in the place of the answers, a record is refused and never stops the reading."""
    (finding,) = read(lines({"title": "Q?", "doctor": "Jane Roe", "answers": answers}))
    assert isinstance(finding, Finding)
    assert finding.reason == "'answers' must be a list."
