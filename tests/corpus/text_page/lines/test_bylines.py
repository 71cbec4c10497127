"""The lines of a doctor: what they say, and how they are told from other short lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askdoc.corpus.text_page import weights
from askdoc.corpus.text_page.lines import authors, ratings
from askdoc.corpus.text_page.lines.byline_score import byline_score
from askdoc.corpus.text_page.lines.line_shape import could_be_byline_line
from askdoc.corpus.visible import is_blank, named
from askdoc.models import Author


@pytest.mark.parametrize(
    ("line", "rating", "count"),
    [
        ("4.8 out of 5 stars 20 reviews", 4.8, 20),
        ("5 out of 5 stars 1 review", 5.0, 1),
        ("5.0 out of 5 stars", 5.0, None),
        ("0 out of 5 stars", 0.0, None),
        ("3.75 out of 5 stars 1,204 reviews", 3.75, 1204),
        ("4.8 out of 5 stars (20 reviews)", 4.8, 20),
        ("Rated 4.8 out of 5", 4.8, None),
        ("No reviews yet", None, None),
        ("4.8 out of 5 stars · 20 reviews", 4.8, 20),
        ("4.8\xa0out\xa0of\xa05\xa0stars\xa020\xa0reviews", 4.8, 20),
        ("20 reviews", None, 20),
        ("1,234,567 reviews", None, 1_234_567),
        ("4.8/5 (20 reviews)", 4.8, 20),
        ("4.8/5", 4.8, None),
        ("4,8 of 5", 4.8, None),
        ("Rating: 4.8 out of 5", 4.8, None),
        ("Rating: 5/5 - 3 reviews", 5.0, 3),
        ("4.8 out of 5", 4.8, None),
        ("★★★★★ 20 reviews", 5.0, 20),
        ("★★★★☆ 7 reviews", 4.0, 7),
        ("★★★★½ (7)", 4.5, 7),
        ("★ ★ ★ ★ ☆", 4.0, None),
        ("⭐⭐⭐⭐⭐", 5.0, None),
        ("⭐️⭐️⭐️⭐️ (12)", 4.0, 12),
        ("★★★★★ 4.8 (20 reviews)", 4.8, 20),
        ("4.8 ★ (20)", 4.8, 20),
        ("4.8★", 4.8, None),
        ("★ 4.8 (1,204 reviews)", 4.8, 1204),
        ("4.8 (20 reviews)", 4.8, 20),
        ("4.8 stars · 20 reviews", 4.8, 20),
        ("4.8 out of 5 stars, based on 20 patient reviews", 4.8, 20),
        ("(20 reviews)", None, 20),
        ("20 ratings", None, 20),
        ("4.8 out of 5 stars 20 reviews ⭐", 4.8, 20),
        ("4.8 out of 5 stars\u200b 20 reviews\ufeff", 4.8, 20),
        # Stars in a form that tells no number for certain: neither a number nor a part of the title.
        ("4.8 stars", None, None),
        ("5 stars", None, None),
        ("★★★★★★", None, None),
        ("4.2 out of 5 st", None, None),
    ],
)
def test_stars_and_reviews_are_numbers(line: str, rating: float | None, count: int | None) -> None:
    """Stars, reviews or both are read in each of their forms, and none becomes a title."""
    author = authors.parse(f"Jane Roe, MD\n{line}")
    assert author == Author(name="Jane Roe, MD", rating=rating, review_count=count)


@pytest.mark.parametrize(
    "line",
    [
        "5.9 out of 5 stars",
        "6 out of 5 stars",
        "4.8 out of 10 stars",
        "I have 20 reviews",
        "1,2 reviews",
        "4.8 stars",
        "4/5",
        "5/5",
        "3 of 5",
        "120/80",
        "24",
    ],
)
def test_what_is_no_rating_is_no_stars(line: str) -> None:
    """A number above five, another scale or a sentence is not taken for stars."""
    assert not ratings.is_rating(line)


@pytest.mark.parametrize(
    ("title", "specialty", "location"),
    [
        ("San Francisco Plastic Surgeon", "Plastic Surgeon", "San Francisco"),
        ("Fort Worth Facial Plastic Surgeon", "Facial Plastic Surgeon", "Fort Worth"),
        ("Washington DC Physician", None, "Washington DC"),
        ("Washington, DC Dentist", "Dentist", "Washington, DC"),
        ("St. Louis Oculoplastic Surgeon", "Oculoplastic Surgeon", "St. Louis"),
        ("New York Pediatric Dermatologist", "Pediatric Dermatologist", "New York"),
        ("São Paulo Orthodontist", "Orthodontist", "São Paulo"),
        ("Plastic Surgeon", "Plastic Surgeon", None),
        ("Board Certified Plastic Surgeon", "Plastic Surgeon", None),
        ("Cleft Lip Surgeon", "Surgeon", None),
        ("Mohs Surgeon", "Surgeon", None),
        ("Sleep Specialist", None, None),
        ("Women’s Health Nurse", "Nurse", None),
        ("Weight Loss Doctor", None, None),
        ("Holistic Dentist", "Dentist", None),
        ("Chief of Surgery", None, None),
        ("Staff, Family medicine", "Family medicine", None),
        ("Rest, ice and medicine", None, None),
        ("Demonstration answer, Allergy and immunology", "Allergy and immunology", None),
        ("Demonstration answer, Sleep medicine", "Sleep medicine", None),
    ],
)
def test_a_title_gives_field_and_place_only_where_they_are_certain(
    title: str, specialty: str | None, location: str | None
) -> None:
    """A field needs a profession that names one; a place needs words that can be nothing else."""
    author = authors.parse(f"Jane Roe, MD\n{title}")
    assert (author.title, author.specialty, author.location) == (title, specialty, location)


@pytest.mark.parametrize(
    ("lines", "author"),
    [
        ("Drew Moe, MD", Author(name="Drew Moe, MD")),
        ("Drew Moe M.D.", Author(name="Drew Moe M.D.")),
        ("Hope An Do, DDS, FACS", Author(name="Hope An Do, DDS, FACS")),
        ("Dr. Moe", Author(name="Dr. Moe")),
        ("Drew Moe, MD 👩🏽‍⚕️", Author(name="Drew Moe, MD 👩🏽‍⚕️")),
        ("\ufeffDrew Moe,\u200b MD\u200e\nDentist", Author(name="Drew Moe, MD", title="Dentist", specialty="Dentist")),
        ("Drew Moe\nDentist", Author(name="Drew Moe", title="Dentist", specialty="Dentist")),
        ("Dentist\nDrew Moe, DDS", Author(name="Drew Moe, DDS", title="Dentist", specialty="Dentist")),
        ("Dentist\nBoston", Author(title="Dentist", specialty="Dentist", location="Boston")),
        (
            "Drew Moe, DDS\nDentist\nBoston",
            Author(name="Drew Moe, DDS", title="Dentist", specialty="Dentist", location="Boston"),
        ),
        (
            "Drew Moe, DDS\nDentist\nboard certified",
            Author(name="Drew Moe, DDS", title="Dentist, board certified", specialty="Dentist"),
        ),
        ("Лев Мышкин\nврач", Author(name="Лев Мышкин", title="врач")),
        ("  Drew Moe, MD  \n\n  Dentist  ", Author(name="Drew Moe, MD", title="Dentist", specialty="Dentist")),
    ],
)
def test_name_and_title_are_told_apart(lines: str, author: Author) -> None:
    """A name is known by a degree, a form of address, or its place and form; no word of the lines is lost."""
    assert authors.parse(lines) == author


@pytest.mark.parametrize(
    "line",
    [
        "When to see a doctor",
        "Ask Your Dermatologist",
        "See a Plastic Surgeon",
        "Find the Right Dentist",
        "Call Your Doctor Now",
        "Dear Doctor",
        "Thank You Doctor",
        "Diet, exercise and medicine",
        "Dr. Google is not your friend",
        "Dr. Smith’s method",
        "Is It My Dentist",
        "Take this to any pharmacist",
        "Choosing a surgeon",
        "Cold packs",
        "Baltimore MD says",
        "Vitamins, MA and more",
    ],
)
def test_a_heading_is_no_doctor(line: str) -> None:
    """Words about seeing a doctor are not a doctor's lines."""
    score = byline_score(line)
    assert score is not None
    assert score < 0


