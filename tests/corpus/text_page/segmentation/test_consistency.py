"""Consistency checks: each refuses a page that all others let pass."""

import pytest

from askdoc.corpus.reader import Finding
from askdoc.corpus.text_page.page import TextPage
from askdoc.corpus.text_page.segmentation import consistency
from askdoc.corpus.text_page.segmentation.byline_checks import (
    adjacent_bylines,
    byline_in_paragraph,
    introduced_doctor,
    missing_rating,
    name_apart_from_title,
    name_without_title,
    same_doctor_twice,
)
from askdoc.corpus.text_page.segmentation.layout_checks import (
    bylines_above_text,
    closing_words_within,
    continued_answer,
    headline_above_byline,
    headline_in_other_answer,
)
from askdoc.models import Question

HOLM = "Anna Holm, MD\nToledo Plastic Surgeon\n4.8 out of 5 stars 20 reviews"
AMES = "Bert Ames, DO\nBoise Physician\n4.2 out of 5 stars 7 reviews"
LUND = "Cara Lund, MD\nOmaha Dermatologist\n5 out of 5 stars 3 reviews"
NAMELESS = "Toledo Plastic Surgeon\n4.8 ★ (20)"
FIRST, SECOND, THIRD = "It fades within 12 days.", "Cold slows the swelling.", "Arnica did nothing in trials."
CLOSING = "These answers are for education only and do not replace your own physician."


def page(*blocks: str, claimed: int = 2, closing: str | None = CLOSING) -> str:
    return "\n\n".join(["How long?", f"Doctor Answers {claimed}", *blocks, *([closing] if closing else [])])


def read(text: str) -> tuple[Question | None, list[Finding]]:
    items = list(TextPage().read("page.txt", text.encode()))
    questions = [item for item in items if isinstance(item, Question)]
    return (questions[0] if questions else None), [item for item in items if isinstance(item, Finding)]


