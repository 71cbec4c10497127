"""Ratings: stars and reviews are numbers in each form that sites use."""

import pytest

from askdoc.corpus.text_page.lines import authors, ratings
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