@pytest.mark.parametrize(
    "line",
    [
        "See a dentist.",
        "Is it a Dentist?",
        "- Dentist",
        "1. Dentist",
        "• Dentist",
        "皮膚科へ。",
        "क्या?",
        "a" * 121,
        "123",
        "…",
        "",
    ],
)
def test_a_sentence_or_an_item_of_a_list_is_no_doctors_line(line: str) -> None:
    """Sentences in any script, list items, long lines and lines without letters cannot name a doctor."""
    assert not could_be_byline_line(line)


@pytest.mark.parametrize("line", ["Jane Roe, M.D.", "Jane Roe, Ph.D.", "John Roe Jr.", "J. Roe, D.D.S."])
def test_an_abbreviation_ends_a_doctors_line(line: str) -> None:
    """A full stop after an abbreviation does not make a sentence of a name."""
    assert could_be_byline_line(line)


def test_lines_that_say_more_weigh_more() -> None:
    """A name and a title outweigh either alone, stars outweigh their lack, and the project's own form is strong."""
    blocks = [
        "Cold packs",
        "Cold packs\n4.8 out of 5 stars",
        "Dermatologist",
        "Jane Roe, MD",
        "Boston Dermatologist",
        "Jane Roe, MD\nBoston Dermatologist",
        "Jane Roe, MD\nBoston Dermatologist\n4.8 out of 5 stars",
    ]
    scores = [byline_score(block) or 0.0 for block in blocks]
    assert scores == sorted(scores)
    assert len(set(scores)) == len(scores)
    assert [score >= weights.STRONG for score in scores] == [False] * 4 + [True] * 3
    assert (byline_score("Demonstration answer, Pharmacy") or 0) > weights.STRONG


