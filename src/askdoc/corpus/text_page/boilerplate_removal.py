"""Removes boilerplate from between the answers of a page and from below the last.

Buttons, counts and dates stand where an answer ends or begins: below a byline, below the answer counter, between a
headline and the text. There they are dropped. What no doctor would write is dropped wherever it stands, and the page is
refused later if it stood within an answer, for then another answer may have ended there. What a doctor could have
written (a line ``Share``) is dropped below a byline alone. A line that stands word for word below every byline, the
last too, is boilerplate whatever it says.
"""

import re
from dataclasses import dataclass
from itertools import takewhile

from askdoc.corpus.text_page.ambiguity import AmbiguousPage
from askdoc.corpus.text_page.blocks import Block
from askdoc.corpus.text_page.lines import boilerplate
from askdoc.corpus.text_page.lines.boilerplate_table import Boilerplate
from askdoc.corpus.text_page.lines.byline_score import is_possible
from askdoc.corpus.text_page.lines.bylines import has_credentialed_name
from askdoc.corpus.text_page.lines.disclaimers import could_be_disclaimer, is_disclaimer
from askdoc.text import plain

_LONGEST_RUN = 12
"""Lines of boilerplate that are looked through for a byline below them."""
_BELOW_OPENING = ("date", "badge")
"""Kinds that a site writes between a headline or votes and the text."""
_ABOVE_BYLINE = ("date", "folded text")
"""Kinds that a site writes right above a byline."""
_MOST_REPEATED = 6
"""Lines below a byline among which those that stand below every byline are looked for."""
_MOST_WORDS = 6
"""Words in a line that is boilerplate because it is repeated."""
_COUNT = re.compile(r"\(?\d[\d,.]*k?\)?")
_REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A block that is left out as boilerplate, and the name of its kind."""

    block: Block
    name: str
    is_sure: bool
    """Whether it cannot be a doctor's words, so that within an answer it shows that another ended there."""


@dataclass(frozen=True, slots=True)
class CleanedBlocks:
    """The blocks below an answer counter: those of the answers, and those of the site."""

    kept: list[Block]
    dropped: list[Dropped]


def remove(blocks: list[Block]) -> CleanedBlocks:
    """Sort the blocks below an answer counter. Raises ``AmbiguousPage`` where a link cannot be told from a headline."""
    filter_ = _BoilerplateFilter(blocks)
    for n in range(len(blocks)):
        filter_.sort(n)
    return CleanedBlocks(filter_.kept, filter_.dropped)


