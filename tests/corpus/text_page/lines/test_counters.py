"""The counter: in every form that pages have, missing, or nearly there."""

import pytest

from askdoc.corpus.reader import Finding
from askdoc.corpus.text_page.page import TextPage
from askdoc.models import Question

HOLM = "Anna Holm, MD\nToledo Plastic Surgeon\n4.8 out of 5 stars 20 reviews"
AMES = "Bert Ames, DO\nBoise Physician\n4.2 out of 5 stars 7 reviews"
ANSWERS = f"Patience\n\nIt fades. It is so.\n\n{HOLM}\n\nCold helps\n\nIt slows. It is so.\n\n{AMES}"
HEAD = "How long?\n\nI fell on Monday."


def read(text: str) -> tuple[Question | None, list[Finding]]:
    items = list(TextPage().read("page.txt", text.encode()))
    questions = [item for item in items if isinstance(item, Question)]
    return (questions[0] if questions else None), [item for item in items if isinstance(item, Finding)]


def whole(question: Question | None) -> None:
    assert question is not None
    assert (question.title, question.details) == ("How long?", "I fell on Monday.")
    assert [(a.headline, a.body, a.author.name) for a in question.answers] == [
        ("Patience", "It fades. It is so.", "Anna Holm, MD"),
        ("Cold helps", "It slows. It is so.", "Bert Ames, DO"),
    ]


@pytest.mark.parametrize(
    "counter",
    [
        "Doctor Answers 2",
        "Doctors Answers 2",
        "Doctors' Answers 2",
        "Doctor’s Answers: 2",
        "2 Doctor Answers",
        "2 Doctors’ Answers",
        "2 doctor answers",
        "Doctor Answers (2)",
        "(2) Doctor Answers",
        "Doctor Answers - 2",
        "2 Doctors Answered",
        "2 Answers from Board-Certified Doctors",
        "All Answers (2)",
        "Doctor Answers\n2",
        "Doctor Answers\n\n(2)",
        "Doctor\u00a0Answers\u00a02",
        "Doctor Answers\u200b 2",
        "\u200eDoctor Answers 2\u200e",
        "\u200fDoctor\u200b Answers\u2060 (2)\ufeff",
        "\ufeffDoctor Answers 2",
        "Doctor Answers ２",
        "Physician Answers 2",
        "2 answers from doctors",
        "Answers (2)",
        "Answers: 2",
        "2 answers",
        "2 Answers",
    ],
)
def test_the_counter_is_known_in_every_form(counter: str) -> None:
    """Number first or last, in brackets, on the next line, among invisible characters: the page is read."""
    question, findings = read(f"{HEAD}\n\n{counter}\n\n{ANSWERS}")
    whole(question)
    assert not findings


@pytest.mark.parametrize("number", ["1,204", "1.204", "1 204", "1204", "1’204"])
def test_thousands_are_one_number(number: str) -> None:
    """Marks of thousands do not end a number."""
    question, (finding,) = read(f"{HEAD}\n\nDoctor Answers {number}\n\n{ANSWERS}")
    whole(question)
    assert finding.reason == "The page says it has 1204 answers; 2 could be read."


@pytest.mark.parametrize("end", ["\r", "\r\n", "\r\r\n", "\x85", "\u2028", "\x0b"])
def test_line_ends_of_any_system_part_lines(end: str) -> None:
    """A page whose lines end in CR, NEL or the line separator is the same page."""
    question, findings = read(f"{HEAD}\n\nDoctor Answers 2\n\n{ANSWERS}".replace("\n", end))
    whole(question)
    assert not findings


def test_a_paragraph_separator_is_a_blank_line() -> None:
    """Paragraphs that U+2029 parts are read as those that a blank line parts."""
    text = f"{HEAD}\n\nDoctor Answers 2\n\n{ANSWERS}".replace("\n\n", "\u2029").replace("\n", "\u2028")
    whole(read(text)[0])


def test_a_rare_line_end_within_a_body_is_kept() -> None:
    """Where the usual line ends part the page, a line separator is one of the doctor's characters."""
    question, _ = read(f"{HEAD}\n\nDoctor Answers 1\n\nIt fades.\u2028It is so.\n\n{HOLM}")
    assert question is not None
    assert question.answers[0].body == "It fades.\u2028It is so."


def test_a_counter_without_a_number_is_read_where_every_doctor_is_clear() -> None:
    """The words alone head the answers; a remark asks for the number."""
    question, (finding,) = read(f"{HEAD}\n\nDoctor Answers\n\n{ANSWERS}")
    whole(question)
    assert (finding.kept, finding.source.line) == (True, 5)


@pytest.mark.parametrize("votes", ["", "+3\n\n"])
def test_a_page_without_a_counter_is_read_where_every_doctor_is_clear(votes: str) -> None:
    """Headlines or vote lines show where each answer begins; a remark says where the first was taken to."""
    answers = ANSWERS.replace("Patience\n\n", f"Patience\n\n{votes}").replace("helps\n\n", f"helps\n\n{votes}")
    question, (finding,) = read(f"{HEAD}\n\n{answers}")
    whole(question)
    assert (finding.kept, finding.source.line) == (True, 5)
    assert "Doctor Answers 2" in finding.hint


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\n\nIt fades.\n\n{HOLM}",  # the details may be the doctor's words
        f"{HEAD}\n\n{ANSWERS}".replace(f"{HOLM}\n\n", ""),  # the first doctor is lost
        f"{HEAD}\n\n{ANSWERS}\n\nArnica\n\nIt did nothing.\n\nCara Lund, MD\nOmaha Dermatologist".replace(
            f"{AMES}\n\n", ""
        ),
        f"How long?\n\nIt fades.\n\nIt slows.\n\n{AMES}",  # two paragraphs may be two doctors'
        f"{HEAD}\n\nPatience\n\nIt fades.\n\nAnna Holm, MD",  # a name alone may be a signature
        f"{HEAD}\n\nPatience\n\nIt fades.",
    ],
)
def test_a_page_without_a_counter_is_left_out_where_anything_is_in_doubt(text: str) -> None:
    """Neither a patient's words nor a lost doctor's become another's."""
    question, (finding,) = read(text)
    assert question is None
    assert finding.reason.startswith("No line says 'Doctor Answers N'. ")


@pytest.mark.parametrize(
    "near", ["Doctor Answers many", "Doctor Answers: two", "Answers from our doctors", "Doctor Answers 2 of 5"]
)
def test_the_hint_shows_the_line_that_is_nearly_a_counter(near: str) -> None:
    """The report names the line, what it says and what it should say."""
    question, (finding,) = read(f"{HEAD}\n\n{near}\n\nIt fades.\n\nIt slows.\n\n{HOLM}")
    assert question is None
    assert finding.hint == f"Line 5 says '{near}': write 'Doctor Answers 2' there."