@given(st.text(max_size=200))
def test_any_lines_can_be_weighed_and_read(text: str) -> None:
    """No text makes the reading of a doctor's lines fail, and no word of a likely one is lost."""
    score = byline_score(text)
    if score is None:
        return
    author = authors.parse(text)
    shown = " ".join(filter(None, (author.name, author.title, author.location)))
    lines = [named(line) for line in text.split("\n") if not is_blank(line)]
    if not ratings.resembles_rating(lines[-1]):
        assert all(line in shown for line in lines)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Bert Ames, DO", "Bert Ames, DO\nBoise Physician\n4.2 out of 5 stars", True),
        ("Dr. Ames", "Bert Ames, DO", True),
        ("B. Ames", "Bert Ames, DO", True),
        ("Bert Ames", "Bert J. Ames, DO, FACS", True),
        ("Bert Ames MD", "Bert Ames, MD", True),
        ("Bert Ames Jr.", "Bert Ames, DO", True),
        ("Bert Ames, DO", "Bea Ames, MD", False),
        ("Bert Ames, DO", "Bert Holm, DO", False),
        ("Boise Physician", "Boise Physician\n4.2 out of 5 stars", True),
        ("Boise Physician", "Bert Ames, DO\nBoise Physician", True),
        ("Boise Physician\n4.1 out of 5 stars", "Boise Physician\n4.2 out of 5 stars", False),
        ("Boise Physician", "Reno Physician", False),
        ("Demonstration answer, Pharmacy", "Demonstration answer, Pharmacy", False),
    ],
)
def test_a_signature_is_known_for_the_doctor_who_signs(one: str, other: str, same: bool) -> None:
    """A family name and what of the first name is there, or the title alone, tells one doctor from two."""
    assert authors.could_be_same_doctor(authors.parse(one), authors.parse(other)) is same
    assert authors.could_be_same_doctor(authors.parse(other), authors.parse(one)) is same
