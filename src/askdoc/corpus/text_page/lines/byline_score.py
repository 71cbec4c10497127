"""Scores how much the lines of a block look like a byline, by what they say."""

from askdoc.corpus.text_page import weights
from askdoc.corpus.text_page.lines.bylines import MOST_NAMED_LINES, visible_lines
from askdoc.corpus.text_page.lines.job_titles import (
    ends_in_profession,
    is_demonstration_title,
    is_located_title,
    is_title,
)
from askdoc.corpus.text_page.lines.line_shape import contains_prose_word, could_be_byline_line
from askdoc.corpus.text_page.lines.person_names import has_credentials, is_bare_name
from askdoc.corpus.text_page.lines.ratings import is_rating


def byline_score(block: str) -> float | None:
    """Score a block of lines by ``weights``; higher is surer, and None where it cannot be a byline."""
    lines = visible_lines(block)
    has_rating = len(lines) > 1 and is_rating(lines[-1])
    named_lines = lines[:-1] if has_rating else lines
    if not _has_byline_form(named_lines):
        return None
    if any(map(is_demonstration_title, named_lines)):
        return weights.DEMONSTRATION
    evidence = _evidence(named_lines)
    if has_rating:
        return evidence + weights.RATING if evidence or any(map(is_bare_name, named_lines)) else weights.RATING_ALONE
    if not evidence:
        return weights.NO_EVIDENCE
    return evidence + weights.THIRD_LINE if len(named_lines) > 2 else evidence


def is_likely(block: str) -> bool:
    """Whether a block of lines is taken for a byline where nothing speaks against it."""
    return (byline_score(block) or 0) >= weights.LIKELY


def is_strong(block: str) -> bool:
    """Whether a block of lines is a byline beyond reasonable doubt."""
    return (byline_score(block) or 0) >= weights.STRONG


def is_possible(block: str) -> bool:
    """Whether anything in a block of lines speaks for a byline."""
    return (byline_score(block) or 0) > 0


def _has_byline_form(named_lines: list[str]) -> bool:
    """Whether lines are as many and as short as those of a byline above its rating, and none is a rating itself."""
    return 1 <= len(named_lines) <= MOST_NAMED_LINES and all(
        could_be_byline_line(line) and not is_rating(line) for line in named_lines
    )


def _evidence(named_lines: list[str]) -> float:
    """The weights of a name with credentials and of the surest title among lines, 0 where there is neither."""
    credentials = weights.CREDENTIALS if any(map(has_credentials, named_lines)) else 0.0
    if any(map(is_located_title, named_lines)):
        return credentials + weights.LOCATED_TITLE
    if any(map(is_title, named_lines)):
        return credentials + weights.TITLE
    if credentials:
        return credentials
    is_loose = any(ends_in_profession(line) and not contains_prose_word(line) for line in named_lines)
    return weights.PROFESSION if is_loose else 0.0
