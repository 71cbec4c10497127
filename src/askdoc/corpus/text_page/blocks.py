"""Cuts a text page into blocks: paragraphs, vote lines, the lines of a doctor."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from askdoc.corpus.text_page import boilerplate, bylines
from askdoc.text import is_blank, plain

_VOTES = re.compile(
    r"(?P<signed>[+\-−]\s?\d{1,3}(?:,?\d{3})*|0)(?:\s+(?:votes?|likes?|upvotes?|points?))?"
    r"|(?P<counted>\d{1,3}(?:,?\d{3})*)\s+(?:votes?|likes?|upvotes?)"
    r"|[▲△⬆↑]️?\s*(?P<arrows>[+\-−]?\d{1,3}(?:,?\d{3})*)(?:\s*[▼▽⬇↓]️?)?"
    r"|(?:votes?|likes?|upvotes?|score):?\s*(?P<named>[+\-−]?\d{1,3}(?:,?\d{3})*)",
    re.IGNORECASE,
)
RESIDUE = re.compile(r"\s*\{\{.*\}\}\s*")
DISCLAIMER = re.compile(
    r"education|informational|substitute|medical advice|emergency|call 911|patient.{0,12}relationship"
    r"|relationship between|not replace your|in place of the advice|not constitute|consult (?:a|your)|demonstration",
    re.IGNORECASE,
)
# Closing words that can hardly be part of an answer.
SURE_DISCLAIMER = re.compile(
    r"(?:educational|informational) (?:purpose|use)|substitute for|patient.{0,12}relationship|not constitute"
    r"|relationship between (?:a )?patient|education only|in place of the advice|not replace your"
    r"|demonstration text|(?:not|no) medical advice",
    re.IGNORECASE,
)
LONGEST_HEADLINE = 160
_SENTENCE_END = re.compile(r"[.?!:;,…。！？；：،؟؛।][\"'”’»)\]]*$")
Piece = list[int]
"""Numbers of neighbouring lines, from 0."""


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring lines: the first's and last's number, from 1, and where the block lies in the page's text."""

    line: int
    last: int
    start: int
    end: int
    text: str
    gaps: tuple[bool, ...] = ()
    """Whether a blank line stands below each line but the last, where there is any."""

    @property
    def is_vote(self) -> bool:
        return _is_vote(self.text)

    @property
    def chrome(self) -> boilerplate.Boilerplate | None:
        """The part of a site that the block has the form of."""
        return boilerplate.kind(self.text) if self.line == self.last else None

    @property
    def is_residue(self) -> bool:
        """A vote line as the site's template wrote it."""
        return bool(RESIDUE.fullmatch(self.text))

    @property
    def is_single(self) -> bool:
        """One line that is short enough for a headline."""
        text = plain(self.text)
        return self.line == self.last and len(text) <= LONGEST_HEADLINE

    @property
    def could_head(self) -> bool:
        """A heading, or a short line that asks, calls or trails off as headlines do, too."""
        return self.is_heading or (self.is_single and plain(self.text).endswith(("?", "!", "…", "...")))

    @property
    def is_heading(self) -> bool:
        """A single short line that does not end as a sentence does."""
        return self.is_single and not self.is_vote and not _SENTENCE_END.search(plain(self.text))


def cut(lines: list[str], first: int, offset: int = 0) -> list[Block]:
    """The blocks of a page from line ``first`` on, counted from 0; ``offset`` lines stand above ``lines`` in the file.

    Blank lines part them; vote lines and doctors' lines stand alone even where they are glued to others, and a
    doctor's lines stay together even where blank lines part them.
    """
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    groups: list[Piece] = [[]]
    for n in range(first, len(lines)):
        if not is_blank(lines[n]):
            groups[-1].append(n)
        elif groups[-1]:
            groups.append([])
    pieces = [piece for group in groups if group for piece in _unglued(lines, group)]
    return [
        Block(
            piece[0] + 1 + offset,
            piece[-1] + 1 + offset,
            starts[piece[0]],
            starts[piece[-1] + 1] - 1,
            "\n".join(lines[n] for n in piece),
            _gaps(lines, piece),
        )
        for piece in _joined(lines, pieces)
    ]


def _gaps(lines: list[str], piece: Piece) -> tuple[bool, ...]:
    if piece[-1] - piece[0] + 1 == len(piece):
        return ()
    return tuple(any(map(is_blank, lines[n + 1 : m])) for n, m in pairwise(piece))


