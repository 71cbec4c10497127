"""Defines a segmentation of a page: which blocks are bylines, and which text stands above each."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple


class AnswerRange(NamedTuple):
    """The blocks of an answer, by their positions on the page: the first of its text, and the byline below the last."""

    first: int
    byline: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Positions of the blocks that are taken for bylines, and how sure that is."""

    bylines: list[int]
    guessed: list[int]
    """The bylines for which only the count or the votes speak."""
    lookalikes: list[int]
    """Blocks that look like bylines and are read as text."""


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A page's blocks parted into answers, by the bylines that were selected."""

    selection: Selection
    answers: list[AnswerRange]
    """The answers that have a text: a byline may have none above it."""
    orphans: list[int]
    """Positions of the blocks at which text begins that belongs to no doctor."""


def ranges_above(bylines: Iterable[int]) -> list[AnswerRange]:
    """The blocks above each byline, up to the byline before."""
    return [AnswerRange(above + 1, byline) for above, byline in pairwise([-1, *bylines])]
