"""Cuts a text page into blocks: paragraphs, vote lines, the lines of a doctor."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from askdoc.corpus import bylines

VOTES = re.compile(r"\s*([+\-−]\s?\d{1,3}(?:,?\d{3})*)\s*")
RESIDUE = re.compile(r"\s*\{\{.*\}\}\s*")
DISCLAIMER = re.compile(
    r"education|informational|substitute|medical advice|emergency|call 911|patient.{0,12}relationship"
    r"|not constitute|consult (?:a|your)|demonstration",
    re.IGNORECASE,
)
LONGEST_HEADLINE = 160
_SENTENCE_END = re.compile(r"[.?!:;,…。！？；：،؟؛।][\"'”’»)\]]*$")
Piece = list[int]
"""Numbers of neighbouring lines, from 0."""


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring lines: the first line's number, from 1, and where the block lies in the page's text."""

    line: int
    start: int
    end: int
    text: str

    @property
    def is_vote(self) -> bool:
        return _is_vote(self.text)

    @property
    def is_residue(self) -> bool:
        """A vote line as the site's template wrote it."""
        return bool(RESIDUE.fullmatch(self.text))

    @property
    def is_single(self) -> bool:
        """One line that is short enough for a headline."""
        text = self.text.strip()
        return "\n" not in text and len(text) <= LONGEST_HEADLINE

    @property
    def is_heading(self) -> bool:
        """A single short line that does not end as a sentence does."""
        return self.is_single and not self.is_vote and not _SENTENCE_END.search(self.text.strip())


def cut(lines: list[str], first: int) -> list[Block]:
    """The blocks of a page from line ``first`` on, counted from 0.

    Blank lines part them; vote lines and doctors' lines stand alone even where they are glued to others, and a
    doctor's lines stay together even where blank lines part them.
    """
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    groups: list[Piece] = [[]]
    for n in range(first, len(lines)):
        if lines[n].strip():
            groups[-1].append(n)
        elif groups[-1]:
            groups.append([])
    pieces = [piece for group in groups if group for piece in _unglued(lines, group)]
    return [
        Block(piece[0] + 1, starts[piece[0]], starts[piece[-1] + 1] - 1, "\n".join(lines[n] for n in piece))
        for piece in _joined(lines, pieces)
    ]


def _is_vote(text: str) -> bool:
    return bool(VOTES.fullmatch(text) or RESIDUE.fullmatch(text))


def _unglued(lines: list[str], group: Piece) -> Iterator[Piece]:
    """Part neighbouring lines at vote lines, around doctors' lines and above closing words."""
    rest: Piece = []
    for n in group:
        if _is_vote(lines[n]):
            yield from _before_vote(lines, rest)
            yield [n]
            rest = []
            continue
        if DISCLAIMER.search(lines[n]):
            *above, rest = (
                [*_before_end(lines, rest), []] if bylines.tail([lines[m] for m in rest[-3:]]) is not None else [rest]
            )
            yield from above
        rest.append(n)
        if bylines.STARS.fullmatch(lines[n]):
            near = rest[-bylines.MOST_LINES - 2 :]
            first = len(rest) - len(near) + bylines.beginning([lines[m] for m in near])
            if first < len(rest) - 1:
                yield from filter(None, (rest[:first], rest[first:]))
                rest = []
    yield from _before_end(lines, rest)


def _before_end(lines: list[str], rest: Piece) -> Iterator[Piece]:
    near = rest[-3:]
    at = bylines.tail([lines[n] for n in near])
    first = len(rest) if at is None else len(rest) - len(near) + at
    yield from filter(None, (rest[:first], rest[first:]))


def _before_vote(lines: list[str], rest: Piece) -> Iterator[Piece]:
    """Part the lines glued above a vote line: an answer's end, its doctor, the next answer's headline."""
    if len(rest) > 1 and bylines.tail([lines[n] for n in rest[:-1][-3:]]) is not None:
        yield from _before_end(lines, rest[:-1])
        yield rest[-1:]
    else:
        yield from _before_end(lines, rest)


def _joined(lines: list[str], pieces: list[Piece]) -> list[Piece]:
    """Put together a doctor's name, title and stars where blank lines stand between them."""
    joined: list[Piece] = []
    for n, piece in enumerate(pieces):
        before_vote = n + 1 < len(pieces) and _is_vote(lines[pieces[n + 1][0]])
        if joined and _belong(lines, joined[-1], piece, headline=before_vote):
            joined[-1] = [*joined[-1], *piece]
        else:
            joined.append(piece)
    return joined


def _belong(lines: list[str], above: Piece, below: Piece, *, headline: bool) -> bool:
    named = [lines[n] for n in above]
    if len(named) > bylines.MOST_LINES or bylines.STARS.fullmatch(named[-1]):
        return False
    if len(below) == 1 and bylines.STARS.fullmatch(lines[below[0]]):
        return (bylines.weight("\n".join(named)) or 0) > 0
    titled = len(below) <= 2 and bylines.is_title(lines[below[0]]) and not headline
    stars = len(below) == 1 or bool(bylines.STARS.fullmatch(lines[below[-1]]))
    return len(named) == 1 and bylines.has_degree(named[0]) and titled and stars
