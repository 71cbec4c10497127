"""Takes the site's own lines from between the answers of a page and from below the last.

Buttons, counts and dates stand where an answer ends or begins: below a doctor's lines, below the counter, between a
headline and the text. There they are dropped. What no doctor would write is dropped wherever it stands, and the page
is left out later if it stood within an answer, for then another answer may have ended there. What a doctor could
have written (a line ``Share``) is dropped below a doctor's lines alone. What stands word for word below every doctor,
the last too, is the site's whatever it says.
"""

import re
from dataclasses import dataclass
from itertools import takewhile

from askdoc.corpus.text_page import blocks as pieces
from askdoc.corpus.text_page import boilerplate, bylines
from askdoc.corpus.text_page.ambiguity import AmbiguousPage
from askdoc.corpus.text_page.blocks import Block
from askdoc.text import plain

# From this weight on, a block is a doctor's for the lines below it.
_LIKELY = 5.0
# How many lines of the site stand above a doctor's at most.
_LONGEST_RUN = 12
# Kinds that a site writes between a headline or votes and the text, and right above a doctor's lines.
_BELOW_OPENING = ("date", "badge")
_ABOVE_DOCTOR = ("date", "folded text")
# So many lines below a doctor's may be the site's, the same below each.
_MOST_REPEATED = 6
_MOST_WORDS = 6
_COUNT = re.compile(r"\(?\d[\d,.]*k?\)?")
REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A block that is part of the site, and what it is."""

    block: Block
    name: str
    is_sure: bool


class Sweeper:
    """Parts the blocks below a counter into those of the answers, ``kept``, and those of the site, ``dropped``."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.kept: list[Block] = []
        self.dropped: list[Dropped] = []
        self._is_doctor = [is_doctor(block) for block in blocks]
        self._last_doctor = max((n for n, known in enumerate(self._is_doctor) if known), default=-1)
        self._repeated = _repeated(blocks, self._is_doctor)
        self._at_edge = True  # whether the line above is a doctor's, the counter, or dropped at such a place
        self._links = False  # whether links to other pages are being listed
        self._reviewer = False  # whether the next lines name who looked the page over

    def run(self) -> None:
        """Sort every block. Raises ``AmbiguousPage`` where a link cannot be told from a headline."""
        for n, block in enumerate(self.blocks):
            if name := self._name(n, block):
                sure = block.chrome is None or block.chrome.is_sure
                self.dropped.append(Dropped(block, name, sure))
            else:
                self.kept.append(block)
                self._at_edge = self._is_doctor[n] or self._closes(n, block)

    def _name(self, n: int, block: Block) -> str | None:
        if self._reviewer or self._reviewers_title(n, block):
            self._reviewer = False
            if (bylines.weight(block.text) or 0) > 0:
                return "reviewer"
        if self._at_edge and self.kept and _is_site_only(block) and plain(block.text) in self._repeated:
            return block.chrome.name if block.chrome else REPEATED
        kind = block.chrome
        if self._is_count(n):
            return "votes below"
        if self._links and kind is None and self._is_link(n, block):
            return "related questions"
        self._links = False
        if kind is None or not (kind.is_sure or self._at_edge or self._stands_above_doctor(n)):
            return None
        if kind.name == "sorting" and not kind.is_sure and self.kept:
            return None  # below the counter alone
        if kind.name == "votes below" and not self._below_doctor():
            return None  # above an answer's text these are its votes
        if block.text.strip().casefold() in {"yes", "no"} and not self._follows("helpful"):
            return None
        self._links = boilerplate.is_heading_of_links(block.text)
        self._reviewer = boilerplate.is_unfinished_reviewer(block.text)
        return kind.name

    def _closes(self, n: int, block: Block) -> bool:
        return n > self._last_doctor and bool(pieces.SURE_DISCLAIMER.search(block.text))

    def _follows(self, name: str) -> bool:
        return bool(self.dropped) and self.dropped[-1].name == name

    def _below_doctor(self) -> bool:
        return self._at_edge and bool(self.kept)

    def _stands_above_doctor(self, n: int) -> bool:
        """Whether one of several lines of the site touches a doctor's lines, or a date does, or an answer's opening."""
        run = n
        while run < min(n + _LONGEST_RUN, len(self.blocks)) and self.blocks[run].chrome:
            run += 1
        kind = self.blocks[n].chrome
        name = kind.name if kind else ""
        several = run - n > 1 or (bool(self.dropped) and self.dropped[-1].block is self.blocks[n - 1])
        above = run < len(self.blocks) and self._is_doctor[run] and (several or name in _ABOVE_DOCTOR)
        return above or (name in _BELOW_OPENING and self._below_opening())

    def _below_opening(self) -> bool:
        """Whether the line above is an answer's headline or its votes."""
        at = len(self.kept) - 1
        while at >= 0 and self.kept[at].is_vote:
            at -= 1
        voted = at + 1 < len(self.kept)
        if at < 0 or (voted and is_doctor(self.kept[at])):
            return voted
        return self._opens(at) and (self.kept[at].is_single if voted else self.kept[at].is_heading)

    def _is_count(self, n: int) -> bool:
        """Whether a number alone stands right below a button that counts."""
        above = self.dropped[-1] if self.dropped and self._at_edge else None
        counted = above is not None and above.name in ("buttons", "helpful") and above.block is self.blocks[n - 1]
        return counted and bool(self.kept) and bool(_COUNT.fullmatch(plain(self.blocks[n].text)))

    def _opens(self, at: int) -> bool:
        """Whether a kept block is the first of an answer."""
        return at == 0 or is_doctor(self.kept[at - 1])

    def _reviewers_title(self, n: int, block: Block) -> bool:
        """Whether a title without a name stands on the line right below a reviewer's."""
        if not self._follows("reviewer") or self.dropped[-1].block.last + 1 != block.line:
            return False
        return block is self.blocks[n] and not any(map(bylines.is_credited, block.text.split("\n")))

    def _is_link(self, n: int, block: Block) -> bool:
        """Whether a block below a heading of links is one: below the last doctor all are, above only neighbours."""
        above = self.dropped[-1].block
        if self._is_doctor[n] or pieces.DISCLAIMER.search(block.text):
            return False
        if n > self._last_doctor or above.last + 1 == block.line:
            return True
        if block.is_single and block.text.rstrip().endswith("?"):
            reason = "This may be a link to another page or the headline of an answer."
            raise AmbiguousPage(block.line, reason, "Take the links to other pages out of the file.")
        return False


