"""The weights of byline scores: their sums stand in the order that the reasons beside them give."""

from askdoc.corpus.text_page import weights


def test_lines_are_strong_by_a_place_a_rating_or_a_name_with_a_title() -> None:
    """No single weaker sign makes a byline strong, and each of these does."""
    assert max(weights.CREDENTIALS, weights.TITLE, weights.PROFESSION, weights.RATING_ALONE) < weights.STRONG
    strong = (weights.LOCATED_TITLE, weights.RATING, weights.CREDENTIALS + weights.TITLE, weights.DEMONSTRATION)
    assert min(strong) >= weights.STRONG


def test_lines_are_likely_by_a_name_or_a_title() -> None:
    """A word of a profession, a rating without a name, or mere form is not enough."""
    assert max(weights.PROFESSION, weights.RATING_ALONE, weights.NO_EVIDENCE) < weights.LIKELY
    assert min(weights.CREDENTIALS, weights.TITLE) >= weights.LIKELY


def test_text_below_outweighs_every_place() -> None:
    """A byline above further text never ends the last answer where another closes the page."""
    places = (weights.BEFORE_NEXT_ANSWER, weights.ABOVE_LAST_BLOCK, weights.ABOVE_HEADING)
    assert max(places) < -weights.TEXT_BELOW
