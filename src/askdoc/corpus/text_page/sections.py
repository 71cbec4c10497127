"""Cuts a file at the places where one page ends and the next begins.

Pages that were saved one after another into a file are told apart by their counters. The next page's question stands
somewhere between a page's last doctor and the next counter: below the closing words, or below a line of dashes. Where
neither is there, a page ends with as many doctors as it claims. Where that does not fit either, the file is left out,
for a question that is taken for an answer would be a patient's words under a doctor's name.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from askdoc.corpus.text_page import blocks as pieces
from askdoc.corpus.text_page import boilerplate, bylines, counters
from askdoc.corpus.text_page.ambiguity import AmbiguousPage
from askdoc.corpus.text_page.blocks import Block
from askdoc.corpus.text_page.cleaning import is_doctor
from askdoc.corpus.text_page.counters import Counter
from askdoc.text import is_blank, plain

_TAB = re.compile(r"[A-Za-z][A-Za-z &/]{1,30}\s*\(?\d[\d,]*\)?")
_LONGEST_TITLE = 300
_HINT = "Put each page into a file of its own."


@dataclass(frozen=True, slots=True)
class Section:
    """A page: its first line and the line below its last, from 0, and its counter, if it has one."""

    first: int
    end: int
    counter: Counter | None


def split(lines: list[str]) -> list[Section]:
    """The pages of a file, in order. Raises ``AmbiguousPage`` where a second one's beginning is not certain."""
    found = _merged(lines, counters.find(lines))
    starts = [0]
    for above, below in pairwise(found):
        starts.append(_start(lines, above, below))
    ends = [*starts[1:], len(lines)]
    return [
        Section(start, end, found[n] if found else None)
        for n, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def _merged(lines: list[str], found: list[Counter]) -> list[Counter]:
    """The counters, a repeated one taken for one: sites write theirs over the tabs and again over the answers."""
    merged: list[Counter] = []
    for counter in found:
        if merged and merged[-1].claimed == counter.claimed and _only_site(lines[merged[-1].last + 1 : counter.first]):
            again = tuple(n for n in range(merged[-1].last + 1, counter.last + 1) if not is_blank(lines[n]))
            repeated = (*merged[-1].repeated, *again)
            merged[-1] = Counter(merged[-1].first, counter.last, counter.claimed, repeated)
        else:
            merged.append(counter)
    return merged


def _only_site(lines: list[str]) -> bool:
    return all(is_blank(line) or boilerplate.kind_above(line) or _TAB.fullmatch(plain(line)) for line in lines)


def _start(lines: list[str], above: Counter, below: Counter) -> int:
    """The first line of the page to which the counter ``below`` belongs."""
    blocks = pieces.cut(lines[above.last + 1 : below.first], 0, above.last + 1)
    doctors = [n for n, block in enumerate(blocks) if is_doctor(block)]
    if not doctors:
        reason = "A second line says how many answers there are, and no doctor stands above it."
        raise AmbiguousPage(below.first + 1, reason, _HINT)
    rest = blocks[doctors[-1] + 1 :]
    fits = len(doctors) == above.claimed and all(_is_whole(blocks[n]) for n in doctors)
    start = _below_rule(rest) or _below_closing(lines, rest, fits=fits)
    if start is None or not _is_title(lines[start]):
        raise AmbiguousPage(below.first + 1, "Another page begins above this line, and where is not certain.", _HINT)
    return start


def _below_rule(rest: list[Block]) -> int | None:
    """The line below the last line of dashes."""
    drawn = [n for n, block in enumerate(rest[:-1]) if boilerplate.is_rule(block.text)]
    return rest[drawn[-1] + 1].line - 1 if drawn else None


def _below_closing(lines: list[str], rest: list[Block], *, fits: bool) -> int | None:
    """The line below a page's closing words, where it is certain which they are.

    It is where the file ends in the very same words, or where one paragraph closes the page and a question mark ends
    the line below. A page that has as many doctors as it says (``fits``) may also have no closing words.
    """
    last = next((plain(line) for line in reversed(lines) if not is_blank(line) and not boilerplate.kind(line)), "")
    for n, block in enumerate(rest):
        inside = [m for m in range(block.line - 1, block.last) if plain(lines[m]) == last]
        if inside and pieces.SURE_DISCLAIMER.search(block.text):
            after = [m for m in range(inside[-1] + 1, block.last) if not is_blank(lines[m])]
            return after[0] if after else _first(rest[n + 1 :])
    closing = [block for block in rest if pieces.DISCLAIMER.search(block.text)]
    if not closing:
        return _first(rest) if fits else None
    below = _first(rest[rest.index(closing[0]) + 1 :])
    sure = len(closing) == 1 and closing[0] is next(block for block in rest if not block.chrome)
    asks = below is not None and plain(lines[below]).endswith("?")
    return below if sure and asks and closing[0].line == closing[0].last else None


def _first(blocks: list[Block]) -> int | None:
    """The first line that is no part of the site."""
    return next((block.line - 1 for block in blocks if not block.chrome), None)


def _is_whole(block: Block) -> bool:
    """Whether a doctor's lines leave no doubt."""
    return (bylines.weight(block.text) or 0) >= bylines.STRONG


def _is_title(line: str) -> bool:
    return len(plain(line)) <= _LONGEST_TITLE
