"""Parses the blocks of an answer into its headline, votes, body and doctor."""

from dataclasses import dataclass

from askdoc.corpus.text_page.blocks import Block
from askdoc.corpus.text_page.lines import authors, vote_lines
from askdoc.models import Answer
from askdoc.text import trimmed


@dataclass(frozen=True, slots=True)
class AnswerParts:
    """The blocks of an answer, by what they are."""

    headline: Block | None
    votes: list[Block]
    body: list[Block]
    byline: Block
    first_line: int
    """The line, from 1, with which the answer begins."""

    def to_answer(self, answer_id: str, page_text: str, date: str | None) -> Answer:
        """Convert to an answer; its body is a slice of the page's text, kept to the letter."""
        votes = (vote_lines.votes(block.text) for block in self.votes)
        return Answer(
            id=answer_id,
            headline=trimmed(self.headline.text) if self.headline else None,
            body=page_text[self.body[0].start : self.body[-1].end].strip(),
            author=authors.parse(self.byline.text),
            votes=next((number for number in votes if number is not None), None),
            date=date,
        )

    def contains(self, line: int) -> bool:
        """Whether a line stands between the answer's first line and its byline."""
        return self.first_line < line < self.byline.first_line

    def is_within_body(self, line: int) -> bool:
        """Whether a line stands below the body's first line and above its last."""
        return self.body[0].first_line < line < self.body[-1].last_line

    def is_of_body(self, line: int) -> bool:
        """Whether a line stands within the body, or is its first or last."""
        return self.body[0].first_line <= line <= self.body[-1].last_line


def parse(text: list[Block], byline: Block, *, is_headed: bool) -> AnswerParts:
    """Parse an answer's blocks above its byline; ``is_headed`` where the first of them is known to be a headline."""
    headline, votes, above = _opening(text, is_headed=is_headed)
    body = text[above:]
    if votes and not headline and not text[0].is_vote:
        # Words above a vote line that are no headline are the answer's: all of them, or the line between is quoted too.
        body = text[:1] if above == len(text) else text
    return AnswerParts(headline, votes, body, byline, text[0].first_line)


def _opening(text: list[Block], *, is_headed: bool) -> tuple[Block | None, list[Block], int]:
    """The headline of an answer, its vote lines, and the number of blocks above its body."""
    vote = next((n for n in range(min(2, len(text))) if text[n].is_vote), None)
    if vote is None:
        return (text[0], [], 1) if is_headed and len(text) > 1 else (None, [], 0)
    above = vote + 1
    while above < len(text) and text[above].is_vote:
        above += 1
    headline = text[0] if vote == 1 and above < len(text) and text[0].is_one_line else None
    return headline, text[vote:above], above
