"""Checks a reading for consistency: whether anything on the page speaks against it.

Each check looks for one way in which words could stand under another doctor's name although the count fits; ``CHECKS``
is the whole list. A page on which a check finds something is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass

from askdoc.corpus.text_page.ambiguity import AmbiguousPage
from askdoc.corpus.text_page.segmentation.byline_checks import (
    adjacent_bylines,
    byline_in_paragraph,
    introduced_doctor,
    missing_rating,
    name_apart_from_title,
    name_without_title,
    same_doctor_twice,
)
from askdoc.corpus.text_page.segmentation.layout_checks import (
    BYLINE_ABOVE_TEXT,
    bylines_above_text,
    closing_words_within,
    continued_answer,
    headline_above_byline,
    headline_in_other_answer,
)
from askdoc.corpus.text_page.segmentation.reading import Doubts, Reading
from askdoc.corpus.text_page.segmentation.scored_blocks import ScoredBlocks


@dataclass(frozen=True, slots=True)
class ConsistencyCheck:
    """A check, and what the person who keeps the corpus can do about what it finds."""

    find: Callable[[Reading], Doubts]
    hint: str


_HINT_ABOVE_TEXT = "Put each doctor's lines below their answer."
CHECKS: tuple[ConsistencyCheck, ...] = (
    ConsistencyCheck(bylines_above_text, _HINT_ABOVE_TEXT),
    ConsistencyCheck(same_doctor_twice, "Take the signature out, or see whether an answer lost its doctor's line."),
    ConsistencyCheck(name_without_title, "Add the doctor's title below the name, or take the line out."),
    ConsistencyCheck(
        introduced_doctor, "Take the names of other doctors out, or end the answer with its own doctor's lines."
    ),
    ConsistencyCheck(adjacent_bylines, "Leave only the doctor of the answer there."),
    ConsistencyCheck(
        name_apart_from_title, "Take the blank line out if they are one doctor's, else take the name out."
    ),
    ConsistencyCheck(
        missing_rating,
        "See whether an answer lost its doctor's line; if none did, add the doctor's stars or take the line out.",
    ),
    ConsistencyCheck(byline_in_paragraph, "Put each of the doctor's lines on a line of its own."),
    ConsistencyCheck(continued_answer, "Move them above the doctor's lines, or write a headline over the answer."),
    ConsistencyCheck(
        headline_in_other_answer, "End the answer above with its doctor's lines, or end the line with a full stop."
    ),
    ConsistencyCheck(headline_above_byline, "Move the line below the doctor's lines, or end it with a full stop."),
    ConsistencyCheck(closing_words_within, "Put each page into a file of its own."),
)
"""Every check, in the order in which they are made: the first that finds something is reported."""


def require_consistent(reading: Reading) -> None:
    """Raise ``AmbiguousPage`` at the first thing on the page that speaks against a reading."""
    for check in CHECKS if reading.bylines else ():
        if doubt := next(check.find(reading), None):
            raise AmbiguousPage(reading.page.blocks[doubt.block].first_line, doubt.reason, check.hint)


def require_text_first(page: ScoredBlocks) -> None:
    """Raise ``AmbiguousPage`` where the first thing below the answer counter is a byline."""
    top = next((n for n, block in enumerate(page.blocks) if not block.is_vote), None)
    if top is not None and page.names_doctor(top) and page.has_certain_line(top):
        raise AmbiguousPage(page.blocks[top].first_line, BYLINE_ABOVE_TEXT, _HINT_ABOVE_TEXT)