def _repeated(blocks: list[Block], doctors: list[bool]) -> frozenset[str]:
    """The lines that stand, word for word, below each of several doctors, above any text.

    A headline may be that of two answers, but none stands below the last doctor, too: there the page closes.
    """
    ends = [n for n, known in enumerate(doctors) if known]
    runs = [_below(blocks, end) for end in ends]
    after = blocks[ends[-1] + 1 + len(runs[-1]) :] if runs else []
    closes = not after or bool(pieces.DISCLAIMER.search(after[0].text))
    lines = [{plain(block.text) for block in run if _is_site_only(block)} for run in runs]
    return frozenset(set.intersection(*lines)) if len(ends) > 1 and closes else frozenset()


def _below(blocks: list[Block], doctor: int) -> list[Block]:
    """The short lines right below a doctor's, above any text."""
    near = blocks[doctor + 1 : doctor + 1 + _MOST_REPEATED]
    return list(takewhile(lambda block: _is_site_only(block) or block.chrome is not None, near))


def _is_site_only(block: Block) -> bool:
    """Whether a block could be a line of the site's: a few words that end no sentence, no doctor, no closing words."""
    short = block.is_heading and len(plain(block.text).split()) <= _MOST_WORDS
    return short and not is_doctor(block) and not pieces.DISCLAIMER.search(block.text)


def is_doctor(block: Block) -> bool:
    """Whether a block is likely to be a doctor's lines."""
    return not block.is_vote and (bylines.weight(block.text) or 0) >= _LIKELY


def dates(blocks: list[Block], ranges: list[tuple[int, int]], dropped: list[Dropped]) -> list[str | None]:
    """The day of each answer, from the dates that were dropped in it or right below its doctor's lines.

    A date that stands apart between two answers is the upper one's if the last answer has one below, and the lower
    one's if the first has one above; where neither or both do, nothing tells whose it is.
    """
    days = [(line.block, day) for line in dropped if (day := boilerplate.day(line.block.text))]
    own: list[set[str]] = [set() for _ in ranges]
    apart: list[tuple[int, str]] = []  # dates between answers, by the number of answers above
    for block, day in days:
        at = sum(blocks[end - 1].line < block.line for _, end in ranges)
        if at < len(ranges) and blocks[ranges[at][0]].line < block.line:
            own[at].add(day)
        elif at and _touches(block, blocks[ranges[at - 1][1] - 1], dropped):
            own[at - 1].add(day)
        else:
            apart.append((at, day))
    above, below = any(at == 0 for at, _ in apart), any(at == len(ranges) for at, _ in apart)
    for at, day in apart if above != below else ():
        n = at - below
        if 0 <= n < len(ranges):
            own[n].add(day)
    return [next(iter(found)) if len(found) == 1 else None for found in own]


def _touches(block: Block, doctor: Block, dropped: list[Dropped]) -> bool:
    """Whether no blank line parts a date from the doctor's lines above it."""
    lines = {doctor.last} | {line.block.last for line in dropped if line.block.line > doctor.line}
    n = block.line - 1
    while n in lines and n != doctor.last:
        n -= 1
    return n == doctor.last or doctor.line < block.line < doctor.last
