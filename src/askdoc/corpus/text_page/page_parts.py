"""Parses a segmented page into its parts, of which the question is made and on which remarks are based."""

from bisect import bisect_right
from dataclasses import dataclass

from askdoc.corpus.text_page import answer_dates, answer_headlines, answer_parts
from askdoc.corpus.text_page.answer_parts import AnswerParts
from askdoc.corpus.text_page.blocks import Block
from askdoc.corpus.text_page.boilerplate_removal import CleanedBlocks
from askdoc.corpus.text_page.lines.disclaimers import could_be_disclaimer, is_disclaimer
from askdoc.corpus.text_page.page_file import PageLines
from askdoc.corpus.text_page.page_head import PageHead
from askdoc.corpus.text_page.segmentation.segments import Segmentation
from askdoc.models import Question
from askdoc.text import trimmed


@dataclass(frozen=True, slots=True)
class Closing:
    """The blocks below the last byline: the page's disclaimer, and text above it that belongs to no doctor."""

    disclaimer: list[Block]
    stray: list[Block]


@dataclass(frozen=True, slots=True)
class PageParts:
    """All parts of a page, by what they are."""

    page: PageLines
    head: PageHead
    blocks: CleanedBlocks
    segmentation: Segmentation
    closing: Closing
    answers: list[AnswerParts]
    is_headed: list[bool]
    """Whether each answer begins with a headline."""

    def to_question(self) -> Question:
        """Convert to a question; details, bodies and disclaimer are slices of the page, kept to the letter."""
        text = "\n".join(self.page.lines)
        answer_blocks = [self.blocks.kept[first : byline + 1] for first, byline in self.segmentation.answers]
        dates = answer_dates.find(answer_blocks, self.blocks.dropped)
        question_id = self.page.question_id
        disclaimer = self.closing.disclaimer
        return Question(
            id=question_id,
            title=trimmed(self.page.lines[self.head.title]),
            details="\n".join(self.page.lines[n] for n in self.head.details).strip() or None,
            answers=tuple(
                answer.to_answer(f"{question_id}:{n}", text, date)
                for n, (answer, date) in enumerate(zip(self.answers, dates, strict=True), 1)
            ),
            disclaimer=text[disclaimer[0].start : disclaimer[-1].end].strip() if disclaimer else None,
            source=self.page.source(self.head.title),
        )

    def answer_above(self, block: Block) -> AnswerParts | None:
        """The last answer that begins at a block's line or above it."""
        n = bisect_right(self.answers, block.first_line, key=lambda answer: answer.first_line) - 1
        return self.answers[n] if n >= 0 else None


def parse(
    page: PageLines, head: PageHead, blocks: CleanedBlocks, segmentation: Segmentation, closing: Closing
) -> PageParts:
    """Parse the blocks of a page whose answers are known."""
    texts = [blocks.kept[answer.first : answer.byline] for answer in segmentation.answers]
    is_headed = answer_headlines.headed(texts)
    answers = [
        answer_parts.parse(text, blocks.kept[answer.byline], is_headed=has_headline)
        for text, answer, has_headline in zip(texts, segmentation.answers, is_headed, strict=True)
    ]
    return PageParts(page, head, blocks, segmentation, closing, answers, is_headed)


def parse_closing(blocks: list[Block], segmentation: Segmentation, claimed: int) -> Closing:
    """Part what follows the last byline into the page's disclaimer and stray text.

    On a page with fewer answers than it claims, what follows may be one that lost its byline: only sure words close it.
    """
    bylines = segmentation.selection.bylines
    rest = blocks[bylines[-1] + 1 :] if bylines else blocks
    is_short = len(segmentation.answers) < claimed
    is_closing = is_disclaimer if is_short else could_be_disclaimer
    first = next((n for n, block in enumerate(rest) if is_closing(block.text)), None)
    if first is not None:
        return Closing(rest[first:], rest[:first])
    if len(rest) == 1 and not is_short and not rest[0].is_vote:
        return Closing(rest, [])
    return Closing([], rest)
