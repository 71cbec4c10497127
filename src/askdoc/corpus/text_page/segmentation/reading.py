"""Defines a reading of a page: one segmentation into answers, with what the consistency checks want to know of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from askdoc.corpus.text_page import answer_headlines
from askdoc.corpus.text_page.lines import authors, bylines
from askdoc.corpus.text_page.segmentation.scored_blocks import ScoredBlocks
from askdoc.corpus.text_page.segmentation.segments import AnswerRange
from askdoc.models import Author


class Doubt(NamedTuple):
    """A doubt about a reading: the position of a block, and a sentence for the person who keeps the corpus."""

    block: int
    reason: str


Doubts = Iterator[Doubt]


@dataclass(frozen=True)
class Reading:
    """A page read in one of several ways: the positions of the bylines that end its answers, and of their text."""

    page: ScoredBlocks
    bylines: list[int]
    answers: list[AnswerRange]
    is_counted: bool = False
    """Whether the page claims to have as many answers."""

    @cached_property
    def authors(self) -> list[Author]:
        """The doctor whom each byline names."""
        return [authors.parse(self.page.blocks[n].text) for n in self.bylines]

    @cached_property
    def has_rating(self) -> list[bool]:
        """Whether each byline ends in a rating."""
        return [bylines.has_rating(self.page.blocks[n].text) for n in self.bylines]

    @cached_property
    def is_settled_by_ratings(self) -> bool:
        """Whether counter, ratings, and votes or headlines agree on the bylines: then none is one without a rating."""
        page = self.page
        other_headings = [n for n in self.inner_headings if not (page.names_doctor(n) or page.names_doctor(n + 1))]
        is_parted = self.is_voted or (all(self.is_headed) and not other_headings)
        return self.is_counted and is_parted and all(self.has_rating)

    @cached_property
    def is_voted(self) -> bool:
        """Whether every answer has one vote line, at its top: then none holds another's beginning."""
        return all(map(self.page.has_one_vote, self.answers))

    @cached_property
    def is_headed(self) -> list[bool]:
        """Whether each answer begins with a likely headline."""
        return answer_headlines.likely_headed([self.page.blocks[first:byline] for first, byline in self.answers])

    @cached_property
    def unheaded(self) -> list[int]:
        """The numbers of the answers below others that have no headline, on a page on which others have one."""
        return [n for n, is_headed in enumerate(self.is_headed) if n and not is_headed] if any(self.is_headed) else []

    @cached_property
    def inner_headings(self) -> list[int]:
        """The positions of blocks within answers that could be headlines of other answers."""
        inner = (n for first, byline in self.answers for n in range(first + 1, byline - 1))
        return [n for n in inner if self.page.blocks[n].could_be_headline]
