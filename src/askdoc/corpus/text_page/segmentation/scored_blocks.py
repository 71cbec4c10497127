"""Scores the blocks of a page as candidate bylines, by what they say and where they stand."""

from bisect import bisect_left
from itertools import accumulate

from askdoc.corpus.text_page import weights
from askdoc.corpus.text_page.blocks import Block
from askdoc.corpus.text_page.lines import bylines
from askdoc.corpus.text_page.lines.byline_score import byline_score
from askdoc.corpus.text_page.lines.disclaimers import could_be_disclaimer
from askdoc.corpus.text_page.lines.person_names import is_bare_name
from askdoc.corpus.text_page.segmentation.segments import AnswerRange

_LONGEST_HEADLINE = 90
"""Letters in a headline above a text: a longer one may be a paragraph that swallowed a byline."""
_MOST_CLOSING = 3
"""Blocks of a page's closing words."""


class ScoredBlocks:
    """The blocks of a page with their scores as candidate bylines; positions count from 0.

    ``line_scores`` tell what a block's lines say, ``scores`` add where it stands; both are None where a block cannot be
    a byline. ``votes`` are the positions of the vote lines, the first of each run.
    """

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.line_scores = [None if block.is_vote else byline_score(block.text) for block in blocks]
        self.scores = [
            None if score is None else score + self._place_score(n) for n, score in enumerate(self.line_scores)
        ]
        self.votes = [n for n, block in enumerate(blocks) if block.is_vote and (n == 0 or not blocks[n - 1].is_vote)]
        self._texts_above = [0, *accumulate(not block.is_vote for block in blocks)]

    def line_score(self, n: int) -> float:
        """The score of a block's lines; 0 where it cannot be a byline."""
        return self.line_scores[n] or 0

    def score(self, n: int) -> float:
        """The score of a block's lines and place; 0 where it cannot be a byline."""
        return self.scores[n] or 0.0

    def is_candidate(self, n: int) -> bool:
        """Whether anything in a block speaks for a byline."""
        return self.line_score(n) > 0

    def is_likely(self, n: int) -> bool:
        """Whether a block is taken for a byline where nothing speaks against it."""
        return self.line_score(n) >= weights.LIKELY

    def is_strong(self, n: int) -> bool:
        """Whether a block is a byline beyond reasonable doubt, by its lines or by its place."""
        return self.line_score(n) >= weights.STRONG or (self.is_candidate(n) and self.is_before_vote(n))

    def names_doctor(self, n: int) -> bool:
        """Whether a block names a doctor, or is a title with its place, or has a rating."""
        score = self.line_score(n)
        return score >= weights.STRONG or (score > 0 and bylines.has_credentialed_name(self.blocks[n].text))

    def has_certain_line(self, n: int) -> bool:
        """Whether a line of a block can hardly be anything but a doctor's."""
        return bylines.has_certain_line(self.blocks[n].text)

    def has_form_only(self, n: int) -> bool:
        """Whether a block has the form of a byline and none of its words: two short lines, or a name."""
        score, text = self.line_scores[n], self.blocks[n].text.strip()
        return score is not None and score < 0 and ("\n" in text or is_bare_name(text))

    def could_be_boundary(self, n: int) -> bool:
        """Whether a block could be a byline, hold one, or be the headline of another answer."""
        return self.has_form_only(n) or self.blocks[n].is_heading or self.has_certain_line(n)

    def is_before_vote(self, n: int) -> bool:
        """Whether a vote line stands right below a block, or below one line that is its headline."""
        below = self.blocks[n + 1 : n + 3]
        return bool(below) and (below[0].is_vote or (len(below) == 2 and below[0].is_short_line and below[1].is_vote))

    def is_at_close(self, n: int) -> bool:
        """Whether nothing follows a block but what closes a page."""
        left = len(self.blocks) - n - 1
        return left == 0 or (left <= _MOST_CLOSING and could_be_disclaimer(self.blocks[n + 1].text))

    def is_in_place(self, n: int) -> bool:
        """Whether a byline could stand at a block: above an answer's beginning, or above what closes the page."""
        below = self.blocks[n + 1 : n + 3]
        return self.is_before_vote(n) or self.is_at_close(n) or len(below) < 2 or below[0].is_heading

    def has_text(self, first: int, end: int) -> bool:
        """Whether any of the blocks from ``first`` up to ``end`` is no vote line."""
        return self._texts_above[end] > self._texts_above[first]

    def votes_within(self, first: int, end: int) -> list[int]:
        """The vote lines among the blocks from ``first`` up to ``end``."""
        return self.votes[bisect_left(self.votes, first) : bisect_left(self.votes, end)]

    def has_one_vote(self, answer: AnswerRange) -> bool:
        """Whether an answer has one vote line, at its top or below its headline: then it holds no other's beginning."""
        votes = self.votes_within(*answer)
        return len(votes) == 1 and votes[0] <= answer.first + 1

    def could_hold_two(self, answer: AnswerRange) -> bool:
        """Whether an answer has more than a headline and one line, so that two answers could be in it."""
        texts = [block for block in self.blocks[answer.first : answer.byline] if not block.is_vote]
        is_headed = len(texts) > 1 and texts[0].is_heading and len(texts[0].text) <= _LONGEST_HEADLINE
        if len(texts) > 1 and (is_headed or self.has_one_vote(answer)):
            texts = texts[1:]
        return sum(block.last_line - block.first_line + 1 for block in texts) > 1

    def _place_score(self, n: int) -> float:
        if self.is_before_vote(n) or self.is_at_close(n):
            return weights.BEFORE_NEXT_ANSWER
        if n + 2 == len(self.blocks):
            return weights.ABOVE_LAST_BLOCK
        return weights.ABOVE_HEADING if self.blocks[n + 1].is_heading else 0.0
