"""The boundaries of answers: nobody's words go to somebody else."""

import pytest

from askdoc.corpus.reader import Finding
from askdoc.corpus.text_page.page import TextPage
from askdoc.models import Question
from tests.conftest import PAGE
from tests.corpus.reading import flat
from tests.corpus.text_page.bylines import AMES, HOLM
from tests.corpus.text_page.counter_samples import ANSWERS, HEAD, require_whole
from tests.corpus.text_page.samples import LEE, POE, RESIDUE, ROE, bodies, clean, page, read


@pytest.mark.parametrize("claimed", [1, 2, 3])
def test_an_answer_whose_doctor_is_lost_is_not_given_to_the_next(claimed: int) -> None:
    """Where a vote line begins another answer, what stands above it without a doctor is left out and reported."""
    text = page(f"Cold\n\n{RESIDUE}\n\nLost words.", f"Heat\n\n{RESIDUE}\n\nKept words.\n\n{ROE}", claimed=claimed)
    question, findings = read(text)
    assert question is not None
    assert [(a.headline, a.body) for a in question.answers] == [("Heat", "Kept words.")]
    assert 5 in {finding.source.line for finding in findings}
    assert all(finding.kept for finding in findings)


def test_a_doctor_without_words_is_given_none() -> None:
    """Where a vote line parts the words from the doctor below it, the doctor is left out too, and it is reported."""
    question, findings = read(page(f"One.\n\n{ROE}", f"Words.\n\nLost\nwords.\n\n{RESIDUE}\n\n{POE}"))
    assert question is not None
    assert bodies(question) == ["One."]
    assert [finding.source.line for finding in findings] == [3, 11]


def test_a_page_without_any_doctor_is_left_out() -> None:
    """Text that no line attributes is not quoted."""
    question, (finding,) = read(page("Ice helps.", "It fades by itself."))
    assert question is None
    assert "none could be read" in finding.reason


@pytest.mark.parametrize(
    "middle",
    [
        "4.8 out of 5 stars 20 reviews",
        "4.8 out of 5 stars",
        "20 reviews",
        "My page shows\n4.8 out of 5 stars 20 reviews",
        "My page shows:\n4.8 out of 5 stars 20 reviews\nand that is all.",
        "I have 4.8 out of 5 stars 20 reviews on that site.",
        "When to see a doctor",
        "When To See A Doctor",
        "Ask your dermatologist",
        "Find the Right Plastic Surgeon",
        "Talk to your doctor\nCall your dentist",
        "Diet, exercise and medicine",
        "Dr. Google is not your friend",
        "Facial Exercises",
        "Cold Packs\n\nWarm Packs",
        "- ice\n- rest\n- a visit to the dermatologist",
        "1. ice\n2. rest",
        "• see a Dermatologist\n• see a Dentist",
        "Rest\n\nIce\n\nCompression\n\nElevation",
        "Best of luck",
        "A paragraph wrapped\nhard after a few words, as some\nprograms do with long lines\nwhen they save a page.",
        "This page is for educational purposes and no substitute for medical advice.",
        "If you have an emergency, call 911",
        "“Typographic quotes”, they’re fine…",
        "Café, naïve, 日本語の文。 😀👩🏽‍⚕️ e\u0301",
        "a\xa0b\u2009c\u3000d\te",
        "Question inside?",
        "https://example.org/a?b=c",
        "{{ not closed",
    ],
)  # fmt: skip
@pytest.mark.parametrize("opening", ["Head\n\n+3\n\n", "Head\n\n", f"{RESIDUE}\n\n", ""])
@pytest.mark.parametrize("doctors", [(ROE, POE), (LEE, "Capital City Urologist")])
def test_a_body_may_hold_lines_like_the_pages_own(middle: str, opening: str, doctors: tuple[str, str]) -> None:
    """Lines that look like stars, headings or closing words stay where they stand."""
    body = f"First words.\n\n{middle}\n\nLast words."
    question = clean(page(f"{opening}{body}\n\n{doctors[0]}", f"{opening}{body}\n\n{doctors[1]}"))
    assert bodies(question) == [body, body]
    assert [a.author for a in question.answers] == [
        a.author for a in clean(page(f"One.\n\n{doctors[0]}", f"Two.\n\n{doctors[1]}")).answers
    ]


def test_a_signature_within_a_body_stays_there_and_is_pointed_out() -> None:
    """A name above a postscript is the doctor's own word where the count says so; a remark asks to check it."""
    body = "Ice helps.\n\nDr. Roe\n\nP.S. Not for long."
    question, (finding,) = read(page(f"{body}\n\n{ROE}"))
    assert question is not None
    assert bodies(question) == [body]
    assert (finding.kept, finding.source.line) == (True, 7)


@pytest.mark.parametrize("sign", ["Best of luck", "Hope this helps!", "Thank you", "JR"])
def test_a_greeting_at_the_end_of_a_body_stays_there(sign: str) -> None:
    """What a doctor writes above their own lines is theirs to the last word, glued or not."""
    for gap in ("\n", "\n\n"):
        body = f"Ice helps.{gap}{sign}"
        assert bodies(clean(page(f"{body}\n\n{ROE}", f"{body}\n\n{LEE}"))) == [body, body]


def test_a_number_within_a_body_is_text_where_the_count_fits() -> None:
    """A line like a vote line belongs to the answer it stands in if every answer has its doctor."""
    first, second = clean(page(f"+3\n\nFrom\n\n-2\n\nto nought.\n\n{ROE}", f"It fades.\n\n{POE}")).answers
    assert first.body == "From\n\n-2\n\nto nought."
    assert second.body == "It fades."


def test_a_number_above_a_new_sentence_may_begin_another_answer() -> None:
    """Where no sentence goes on below it, a number within an answer leaves the page out."""
    lost = f"+3\n\nIce helps.\n\nIt is so.\n\n+2\n\nHeat does not.\n\n{ROE}"
    question, (finding,) = read(page(lost, f"+1\n\nIt fades.\n\n{POE}"))
    assert question is None
    assert (finding.source.line, "vote line" in finding.reason) == (11, True)


def test_vote_lines_that_only_some_answers_have_do_not_hide_the_others() -> None:
    """A count of one, one vote line and two doctors: the first doctor's words do not go to the second."""
    text = PAGE.replace("Doctor Answers 2", "Doctor Answers 1")
    items = list(flat(TextPage(), "x.txt", text.encode()))
    bodies = [answer.body for item in items if isinstance(item, Question) for answer in item.answers]
    assert not any("turns yellow" in body and "Cold helps" in body for body in bodies)
    assert any(isinstance(item, Finding) for item in items)


def test_a_counter_without_a_number_is_read_where_every_doctor_is_clear() -> None:
    """The words alone head the answers; a remark asks for the number."""
    question, (finding,) = read(f"{HEAD}\n\nDoctor Answers\n\n{ANSWERS}")
    require_whole(question)
    assert (finding.kept, finding.source.line) == (True, 5)


@pytest.mark.parametrize("votes", ["", "+3\n\n"])
def test_a_page_without_a_counter_is_read_where_every_doctor_is_clear(votes: str) -> None:
    """Headlines or vote lines show where each answer begins; a remark says where the first was taken to."""
    answers = ANSWERS.replace("Patience\n\n", f"Patience\n\n{votes}").replace("helps\n\n", f"helps\n\n{votes}")
    question, (finding,) = read(f"{HEAD}\n\n{answers}")
    require_whole(question)
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