CASES = [
    # check, page, line in doubt
    (bylines_above_text, page("Patience", HOLM, FIRST, "Cold helps", AMES, SECOND), 7),
    (same_doctor_twice, page(FIRST, SECOND, AMES, "It was good of you to write.", AMES), 9),
    (name_without_title, page(FIRST, SECOND, "Bert Ames, DO", "So it is.", "Boise Physician"), 9),
    (introduced_doctor, page(FIRST, SECOND, "My partner here:", LUND, "He is good.", AMES), 11),
    (introduced_doctor, page(FIRST, SECOND, "I recommend my colleague", LUND, "He is good.", AMES), 11),
    (adjacent_bylines, page("Patience", FIRST, LUND, HOLM, "Cold helps", SECOND, AMES), 9),
    (name_apart_from_title, page("Patience", FIRST, f"Carl Webb, MD\n\n{NAMELESS}", "Cold helps", SECOND, AMES), 9),
    (missing_rating, page(FIRST, SECOND, "Carl Webb, MD\nReno Dentist", "He is good.", "So it is.", AMES), 9),
    (byline_in_paragraph, page(f"{FIRST} {HOLM}".replace("\n", " "), SECOND, AMES, claimed=1), 5),
    (continued_answer, page(FIRST, HOLM, "P.S. Call the office.", SECOND, AMES), 11),
    (
        headline_in_other_answer,
        page("Patience", FIRST, HOLM, "It was good of you to write.", "Cold helps", SECOND, AMES),
        15,
    ),
    (
        headline_above_byline,
        page("Patience", FIRST, HOLM, "Cold", SECOND, "Arnica", AMES, f"{THIRD} So it is.", LUND, claimed=3),
        17,
    ),
    (closing_words_within, page(FIRST, HOLM, CLOSING, SECOND, AMES), 11),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text", "line"), CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_each_check_finds_what_no_other_does(
    check: object, text: str, line: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is left out with the line in doubt, and would be read without the check."""
    question, findings = read(text)
    assert question is None
    assert [(finding.kept, finding.source.line) for finding in findings] == [(False, line)]
    assert findings[0].hint.endswith(".")
    monkeypatch.setattr(consistency, "CHECKS", tuple(other for other in consistency.CHECKS if other.find is not check))
    assert read(text)[0] is not None


def test_every_check_has_a_case_and_says_what_to_do() -> None:
    """No check is without a page that shows what it is for."""
    assert {case[0] for case in CASES} == {check.find for check in consistency.CHECKS}


@pytest.mark.parametrize(
    "text",
    [
        page(HOLM, FIRST, AMES, SECOND),
        page(HOLM, FIRST, AMES, SECOND, claimed=1),
        page(HOLM, f"{FIRST}\n\n{SECOND}", AMES, SECOND, closing=None),
        page("Anna Holm, MD\nPlastic Surgeon", FIRST, "Bert Ames, DO\nPhysician", SECOND),
    ],
)
def test_doctors_above_their_answers_are_named_as_such(text: str) -> None:
    """A page that begins with a doctor's lines is left out, under any count."""
    question, (finding,) = read(text)
    assert question is None
    assert finding.source.line == 5
    assert "stand above an answer's text" in finding.reason


@pytest.mark.parametrize(
    "sign",
    [
        "Bert Ames, DO",
        "Dr. Ames",
        "B. Ames, DO",
        "Bert Ames, DO\nBoise Physician",
        "Bert Ames, DO\n\nBoise Physician",
        "Sincerely,\n\nBert Ames, DO",
        "Sincerely,\n\nBert Ames, DO\n\nBoise Skin Center\n\n(555) 010-0199",
        "Bert Ames",
        "Bert",
        "Boise Physician",
        "— Bert Ames, DO",
        "Bert Ames DO, FACS",
        "Bert Ames, DO, Boise Skin Center",
    ],
)
@pytest.mark.parametrize("after", ["P.S. Call the office.", "Visit my page for more.", "So it is.", "Good luck"])
@pytest.mark.parametrize("heads", [("Patience", "Cold helps"), ()])
def test_a_lost_doctor_is_not_made_up_for_by_a_signature(sign: str, after: str, heads: tuple[str, ...]) -> None:
    """However the other doctor signs and goes on, the lost doctor's words go to nobody."""
    first = [heads[0], FIRST] if heads else [FIRST]
    second = [heads[1], SECOND] if heads else [SECOND]
    for lines in (AMES, AMES.removeprefix("Bert Ames, DO\n"), AMES.rsplit("\n", 1)[0], "Bert Ames, DO"):
        for text in (page(*first, *second, sign, after, lines), page(*second, sign, after, lines, *first)):
            question, _ = read(text)
            for answer in question.answers if question else ():
                assert FIRST not in answer.body
                assert answer.headline != "Patience"


def test_a_signature_is_text_where_the_count_fits_without_it() -> None:
    """A doctor who signs and goes on is read whole, with a remark, where every answer has its doctor."""
    question, (finding,) = read(page("Patience", FIRST, HOLM, "Cold helps", SECOND, "Bert Ames, DO", "So it is.", AMES))
    assert question is not None
    assert [answer.body for answer in question.answers] == [FIRST, f"{SECOND}\n\nBert Ames, DO\n\nSo it is."]
    assert (finding.kept, finding.source.line) == (True, 17)


@pytest.mark.parametrize("claimed", [1, 2])
def test_a_colleague_who_is_named_is_no_author(claimed: int) -> None:
    """A page that says it has two answers is not kept as three."""
    for intro in ("Good doctors near you:", "Good doctors near you", "So it is."):
        for colleague in (
            "Carl Webb, MD",
            "Carl Webb, MD\nReno Dentist",
            "Carl Webb, MD\nReno Dentist\n5 ★ (3)",
        ):
            blocks = ["Cold helps", SECOND, intro, colleague, "So it is.", AMES]
            question, _ = read(page(*(["Patience", FIRST, HOLM] if claimed == 2 else []), *blocks, claimed=claimed))
            names = [answer.author.name for answer in question.answers] if question else []
            assert "Carl Webb, MD" not in names


COLLEAGUE = "Dora Finch, MD\nAustin Plastic Surgeon"
LONG, LONGER = f"{FIRST} I see it every week.", f"{SECOND} It helps nearly everybody."


@pytest.mark.parametrize("tail", ["", "She does this every day. She does it well."])
@pytest.mark.parametrize("intro", ["Ask for", "I agree with my colleague:", "If you live in Texas, see"])
@pytest.mark.parametrize("vote", ["+3", ""])
def test_a_colleague_without_stars_is_text_where_counter_and_stars_agree(tail: str, intro: str, vote: str) -> None:
    """A name and a title that a sentence goes on into are kept in the answer, with a remark."""
    first = [*filter(None, ["Patience", vote, LONG, intro, COLLEAGUE, tail, HOLM])]
    question, findings = read(page(*first, *filter(None, ["Cold helps", vote, LONGER]), AMES))
    assert question is not None
    assert [answer.author.name for answer in question.answers] == ["Anna Holm, MD", "Bert Ames, DO"]
    assert question.answers[0].body == "\n\n".join(filter(None, [LONG, intro, COLLEAGUE, tail]))
    assert [(finding.kept, "read as text" in finding.reason) for finding in findings] == [(True, True)]


@pytest.mark.parametrize(
    "text",
    [
        page("Patience", LONG, "Ask for", COLLEAGUE, NAMELESS, "Cold helps", LONGER, "Bert Ames, DO\nBoise Physician"),
        page(LONG, "It may take longer. Wait for it.", "Ask for", COLLEAGUE, HOLM, LONGER, AMES),
        page("Patience", LONG, "Cold helps", LONGER, "Ask for", COLLEAGUE, HOLM, claimed=1),
        page("Patience", LONG, "Best regards", COLLEAGUE, f"{THIRD} So it is.", HOLM, "Cold helps", LONGER, AMES),
        page("Patience", LONG, "Hope this helps", COLLEAGUE, f"{THIRD} So it is.", HOLM, "Cold helps", LONGER, AMES),
    ],
    ids=["no stars", "nothing parts the answers", "a second headline", "a signature", "a closing"],
)
def test_a_colleague_leaves_the_page_out_where_something_speaks_against_it(text: str) -> None:
    """Without stars for all, or votes or headlines that part the answers, either name may end the answer."""
    assert read(text)[0] is None


def test_a_single_line_within_an_answer_that_could_head_another_is_pointed_out() -> None:
    """Where each answer has a headline and one holds another such line, a doctor may be lost and the number changed."""
    text = page("Patience", LONG, "Cold helps", LONGER, AMES, "Arnica", f"{THIRD} So it is.", LUND, claimed=2)
    question, (finding,) = read(text)
    assert question is not None
    assert (finding.kept, finding.source.line) == (True, text[: text.index("Cold helps")].count("\n") + 1)


def test_subheadings_are_not_pointed_out() -> None:
    """Several such lines in an answer, or in several answers, are subheadings."""
    two = ("First things first", LONG, "And then the cold", LONGER)
    assert not read(page("Patience", LONG, *two, HOLM, "Cold helps", LONGER, AMES))[1]
    one = ("When to worry", LONG)
    assert not read(page("Patience", LONG, *one, HOLM, "Cold helps", LONGER, *one, AMES))[1]
