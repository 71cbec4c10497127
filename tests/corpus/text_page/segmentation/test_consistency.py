"""Consistency checks: each refuses a page that all others let pass."""

import pytest

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
from tests.corpus.text_page.bruise_samples import FIRST, SECOND, THIRD, bruise_page
from tests.corpus.text_page.bylines import AMES, CLOSING, HOLM, LUND, NAMELESS
from tests.corpus.text_page.samples import read

CASES = [
    # check, page, line in doubt
    (bylines_above_text, bruise_page("Patience", HOLM, FIRST, "Cold helps", AMES, SECOND), 7),
    (same_doctor_twice, bruise_page(FIRST, SECOND, AMES, "It was good of you to write.", AMES), 9),
    (name_without_title, bruise_page(FIRST, SECOND, "Bert Ames, DO", "So it is.", "Boise Physician"), 9),
    (introduced_doctor, bruise_page(FIRST, SECOND, "My partner here:", LUND, "He is good.", AMES), 11),
    (introduced_doctor, bruise_page(FIRST, SECOND, "I recommend my colleague", LUND, "He is good.", AMES), 11),
    (adjacent_bylines, bruise_page("Patience", FIRST, LUND, HOLM, "Cold helps", SECOND, AMES), 9),
    (
        name_apart_from_title,
        bruise_page("Patience", FIRST, f"Carl Webb, MD\n\n{NAMELESS}", "Cold helps", SECOND, AMES),
        9,
    ),
    (missing_rating, bruise_page(FIRST, SECOND, "Carl Webb, MD\nReno Dentist", "He is good.", "So it is.", AMES), 9),
    (byline_in_paragraph, bruise_page(f"{FIRST} {HOLM}".replace("\n", " "), SECOND, AMES, claimed=1), 5),
    (continued_answer, bruise_page(FIRST, HOLM, "P.S. Call the office.", SECOND, AMES), 11),
    (
        headline_in_other_answer,
        bruise_page("Patience", FIRST, HOLM, "It was good of you to write.", "Cold helps", SECOND, AMES),
        15,
    ),
    (
        headline_above_byline,
        bruise_page("Patience", FIRST, HOLM, "Cold", SECOND, "Arnica", AMES, f"{THIRD} So it is.", LUND, claimed=3),
        17,
    ),
    (closing_words_within, bruise_page(FIRST, HOLM, CLOSING, SECOND, AMES), 11),
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
        bruise_page(HOLM, FIRST, AMES, SECOND),
        bruise_page(HOLM, FIRST, AMES, SECOND, claimed=1),
        bruise_page(HOLM, f"{FIRST}\n\n{SECOND}", AMES, SECOND, closing=None),
        bruise_page("Anna Holm, MD\nPlastic Surgeon", FIRST, "Bert Ames, DO\nPhysician", SECOND),
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
        for text in (
            bruise_page(*first, *second, sign, after, lines),
            bruise_page(*second, sign, after, lines, *first),
        ):
            question, _ = read(text)
            for answer in question.answers if question else ():
                assert FIRST not in answer.body
                assert answer.headline != "Patience"
