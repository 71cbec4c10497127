"""The score of a block's lines: what says more weighs more, and what is no byline weighs nothing."""

import pytest

from askdoc.corpus.text_page import weights
from askdoc.corpus.text_page.lines.byline_score import byline_score


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
