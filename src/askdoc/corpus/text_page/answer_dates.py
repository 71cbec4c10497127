"""Finds the day of each answer among the dates that were dropped as boilerplate."""

from askdoc.corpus.text_page.blocks import Block
from askdoc.corpus.text_page.boilerplate_removal import Dropped
from askdoc.corpus.text_page.lines import boilerplate

_AnswerBlocks = list[Block]
"""The blocks of an answer, the last of which is its byline."""


def find(answers: list[_AnswerBlocks], dropped: list[Dropped]) -> list[str | None]:
    """The day of each answer, from the dates in it or right below its byline; None where none or several are found.

    A date that stands apart between two answers is the upper one's if the last answer has one below, and the lower
    one's if the first has one above; where neither or both do, nothing tells whose it is.
    """
    days: list[set[str]] = [set() for _ in answers]
    apart: list[tuple[int, str]] = []  # dates between answers, by the number of answers above
    for block, day in _dated(dropped):
        above = sum(answer[-1].first_line < block.first_line for answer in answers)
        if above < len(answers) and answers[above][0].first_line < block.first_line:
            days[above].add(day)
        elif above and _touches_byline(block, answers[above - 1][-1], dropped):
            days[above - 1].add(day)
        else:
            apart.append((above, day))
    for n, day in _assigned(apart, len(answers)):
        days[n].add(day)
    return [next(iter(own)) if len(own) == 1 else None for own in days]


def _dated(dropped: list[Dropped]) -> list[tuple[Block, str]]:
    """The dropped blocks that tell the day of an answer."""
    return [(line.block, day) for line in dropped if (day := boilerplate.answer_day(line.block.text))]


def _assigned(apart: list[tuple[int, str]], count: int) -> list[tuple[int, str]]:
    """The numbers of the answers to which dates between answers belong, where one side has one for each answer."""
    has_above, has_below = any(above == 0 for above, _ in apart), any(above == count for above, _ in apart)
    if has_above == has_below:
        return []
    numbered = [(above - has_below, day) for above, day in apart]
    return [(n, day) for n, day in numbered if 0 <= n < count]


def _touches_byline(block: Block, byline: Block, dropped: list[Dropped]) -> bool:
    """Whether no blank line parts a date from the byline above it, or it stands between the byline's own lines."""
    lines = {byline.last_line} | {line.block.last_line for line in dropped if line.block.first_line > byline.first_line}
    n = block.first_line - 1
    while n in lines and n != byline.last_line:
        n -= 1
    return n == byline.last_line or byline.first_line < block.first_line < byline.last_line
