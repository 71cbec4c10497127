"""Finds where one page of a file ends and the next begins.

Pages that were saved one after another into a file are told apart by their answer counters. The next page's question
stands somewhere between a page's last byline and the next counter: below the closing words, or below a line of dashes.
Where neither is there, a page ends with as many bylines as it claims to have answers. Where that does not fit either,
the file is refused, for a question that is taken for an answer would be a patient's words under a doctor's name.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from askdoc.corpus.text_page import block_splitting
from askdoc.corpus.text_page.ambiguity import AmbiguousPage
from askdoc.corpus.text_page.blocks import Block
from askdoc.corpus.text_page.lines import boilerplate, counters
from askdoc.corpus.text_page.lines.byline_score import is_strong
from askdoc.corpus.text_page.lines.counters import AnswerCounter
from askdoc.corpus.text_page.lines.disclaimers import could_be_disclaimer, is_disclaimer
from askdoc.text import is_blank, plain

_TAB = re.compile(r"[A-Za-z][A-Za-z &/]{1,30}\s*\(?\d[\d,]*\)?")
"""A tab of the page with its number: ``Photos 12``."""
_LONGEST_TITLE = 300
"""Letters in the longest line that could be a question's title."""
_HINT = "Put each page into a file of its own."


@dataclass(frozen=True, slots=True)
class PageRange:
    """The lines of a page in its file: the first and the one below the last, from 0; and its counter, if it has one."""

    first: int
    end: int
    counter: AnswerCounter | None


def split(lines: list[str]) -> list[PageRange]:
    """Split a file into its pages, in order. Raises ``AmbiguousPage`` where a second one's beginning is not certain."""
    found = _merge_repeated(lines, counters.find(lines))
    starts = [0, *(_start(lines, above, below) for above, below in pairwise(found))]
    ends = [*starts[1:], len(lines)]
    return [
        PageRange(start, end, found[n] if found else None)
        for n, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def _merge_repeated(lines: list[str], found: list[AnswerCounter]) -> list[AnswerCounter]:
    """Merge a counter with its repetition: sites write theirs over the tabs and again over the answers."""
    merged: list[AnswerCounter] = []
    for counter in found:
        if merged and _repeats(lines, merged[-1], counter):
            first = merged[-1]
            between = (n for n in range(first.last + 1, counter.last + 1) if not is_blank(lines[n]))
            merged[-1] = AnswerCounter(first.first, counter.last, counter.claimed, (*first.repeated, *between))
        else:
            merged.append(counter)
    return merged


def _repeats(lines: list[str], above: AnswerCounter, below: AnswerCounter) -> bool:
    """Whether a counter says the same number as the one above, with nothing but boilerplate between them."""
    between = lines[above.last + 1 : below.first]
    return above.claimed == below.claimed and all(
        is_blank(line) or boilerplate.kind_above_counter(line) or _TAB.fullmatch(plain(line)) for line in between
    )


def _start(lines: list[str], above: AnswerCounter, below: AnswerCounter) -> int:
    """The first line of the page to which the counter ``below`` belongs."""
    blocks = block_splitting.split(lines[above.last + 1 : below.first], 0, above.last + 1)
    bylines = [n for n, block in enumerate(blocks) if block.is_likely_byline]
    if not bylines:
        reason = "A second line says how many answers there are, and no doctor stands above it."
        raise AmbiguousPage(below.first + 1, reason, _HINT)
    rest = blocks[bylines[-1] + 1 :]
    is_complete = len(bylines) == above.claimed and all(is_strong(blocks[n].text) for n in bylines)
    start = _start_below_rule(rest) or _start_below_closing(lines, rest, is_complete=is_complete)
    if start is None or len(plain(lines[start])) > _LONGEST_TITLE:
        raise AmbiguousPage(below.first + 1, "Another page begins above this line, and where is not certain.", _HINT)
    return start


def _start_below_rule(rest: list[Block]) -> int | None:
    """The line below the last line of dashes."""
    rules = [n for n, block in enumerate(rest[:-1]) if boilerplate.is_rule(block.text)]
    return rest[rules[-1] + 1].first_line - 1 if rules else None


def _start_below_closing(lines: list[str], rest: list[Block], *, is_complete: bool) -> int | None:
    """The line below a page's closing words, where it is certain which words those are.

    It is certain where the file ends in the very same words, or where one paragraph closes the page and a question mark
    ends the line below. A page with as many bylines as it claims answers (``is_complete``) may have no closing words.
    """
    if (repeated := _repeated_closing(lines, rest)) is not None:
        n, last = repeated
        after = [m for m in range(last + 1, rest[n].last_line) if not is_blank(lines[m])]
        return after[0] if after else _first_line(rest[n + 1 :])
    closing = [n for n, block in enumerate(rest) if could_be_disclaimer(block.text)]
    if not closing:
        return _first_line(rest) if is_complete else None
    first = rest[closing[0]]
    below = _first_line(rest[closing[0] + 1 :])
    is_only_one = len(closing) == 1 and first is next((block for block in rest if not block.boilerplate), None)
    is_question = below is not None and plain(lines[below]).endswith("?")
    return below if is_only_one and is_question and first.is_one_line else None


def _repeated_closing(lines: list[str], rest: list[Block]) -> tuple[int, int] | None:
    """The first block of closing words that hold the file's last line, and the last line in it that is the same."""
    last = next((plain(line) for line in reversed(lines) if not is_blank(line) and not boilerplate.kind(line)), "")
    for n, block in enumerate(rest):
        same = [m for m in range(block.first_line - 1, block.last_line) if plain(lines[m]) == last]
        if same and is_disclaimer(block.text):
            return n, same[-1]
    return None


def _first_line(blocks: list[Block]) -> int | None:
    """The first line, from 0, that is no boilerplate."""
    return next((block.first_line - 1 for block in blocks if not block.boilerplate), None)