class _BoilerplateFilter:
    """Sorts blocks in their order into kept and dropped ones; what was sorted before decides what may come next."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.kept: list[Block] = []
        self.dropped: list[Dropped] = []
        self._is_byline = [block.is_likely_byline for block in blocks]
        self._last_byline = max((n for n, is_byline in enumerate(self._is_byline) if is_byline), default=-1)
        self._repeated = _repeated_lines(blocks, self._is_byline)
        self._is_at_edge = True  # whether the block above is a byline, the counter, or dropped below one of them
        self._is_listing_links = False
        self._expects_reviewer = False  # whether the next lines name who reviewed the page

    def sort(self, n: int) -> None:
        """Keep or drop block ``n``, the next one."""
        block = self.blocks[n]
        if name := self._kind_to_drop(n, block):
            self.dropped.append(Dropped(block, name, block.boilerplate is None or block.boilerplate.is_sure))
        else:
            self.kept.append(block)
            self._is_at_edge = self._is_byline[n] or self._closes_page(n, block)

    def _kind_to_drop(self, n: int, block: Block) -> str | None:
        """The name of the kind as which a block is dropped; None where it is kept."""
        if self._expects_reviewer or self._is_reviewers_title(block):
            self._expects_reviewer = False
            if is_possible(block.text):
                return "reviewer"
        kind = block.boilerplate
        if self._is_below_byline() and _could_be_repeated(block) and plain(block.text) in self._repeated:
            return kind.name if kind else _REPEATED
        if self._is_button_count(n):
            return "votes below"
        if self._is_listing_links and kind is None and self._is_link(n, block):
            return "related questions"
        self._is_listing_links = False
        if kind is None or not self._is_droppable(n, kind):
            return None
        self._is_listing_links = boilerplate.is_link_heading(block.text)
        self._expects_reviewer = boilerplate.is_reviewer_without_name(block.text)
        return kind.name

    def _is_droppable(self, n: int, kind: Boilerplate) -> bool:
        """Whether a block of a kind of boilerplate stands where sites put that kind."""
        if not (kind.is_sure or self._is_at_edge or self._stands_above_byline(n, kind)):
            return False
        if kind.name == "sorting" and not kind.is_sure and self.kept:
            return False  # such words are boilerplate right below the counter alone
        if kind.name == "votes below" and not self._is_below_byline():
            return False  # above an answer's text these are its votes
        is_yes_or_no = self.blocks[n].text.strip().casefold() in {"yes", "no"}
        return not is_yes_or_no or self._follows("helpful")

    def _closes_page(self, n: int, block: Block) -> bool:
        return n > self._last_byline and is_disclaimer(block.text)

    def _follows(self, name: str) -> bool:
        """Whether the last dropped block was of the kind ``name``."""
        return bool(self.dropped) and self.dropped[-1].name == name

    def _is_below_byline(self) -> bool:
        return self._is_at_edge and bool(self.kept)

    def _stands_above_byline(self, n: int, kind: Boilerplate) -> bool:
        """Whether one of several lines of boilerplate touches a byline, or a date touches it or an answer's opening."""
        below = n
        while below < min(n + _LONGEST_RUN, len(self.blocks)) and self.blocks[below].boilerplate:
            below += 1
        is_one_of_several = below - n > 1 or (bool(self.dropped) and self.dropped[-1].block is self.blocks[n - 1])
        touches_byline = below < len(self.blocks) and self._is_byline[below]
        if touches_byline and (is_one_of_several or kind.name in _ABOVE_BYLINE):
            return True
        return kind.name in _BELOW_OPENING and self._is_below_opening()

    def _is_below_opening(self) -> bool:
        """Whether the block above is an answer's headline or its votes."""
        at = len(self.kept) - 1
        while at >= 0 and self.kept[at].is_vote:
            at -= 1
        has_votes = at + 1 < len(self.kept)
        if at < 0 or (has_votes and self.kept[at].is_likely_byline):
            return has_votes
        return self._begins_answer(at) and (self.kept[at].is_short_line if has_votes else self.kept[at].is_heading)

    def _begins_answer(self, at: int) -> bool:
        """Whether a kept block is the first of an answer."""
        return at == 0 or self.kept[at - 1].is_likely_byline

    def _is_button_count(self, n: int) -> bool:
        """Whether a number alone stands right below a button that counts."""
        if not (self._is_below_byline() and self.dropped):
            return False
        above = self.dropped[-1]
        is_button = above.name in ("buttons", "helpful") and above.block is self.blocks[n - 1]
        return is_button and bool(_COUNT.fullmatch(plain(self.blocks[n].text)))

    def _is_reviewers_title(self, block: Block) -> bool:
        """Whether a title without a name stands on the line right below a reviewer's."""
        if not self._follows("reviewer") or self.dropped[-1].block.last_line + 1 != block.first_line:
            return False
        return not has_credentialed_name(block.text)

    def _is_link(self, n: int, block: Block) -> bool:
        """Whether a block below a heading of links is one: below the last byline all are, above it only neighbours."""
        if self._is_byline[n] or could_be_disclaimer(block.text):
            return False
        if n > self._last_byline or self.dropped[-1].block.last_line + 1 == block.first_line:
            return True
        if block.is_short_line and block.text.rstrip().endswith("?"):
            reason = "This may be a link to another page or the headline of an answer."
            raise AmbiguousPage(block.first_line, reason, "Take the links to other pages out of the file.")
        return False


def _repeated_lines(blocks: list[Block], is_byline: list[bool]) -> frozenset[str]:
    """The lines that stand, word for word, below each of several bylines, above any text.

    A headline may be that of two answers, but none stands below the last byline, too: there the page closes.
    """
    ends = [n for n, is_end in enumerate(is_byline) if is_end]
    runs = [_lines_below(blocks, end) for end in ends]
    after = blocks[ends[-1] + 1 + len(runs[-1]) :] if runs else []
    is_closed = not after or could_be_disclaimer(after[0].text)
    lines = [{plain(block.text) for block in run if _could_be_repeated(block)} for run in runs]
    return frozenset(set.intersection(*lines)) if len(ends) > 1 and is_closed else frozenset()


def _lines_below(blocks: list[Block], byline: int) -> list[Block]:
    """The short lines right below a byline, above any text."""
    near = blocks[byline + 1 : byline + 1 + _MOST_REPEATED]
    return list(takewhile(lambda block: _could_be_repeated(block) or block.boilerplate is not None, near))


def _could_be_repeated(block: Block) -> bool:
    """Whether a block could be boilerplate of no known form: a few words that end no sentence, byline or page."""
    is_short = block.is_heading and len(plain(block.text).split()) <= _MOST_WORDS
    return is_short and not block.is_likely_byline and not could_be_disclaimer(block.text)
