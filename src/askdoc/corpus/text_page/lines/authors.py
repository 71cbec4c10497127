"""Parses a byline into its doctor, and compares doctors whom two bylines name."""

from askdoc.corpus.text_page.lines import ratings
from askdoc.corpus.text_page.lines.bylines import visible_lines
from askdoc.corpus.text_page.lines.job_titles import (
    is_demonstration_title,
    is_place,
    is_title,
    specialty_and_location,
)
from askdoc.corpus.text_page.lines.person_names import could_be_same, has_credentials, is_bare_name, name_words
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


def could_be_same_doctor(author: Author, other: Author) -> bool:
    """Whether two bylines may name one person: Dr. Roe and Jane Roe, MD; a title with and without a rating."""
    if author.name and other.name:
        return could_be_same(name_words(author.name), name_words(other.name))
    if not author.title or not other.title or author.title.casefold() != other.title.casefold():
        return False
    if is_demonstration_title(author.title):
        return False
    if author.name or other.name:
        return True
    shown, others_shown = (author.rating, author.review_count), (other.rating, other.review_count)
    return shown == others_shown or (None, None) in (shown, others_shown)


def surname(author: Author) -> str | None:
    """The last word of a doctor's name without degrees, to compare by; None where there is no name."""
    words = name_words(author.name or "")
    return words[-1] if words else None


def _split_name(lines: list[str]) -> tuple[str | None, list[str]]:
    """Part a byline's lines into the name and the others. Where no line is known to be one, the first of several is."""
    position = next((n for n, line in enumerate(lines) if has_credentials(line)), None)
    if position is None and not is_title(lines[0]) and (is_bare_name(lines[0]) or len(lines) > 1):
        position = 0
    return (None, lines) if position is None else (lines[position], lines[:position] + lines[position + 1 :])
