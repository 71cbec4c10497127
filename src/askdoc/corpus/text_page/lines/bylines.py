"""Recognises bylines: the one to four lines that name the doctor of an answer.

A byline has up to three lines of name, title and place, and perhaps a rating below them::

    Jane Roe, MD
    Springfield Dermatologist
    4.8 out of 5 stars 20 reviews
"""

from collections.abc import Callable, Sequence

from askdoc.corpus.text_page.lines.job_titles import (
    ends_in_profession,
    is_demonstration_title,
    is_located_title,
    is_title,
)
from askdoc.corpus.text_page.lines.line_shape import contains_prose_word, could_be_byline_line
from askdoc.corpus.text_page.lines.person_names import ends_in_degree, has_credentials, has_degree, is_bare_name
from askdoc.corpus.text_page.lines.ratings import is_rating
from askdoc.text import is_blank, plain, without_marks

MOST_NAMED_LINES = 3
"""Lines of a byline above its rating: name, title, and place."""

_LONGEST_INLINE = 200
"""Letters at the end of a paragraph that can hold a byline that has run into it."""
_LONGEST_INLINE_RATING = 8
"""Words in a rating that has run into a paragraph."""


def visible_lines(byline: str) -> list[str]:
    """The lines of a byline as they are shown: without blank lines and invisible characters."""
    return [without_marks(line) for line in byline.split("\n") if not is_blank(line)]


def is_titled(byline: str) -> bool:
    """Whether a byline holds more than a name: a title, a profession, or a rating."""
    return any(is_title(line) or is_rating(line) or _is_loose_title(line) for line in visible_lines(byline))


def has_rating(byline: str) -> bool:
    """Whether a byline ends in a rating."""
    return is_rating(byline.rsplit("\n", 1)[-1])


def has_credentialed_name(byline: str) -> bool:
    """Whether a line of a byline is a name with a degree or a form of address."""
    return any(map(has_credentials, byline.split("\n")))


def is_complete(byline: str) -> bool:
    """Whether lines are all that a site shows of a doctor: any with a rating, or a title and a name with a degree."""
    lines = visible_lines(byline)
    return has_rating(byline) or (any(map(is_title, lines)) and any(map(has_degree, lines)))


def _is_certain_line(line: str) -> bool:
    """Whether a line hardly is anything else: a name with a degree, a title with its place, the project's own form."""
    return has_degree(line) or is_demonstration_title(plain(line)) or is_located_title(line)


def has_certain_line(byline: str) -> bool:
    """Whether a line of a block can hardly be anything but a doctor's."""
    return any(map(_is_certain_line, byline.split("\n")))


def ends_in_byline(paragraph: str) -> bool:
    """Whether a paragraph ends in a byline that has run into it: a degree or a profession, then a rating."""
    words = plain(paragraph[-_LONGEST_INLINE:]).split()
    for n in range(1, min(_LONGEST_INLINE_RATING + 1, len(words))):
        above = " ".join(words[:-n])
        if is_rating(" ".join(words[-n:])) and (ends_in_profession(above) or ends_in_degree(above)):
            return "\n" not in paragraph.strip()
    return False


def start_above_rating(lines: Sequence[str]) -> int:
    """Where the byline begins among lines of which the last is a rating: at the rating if no line above it fits.

    A name is known by its degree; by its form alone only next to a title, or where all lines are few enough to be the
    byline.
    """
    last = len(lines) - 1
    first = last
    while first > 0 and last - first < MOST_NAMED_LINES and could_be_byline_line(lines[first - 1]):
        first -= 1
    is_whole = first == 0 and last <= MOST_NAMED_LINES
    for is_name in (has_degree, has_credentials):
        if (name := _last_of(lines, first, is_name)) is not None:
            return name - (name > first and is_title(lines[name - 1]))
    if (title := _last_of(lines, first, is_title)) is not None:
        return title - (title > first and (is_whole or is_bare_name(lines[title - 1])))
    if last > first and is_bare_name(lines[last - 1]):
        return last - 1 - (last - 1 > first and is_bare_name(lines[last - 2]))
    return first if is_whole else max(first, last - 1)


def start_at_end(lines: Sequence[str]) -> int | None:
    """Where a byline without a rating begins at the end of lines; None where none is certain enough."""
    if len(lines) > 1 and has_degree(lines[-2]) and is_title(lines[-1]):
        return len(lines) - 2
    follows_text = len(lines) > 1 and not could_be_byline_line(lines[-2])
    if not lines or not (_is_certain_line(lines[-1]) or (follows_text and is_title(lines[-1]))):
        return None
    return len(lines) - 1 - _has_name_above_title(lines)


def _has_name_above_title(lines: Sequence[str]) -> bool:
    """Whether the last line is a title and the line above it is its doctor's name."""
    if len(lines) < 2 or not is_title(lines[-1]) or is_title(lines[-2]):
        return False
    is_whole = len(lines) == 2 and could_be_byline_line(lines[0])
    return is_whole or is_bare_name(lines[-2])


def _last_of(lines: Sequence[str], first: int, is_kind: Callable[[str], bool]) -> int | None:
    """The last line of a kind above the last line and from line ``first`` on."""
    return next((n for n in range(len(lines) - 2, first - 1, -1) if is_kind(lines[n])), None)


def _is_loose_title(line: str) -> bool:
    """Whether a line ends in a profession, though it may not be written as a title."""
    return not has_credentials(line) and ends_in_profession(plain(line)) and not contains_prose_word(line)
