"""Splits the lines of a page into blocks.

Blank lines part blocks. Where a page was saved without them, vote lines, bylines, boilerplate and closing words are
split from the lines around; and where blank lines stand within a byline, its lines are joined again.
"""

from collections.abc import Iterator
from itertools import accumulate, pairwise

from askdoc.corpus.text_page.blocks import Block
from askdoc.corpus.text_page.lines import boilerplate, bylines
from askdoc.corpus.text_page.lines.byline_score import is_possible
from askdoc.corpus.text_page.lines.disclaimers import could_be_disclaimer
from askdoc.corpus.text_page.lines.job_titles import is_title
from askdoc.corpus.text_page.lines.person_names import has_degree
from askdoc.corpus.text_page.lines.ratings import is_rating
from askdoc.corpus.text_page.lines.vote_lines import is_vote_line
from askdoc.text import is_blank

_MOST_TAIL = 3
"""Lines at the end of a group among which a byline without a rating is looked for: one of text, name, and title."""
_MOST_ABOVE_RATING = 1
"""Lines of text above the longest byline that show where it begins."""
_MOST_JOINED = 2
"""Lines that can be joined to a name: a title and a rating."""

_Group = list[int]
"""Numbers of the lines of one block, from 0."""


def split(lines: list[str], first: int, offset: int = 0) -> list[Block]:
    """Split a page into blocks from line ``first`` on, counted from 0; ``offset`` lines stand above it in the file."""
    groups = [part for group in _split_at_blanks(lines, first) for part in _split_group(lines, group)]
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    return [
        Block(
            group[0] + 1 + offset,
            group[-1] + 1 + offset,
            starts[group[0]],
            starts[group[-1] + 1] - 1,
            "\n".join(lines[n] for n in group),
            _gaps(lines, group),
        )
        for group in _join_bylines(lines, groups)
    ]


def _split_at_blanks(lines: list[str], first: int) -> Iterator[_Group]:
    group: _Group = []
    for n in range(first, len(lines)):
        if not is_blank(lines[n]):
            group.append(n)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _gaps(lines: list[str], group: _Group) -> tuple[bool, ...]:
    """Whether a blank line stands below each line of a group but the last; empty where no line is skipped."""
    if group[-1] - group[0] + 1 == len(group):
        return ()
    return tuple(any(map(is_blank, lines[n + 1 : m])) for n, m in pairwise(group))


def _split_group(lines: list[str], group: _Group) -> Iterator[_Group]:
    """Split neighbouring lines at vote lines and boilerplate, around bylines, and above closing words."""
    rest: _Group = []
    trailing = _trailing_boilerplate(lines, group)
    for n in group:
        if is_vote_line(lines[n]):
            yield from _split_above_vote(lines, rest)
            yield [n]
            rest = []
            continue
        if boilerplate.is_block_of_its_own(lines[n]) or (n in trailing and (not rest or _ends_in_byline(lines, rest))):
            yield from _split_off_byline(lines, rest)
            yield [n]
            rest = []
            continue
        if could_be_disclaimer(lines[n]) and _ends_in_byline(lines, rest):
            yield from _split_off_byline(lines, rest)
            rest = []
        rest.append(n)
        if is_rating(lines[n]) and (parts := _split_above_rating(lines, rest)):
            yield from parts
            rest = []
    yield from _split_off_byline(lines, rest)


def _trailing_boilerplate(lines: list[str], group: _Group) -> set[int]:
    """The lines at a group's end that are all boilerplate."""
    trailing: set[int] = set()
    for n in reversed(group):
        if boilerplate.kind(lines[n]) is None:
            break
        trailing.add(n)
    return trailing


def _ends_in_byline(lines: list[str], group: _Group) -> bool:
    """Whether neighbouring lines end in a byline without a rating."""
    return bylines.start_at_end([lines[n] for n in group[-_MOST_TAIL:]]) is not None


def _split_off_byline(lines: list[str], group: _Group) -> Iterator[_Group]:
    """Split a byline without a rating off the end of neighbouring lines."""
    tail = group[-_MOST_TAIL:]
    start = bylines.start_at_end([lines[n] for n in tail])
    first = len(group) if start is None else len(group) - len(tail) + start
    yield from filter(None, (group[:first], group[first:]))


def _split_above_rating(lines: list[str], group: _Group) -> list[_Group]:
    """Split the byline off the end of lines that end in a rating; nothing where no line stands above the rating."""
    tail = group[-bylines.MOST_NAMED_LINES - 1 - _MOST_ABOVE_RATING :]
    first = len(group) - len(tail) + bylines.start_above_rating([lines[n] for n in tail])
    return [part for part in (group[:first], group[first:]) if part] if first < len(group) - 1 else []


def _split_above_vote(lines: list[str], group: _Group) -> Iterator[_Group]:
    """Split the lines glued above a vote line: the end of an answer, its byline, the next answer's headline."""
    if len(group) > 1 and _ends_in_byline(lines, group[:-1]):
        yield from _split_off_byline(lines, group[:-1])
        yield group[-1:]
    else:
        yield from _split_off_byline(lines, group)


def _join_bylines(lines: list[str], groups: list[_Group]) -> list[_Group]:
    """Join a doctor's name, title and rating where blank lines stand between them."""
    joined: list[_Group] = []
    for n, group in enumerate(groups):
        is_headline = n + 1 < len(groups) and is_vote_line(lines[groups[n + 1][0]])
        above = _last_without_boilerplate(lines, joined)
        if above is not None and _continues_byline(lines, joined[above], group, is_headline=is_headline):
            joined[above] = [*joined[above], *group]
        else:
            joined.append(group)
    return joined


def _last_without_boilerplate(lines: list[str], groups: list[_Group]) -> int | None:
    """The last group that is no boilerplate: a date may stand between a doctor's title and rating."""
    return next((n for n in range(len(groups) - 1, -1, -1) if not boilerplate.is_sure(lines[groups[n][0]])), None)


def _continues_byline(lines: list[str], above: _Group, below: _Group, *, is_headline: bool) -> bool:
    """Whether a group of lines is the rest of the byline that the group above begins."""
    if len(above) > bylines.MOST_NAMED_LINES or is_rating(lines[above[-1]]):
        return False
    if len(below) == 1 and is_rating(lines[below[0]]):
        return is_possible("\n".join(lines[n] for n in above))
    is_titled = len(below) <= _MOST_JOINED and is_title(lines[below[0]]) and not is_headline
    is_title_alone = len(below) == 1 or is_rating(lines[below[-1]])
    return len(above) == 1 and has_degree(lines[above[0]]) and is_titled and is_title_alone