def votes(text: str) -> int | None:
    """The number in a vote line; None where a line is none, or is what the site's template left of one."""
    found = _VOTES.fullmatch(plain(text)) if len(text) <= LONGEST_HEADLINE else None
    given = found and (found["signed"] or found["counted"] or found["arrows"] or found["named"])
    return int(re.sub(r"[\s,]", "", given).replace("−", "-")) if given else None


def _is_vote(text: str) -> bool:
    return votes(text) is not None or bool(RESIDUE.fullmatch(text))


def _unglued(lines: list[str], group: Piece) -> Iterator[Piece]:
    """Part neighbouring lines at vote lines, around doctors' lines and above closing words."""
    rest: Piece = []
    loose = _loose(lines, group)
    for n in group:
        if _is_vote(lines[n]):
            yield from _before_vote(lines, rest)
            yield [n]
            rest = []
            continue
        if boilerplate.stands_alone(lines[n]) or (n in loose and (not rest or _ends(lines, rest))):
            yield from _before_end(lines, rest)
            yield [n]
            rest = []
            continue
        if DISCLAIMER.search(lines[n]):
            *above, rest = [*_before_end(lines, rest), []] if _ends(lines, rest) else [rest]
            yield from above
        rest.append(n)
        if bylines.is_stars(lines[n]):
            near = rest[-bylines.MOST_LINES - 2 :]
            first = len(rest) - len(near) + bylines.beginning([lines[m] for m in near])
            if first < len(rest) - 1:
                yield from filter(None, (rest[:first], rest[first:]))
                rest = []
    yield from _before_end(lines, rest)


def _loose(lines: list[str], group: Piece) -> set[int]:
    """The lines at a group's end that are all parts of the site."""
    found: set[int] = set()
    for n in reversed(group):
        if boilerplate.kind(lines[n]) is None:
            break
        found.add(n)
    return found


def _ends(lines: list[str], rest: Piece) -> bool:
    """Whether neighbouring lines end in a doctor's."""
    return bylines.tail([lines[n] for n in rest[-3:]]) is not None


def _before_end(lines: list[str], rest: Piece) -> Iterator[Piece]:
    near = rest[-3:]
    at = bylines.tail([lines[n] for n in near])
    first = len(rest) if at is None else len(rest) - len(near) + at
    yield from filter(None, (rest[:first], rest[first:]))


def _before_vote(lines: list[str], rest: Piece) -> Iterator[Piece]:
    """Part the lines glued above a vote line: an answer's end, its doctor, the next answer's headline."""
    if len(rest) > 1 and _ends(lines, rest[:-1]):
        yield from _before_end(lines, rest[:-1])
        yield rest[-1:]
    else:
        yield from _before_end(lines, rest)


def _joined(lines: list[str], pieces: list[Piece]) -> list[Piece]:
    """Put together a doctor's name, title and stars where blank lines stand between them."""
    joined: list[Piece] = []
    for n, piece in enumerate(pieces):
        before_vote = n + 1 < len(pieces) and _is_vote(lines[pieces[n + 1][0]])
        above = _above_chrome(lines, joined)
        if above is not None and _belong(lines, joined[above], piece, headline=before_vote):
            joined[above] = [*joined[above], *piece]
        else:
            joined.append(piece)
    return joined


def _above_chrome(lines: list[str], pieces: list[Piece]) -> int | None:
    """The last piece that is no part of the site: a date may stand between a doctor's title and stars."""
    return next((n for n in range(len(pieces) - 1, -1, -1) if not boilerplate.is_sure(lines[pieces[n][0]])), None)


def _belong(lines: list[str], above: Piece, below: Piece, *, headline: bool) -> bool:
    named = [lines[n] for n in above]
    if len(named) > bylines.MOST_LINES or bylines.is_stars(named[-1]):
        return False
    if len(below) == 1 and bylines.is_stars(lines[below[0]]):
        return (bylines.weight("\n".join(named)) or 0) > 0
    titled = len(below) <= 2 and bylines.is_title(lines[below[0]]) and not headline
    stars = len(below) == 1 or bylines.is_stars(lines[below[-1]])
    return len(named) == 1 and bylines.has_degree(named[0]) and titled and stars
