"""Parses the line in which a page shows a doctor's stars: ``4.8 out of 5 stars 20 reviews``."""

import re
from dataclasses import dataclass

from askdoc.corpus.text_page.lines.line_shape import LONGEST_BYLINE_LINE
from askdoc.text import plain

_RATING = r"(?P<{}>5(?:[.,]0{{1,2}})?|[0-4](?:[.,]\d{{1,2}})?)(?!\d)"
_REVIEWS = (
    r"[\s,·•|:–—-]*\(?\s*(?:(?:based\s+on|from)\s+)?(?P<{}>\d{{1,3}}(?:,?\d{{3}})*)\s*"
    r"(?:(?:patient|verified)\s+)?(?:reviews?|ratings?)\s*\)?"
)
_STAR = "[★☆⭐✩✪🌟✰⯪½]"
_FORMS = re.compile(
    r"\s*(?:"
    rf"(?:(?:overall\s+)?(?:rating|rated):?\s*)?{_RATING.format('rating')}\s+out\s+of\s+5(?:\s+stars?)?(?:{_REVIEWS.format('count')})?"
    rf"|(?:overall\s+)?rating:?\s*{_RATING.format('rated')}(?:\s*(?:/|of)\s*5)?(?:\s+stars?)?(?:{_REVIEWS.format('rated_by')})?"
    rf"|{_RATING.format('of')}\s*(?:/|of)\s*5(?:\s+stars?)?{_REVIEWS.format('of_by')}"
    rf"|{_RATING.format('scale')}\s*(?:/|of)\s*5\s+stars?|(?P<scaled>[0-4][.,]\d{{1,2}}|5[.,]0{{1,2}})\s*(?:/|of)\s*5"
    rf"|(?P<row>{_STAR}(?:\s?{_STAR}){{0,5}})(?:\s*{_RATING.format('row_rating')}(?:\s*/\s*5)?)?"
    rf"(?:{_REVIEWS.format('row_by')}|\s*\((?P<row_count>\d{{1,3}}(?:,?\d{{3}})*)\))?"
    rf"|{_RATING.format('starred')}\s*(?:/\s*5\s*)?{_STAR}{{1,5}}(?:{_REVIEWS.format('starred_by')}"
    r"|\s*\((?P<starred_count>\d{1,3}(?:,?\d{3})*)\))?"
    rf"|{_RATING.format('bare')}(?:\s+stars?)?(?=\s*\(|\s+[·•|–—\d-]){_REVIEWS.format('bare_by')}"
    r"|\(?(?:no|not yet)\s+(?:reviews?|ratings?|rated)(?:\s+yet)?\)?"
    r"|\(?(?P<only>\d{1,3}(?:,?\d{3})*)\s+(?:(?:patient|verified)\s+)?(?:reviews?|ratings?)\)?"
    rf")(?:\s*{_STAR})*\s*",
    re.IGNORECASE,
)
# A line that shows stars in a form that is not known: no name, no title, and no number that could be relied on.
_RATING_LIKE = re.compile(
    rf"[\d{_STAR[1:-1]}(](?=.*(?:{_STAR}|\bstars?\b|\breviews?\b|\bratings?\b|\bout of 5\b)).{{0,40}}", re.IGNORECASE
)
_RATING_GROUPS = ("rating", "rated", "of", "scale", "scaled", "row_rating", "starred", "bare")
_COUNT_GROUPS = (
    "count", "rated_by", "of_by", "row_by", "row_count", "starred_by", "starred_count", "bare_by", "only",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rating:
    """A doctor's rating: stars out of five and the number of reviews, each None where the line does not tell it."""

    stars: float | None
    reviews: int | None


def is_rating(line: str) -> bool:
    """Whether a line holds a doctor's stars, reviews, or both, in one of the forms that sites use."""
    return len(line) <= LONGEST_BYLINE_LINE and bool(_FORMS.fullmatch(plain(line)))


def resembles_rating(line: str) -> bool:
    """Whether a line is a rating, or shows stars in a form from which no number can be read for certain."""
    return is_rating(line) or bool(_RATING_LIKE.fullmatch(plain(line)))


def parse(line: str) -> Rating | None:
    """Parse a rating of any length; None where the line is none."""
    match = _FORMS.fullmatch(plain(line))
    if match is None:
        return None
    stars = next((match[group] for group in _RATING_GROUPS if match[group]), None)
    reviews = next((match[group] for group in _COUNT_GROUPS if match[group]), None)
    return Rating(
        float(stars.replace(",", ".")) if stars else _drawn_stars(match["row"] or ""),
        int(reviews.replace(",", "")) if reviews else None,
    )


def _drawn_stars(row: str) -> float | None:
    """Count a row of drawn stars: the full ones out of five, and half for a half one."""
    drawn = re.sub(r"\s", "", row)
    empty = sum(drawn.count(star) for star in "☆✩✰")
    half = drawn.count("½") + drawn.count("⯪")
    full = len(drawn) - empty - half
    slots = full + empty + drawn.count("⯪")
    return full + half / 2 if drawn and slots <= 5 and full + half / 2 <= 5 else None
