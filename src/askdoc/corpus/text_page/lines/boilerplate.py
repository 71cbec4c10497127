"""Classifies a line of a page as boilerplate, by the forms of the table.

A line is dropped only where sites put its kind: above the answer counter, or at the edge of an answer. Within a
doctor's text, a line that could be the doctor's stays; one that could not (``Boilerplate.is_sure``) leaves the page
out, for another answer may end there.
"""

import re

from askdoc.corpus.dates import iso_day
from askdoc.corpus.text_page.lines.boilerplate_table import ANSWERED, DAY, TABLE, Boilerplate
from askdoc.text import is_blank, plain

# Kinds that sites put between an answer's headline and its byline.
_WITHIN_ANSWERS = ("date", "badge", "helpful", "reviewer", "links to the doctor", "buttons", "votes below", "rule")
# Kinds that announce links to other pages.
_LINK_HEADINGS = ("related questions", "links to the doctor")
# Kinds of which the less sure forms are words that an asker, too, writes above the counter.
_ASKERS_WORDS = ("helpful", "hash tags", "related questions")
# Kinds that are hardly a doctor's words though they are kept within an answer.
_REPORTED_WITHIN_ANSWERS = ("advertisement", "badge", "folded text")
_BREADCRUMB_MARKS = tuple(">›»/|→")
_REVIEWER_WITHOUT_NAME = re.compile(r".*(?: by:?|ed:)", re.IGNORECASE)
_ANSWER_DAY = re.compile(rf"(?:{ANSWERED}(?: on)?:? )?(?P<day>{DAY})", re.IGNORECASE)
_LONGEST = 320
"""Letters in a line that is looked at: the longest form of the table has 300 and some words before them."""


def kind(line: str) -> Boilerplate | None:
    """The kind of boilerplate that a line below the answer counter is; None where it is none."""
    return _classify(line, is_above=False)


def kind_above_counter(line: str) -> Boilerplate | None:
    """The kind of boilerplate that a line above the answer counter is; None where it is none."""
    found = _classify(line, is_above=True)
    return None if found and found.name in _ASKERS_WORDS and not found.is_sure else found


def could_top_page(line: str) -> bool:
    """Whether a line is boilerplate that stands above a question and can hardly be the question itself."""
    found = kind_above_counter(line)
    return found is not None and (found.is_sure or found.is_above_only or found.name == "advertisement")


def is_sure(line: str) -> bool:
    """Whether a line is boilerplate that no doctor would write, wherever it stands."""
    found = kind(line)
    return found is not None and found.is_sure


def is_block_of_its_own(line: str) -> bool:
    """Whether a line is split from its neighbours even where no blank line parts them."""
    found = kind(line)
    return found is not None and (found.is_sure or found.name == "rule")


def is_link_heading(line: str) -> bool:
    """Whether a line announces links to other pages, which may follow it line by line."""
    found = kind(line)
    return found is not None and found.name in _LINK_HEADINGS


def is_reviewer_without_name(line: str) -> bool:
    """Whether a line says that somebody reviewed the page and leaves the name to the next line."""
    found = _classify(line, is_above=True)
    return found is not None and found.name == "reviewer" and bool(_REVIEWER_WITHOUT_NAME.fullmatch(plain(line)))


def continues_breadcrumbs(line: str) -> bool:
    """Whether a line is a mark between bread crumbs, or ends in one, so that the next line is a bread crumb."""
    return plain(line)[-1:] in _BREADCRUMB_MARKS and kind_above_counter(line) is not None


def is_rule(line: str) -> bool:
    """Whether a line is drawn across the page."""
    found = kind(line)
    return found is not None and found.name == "rule"


def stands_within_answers(name: str) -> bool:
    """Whether sites put lines of the kind ``name`` between an answer's headline and its byline."""
    return name in _WITHIN_ANSWERS


def is_reported_within_answers(line: str) -> bool:
    """Whether a line that is kept within an answer is hardly the doctor's, so that it is reported."""
    found = kind(line)
    return found is not None and found.name in _REPORTED_WITHIN_ANSWERS


def answer_day(line: str) -> str | None:
    """The day on which a line says that an answer was given, as ``2015-03-03``; None where none is certain."""
    match = _ANSWER_DAY.fullmatch(plain(line))
    return iso_day(re.sub(r"(?<=\d)\. (?=[a-zA-Z])", " ", match["day"])) if match else None


def _classify(line: str, *, is_above: bool) -> Boilerplate | None:
    """The first kind of the table whose form a line has; some kinds count only above the answer counter."""
    if len(line) > _LONGEST or is_blank(line):
        return None
    text = plain(line).replace("’", "'")
    return next(
        (entry for entry in TABLE if (is_above or not entry.is_above_only) and entry.form.fullmatch(text)), None
    )
