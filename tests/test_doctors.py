"""Whether two answers are by one doctor."""

from typing import Any

import pytest

from askdoc import doctors
from askdoc.cli.render.reply import reply_text
from askdoc.cli.terminal import Glyphs
from askdoc.models import Answer, Author, Confidence, Match, Passage, Question, Reply, Source

TOLEDO: dict[str, Any] = {"title": "Toledo Plastic Surgeon", "specialty": "Plastic Surgeon", "location": "Toledo"}
BOISE: dict[str, Any] = {"title": "Boise Plastic Surgeon", "specialty": "Plastic Surgeon", "location": "Boise"}


@pytest.mark.parametrize(
    "name",
    [
        "Anna Holm",
        "anna holm, md",
        "Anna  Holm,  M.D.",
        "Anna Holm, M. D.",
        "Anna Holm MD",
        "Dr. Anna Holm",
        "Dr Anna Holm, MD, FACS",
        "Prof. Dr. Anna Holm",
        "ANNA HOLM, MD/PhD",
        "Holm, Anna, MD",
        "Anna B. Holm, MD",
        "A. Holm, MD",
        "Ánna Hölm, MD",
        "Anna\u00a0Holm, MD",
        "An\u00adna Holm\u200b, MD",
        "Dr. Holm",
    ],
)
def test_a_name_is_one_however_it_is_written(name: str) -> None:
    """Case, spaces, forms of address, degrees, order, initials and accents tell no two doctors apart."""
    one = Author("Anna Holm, MD", **TOLEDO)
    for other in (Author(name, **TOLEDO), Author(name), Author(name, location="Toledo, OH")):
        assert doctors.same(one, other)
        assert doctors.same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Author("Anna Holm, MD", **TOLEDO), Author("Bert Ames, DO", **TOLEDO)),
        (Author("Anna Holm, MD", **TOLEDO), Author("Anna Ames, MD", **TOLEDO)),
        (Author("Anna Holm, MD", **TOLEDO), Author("Bert Holm, MD", **TOLEDO)),
        (Author("A. Holm, MD", **TOLEDO), Author("B. Holm, MD", **TOLEDO)),
        (Author("Anna Holm, MD", **TOLEDO), Author("Anna Holm, MD", **BOISE)),
        (Author("Anna Holm", title="Chief Pharmacist"), Author("Anna Holm", title="Dentist")),
        (Author("Linh Do, MD"), Author("Linh Tran, MD")),
        (Author("Jo Ma"), Author("Jo Tran")),
        (Author("Roe Jr., MD"), Author("Roe Sr., MD")),
        (Author(**TOLEDO), Author(**BOISE)),
        (Author(**TOLEDO), Author("Bert Ames, DO", **BOISE)),
        (Author(title="Dentist"), Author(title="Family Physician")),
        (Author(specialty="Dentistry"), Author(specialty="Dermatology")),
    ],
)
def test_two_doctors_are_two(one: Author, other: Author) -> None:
    """Two doctors are told apart by name, else by place, else by title."""
    assert not doctors.same(one, other)
    assert not doctors.same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Author(), Author()),
        (Author(**TOLEDO), Author(**TOLEDO)),
        (Author(**TOLEDO), Author(title="plastic surgeon")),
        (Author(**TOLEDO), Author()),
        (Author(**TOLEDO), Author("Anna Holm, MD", **TOLEDO)),
        (
            Author("Anna Holm", location="Toledo", title="Plastic Surgeon"),
            Author("Anna Holm", **{**TOLEDO, "title": "Dr"}),
        ),
        (Author("Anna Holm", title="Surgeon", location="Toledo"), Author("Anna Holm", "Dentist", None, "Toledo")),
        (Author("Anna", url="https://example.org/1"), Author("A. H.", url="https://example.org/1")),
        (Author("Anna Holm", rating=4.0), Author("Anna Holm", rating=5.0, review_count=3)),
    ],
)
def test_in_doubt_it_is_one_doctor(one: Author, other: Author) -> None:
    """What is missing tells no two doctors apart, nor do stars; one address, or a name at one place, is one doctor."""
    assert doctors.same(one, other)
    assert doctors.same(other, one)


def test_each_author_is_given_the_first_that_is_the_same_doctor() -> None:
    """Of five authors, those who are one doctor get the position of the first."""
    anna, bert = Author("Anna Holm, MD", **TOLEDO), Author("Bert Ames, DO", **BOISE)
    assert doctors.resolve([anna, bert, Author("Dr. Anna Holm", rating=4.0), bert, Author()]) == [0, 1, 0, 1, 0]


def test_the_terminal_calls_no_doctor_another_than_themselves() -> None:
    """Two unlike answers of one doctor to a question are announced as by the same doctor."""
    anna, bert = Author("Anna Holm, MD", **TOLEDO), Author("Bert Ames, DO", **BOISE)
    page = Question("q", "How long?", Source("p.txt", 1))
    answers = [Answer(f"a{n}", "It fades.", author=author) for n, author in enumerate((anna, anna, bert))]
    matches = tuple(Match(Passage(page, answer, 0, 9), 0.5) for answer in answers)
    shown = reply_text(Reply("How long?", Confidence.STRONG, "i", matches), Glyphs())
    assert shown.count("The same question, the same doctor") == 1
    assert shown.index("the same doctor") < shown.index("The same question, another doctor")
