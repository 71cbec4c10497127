"""Parses a byline into the doctor whom it names."""

from askdoc.corpus.text_page.lines import ratings
from askdoc.corpus.text_page.lines.bylines import visible_lines
from askdoc.corpus.text_page.lines.job_titles import is_place, is_title, specialty_and_location
from askdoc.corpus.text_page.lines.person_names import has_credentials, is_bare_name
from askdoc.models import Author


def parse(byline: str) -> Author:
    """Parse a byline of one to three lines and perhaps a rating below them. No word but the rating's is lost."""
    lines = visible_lines(byline)
    rating = ratings.parse(lines[-1]) if len(lines) > 1 else None
    has_rating = rating is not None or (len(lines) > 1 and ratings.resembles_rating(lines[-1]))
    name, other_lines = _split_name(lines[:-1] if has_rating else lines)
    title = other_lines[0] if other_lines else None
    specialty, location = specialty_and_location(title) if title else (None, None)
    if len(other_lines) > 1:
        if location is None and is_place(other_lines[1]):
            location = other_lines[1]
        else:
            title = ", ".join(other_lines)
    return Author(
        name=name,
        title=title,
        specialty=specialty,
        location=location,
        rating=rating.stars if rating else None,
        review_count=rating.reviews if rating else None,
    )


def _split_name(lines: list[str]) -> tuple[str | None, list[str]]:
    """Part a byline's lines into the name and the others. Where no line is known to be one, the first of several is."""
    position = next((n for n, line in enumerate(lines) if has_credentials(line)), None)
    if position is None and not is_title(lines[0]) and (is_bare_name(lines[0]) or len(lines) > 1):
        position = 0
    return (None, lines) if position is None else (lines[position], lines[:position] + lines[position + 1 :])
