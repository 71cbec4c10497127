"""Parsing a byline: name, title, place and rating are told apart, and no word is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askdoc.corpus.text_page.lines import authors, ratings
from askdoc.corpus.text_page.lines.byline_score import byline_score
from askdoc.models import Author
from askdoc.text import is_blank, without_marks
from tests.corpus.text_page.samples import only


@pytest.mark.parametrize(
    ("lines", "author"),
    [
        ("Jane Roe, MD", Author(name="Jane Roe, MD")),
        ("Boston Dentist", Author(title="Boston Dentist", specialty="Dentist", location="Boston")),
        (
            "Jane Roe, M.D.\nDermatologist\n5 out of 5 stars",
            Author(name="Jane Roe, M.D.", title="Dermatologist", specialty="Dermatologist", rating=5.0),
        ),
        ("Dermatologist\n1,204 reviews", Author(title="Dermatologist", specialty="Dermatologist", review_count=1204)),
        (
            "Анна Иванова\nврач-дерматолог\n4.9 out of 5 stars 1 review",
            Author(name="Анна Иванова", title="врач-дерматолог", rating=4.9, review_count=1),
        ),
        (
            "山田 太郎\n皮膚科\n4 out of 5 stars 7 reviews",
            Author(name="山田 太郎", title="皮膚科", rating=4.0, review_count=7),
        ),
        ("Siobhán O’Neill, MD", Author(name="Siobhán O’Neill, MD")),
        (
            "Jane Roe, MD\nSpringfield\xa0Dermatologist\n4.8\xa0out of 5 stars 20\xa0reviews",
            Author(
                name="Jane Roe, MD",
                title="Springfield\xa0Dermatologist",
                specialty="Dermatologist",
                location="Springfield",
                rating=4.8,
                review_count=20,
            ),
        ),
        ("Demonstration answer, Pharmacy", Author(title="Demonstration answer, Pharmacy", specialty="Pharmacy")),
    ],
)  # fmt: skip
def test_a_doctor_is_read_as_the_page_shows_them(lines: str, author: Author) -> None:
    """Name, title, stars and reviews come out verbatim, and what is missing stays missing."""
    answer = only(f"Ice helps on the first day.\n\n{lines}")
    assert answer.author == author
    assert answer.body == "Ice helps on the first day."


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


@given(st.text(max_size=200))
def test_any_lines_can_be_weighed_and_read(text: str) -> None:
    """No text makes the reading of a doctor's lines fail, and no word of a likely one is lost."""
    score = byline_score(text)
    if score is None:
        return
    author = authors.parse(text)
    shown = " ".join(filter(None, (author.name, author.title, author.location)))
    lines = [without_marks(line) for line in text.split("\n") if not is_blank(line)]
    if not ratings.resembles_rating(lines[-1]):
        assert all(line in shown for line in lines)
