"""Matches authors: tells whether two bylines may name one doctor."""

from askdoc.corpus.text_page.lines.job_titles import is_demonstration_title
from askdoc.corpus.text_page.lines.person_names import could_be_same, name_words
from askdoc.models import Author


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
