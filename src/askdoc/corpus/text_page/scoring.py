"""Weighs the blocks of a text page: how much each looks like the lines of the doctor who ends an answer."""

from bisect import bisect_left
from itertools import accumulate

from askdoc.corpus.text_page import bylines
from askdoc.corpus.text_page.blocks import DISCLAIMER, Block

# A headline of more letters may be a paragraph that swallowed a doctor's lines.
_SHORT = 90


class Weighed:
    """The blocks of a page and how much each looks like the doctor who ends an answer; None where it cannot be."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.own = [None if block.is_vote else bylines.weight(block.text) for block in blocks]
        self.total = [None if own is None else own + self._place(n) for n, own in enumerate(self.own)]
        self.votes = [n for n, block in enumerate(blocks) if block.is_vote and (n == 0 or not blocks[n - 1].is_vote)]

        self._texts = [0, *accumulate(not block.is_vote for block in blocks)]

    def before_vote(self, n: int) -> bool:
        after = self.blocks[n + 1 : n + 3]
        return bool(after) and (after[0].is_vote or (len(after) == 2 and after[0].is_single and after[1].is_vote))

    def closes(self, n: int) -> bool:
        """Whether nothing follows but what closes a page."""
        left = len(self.blocks) - n - 1
        return left == 0 or (left <= 3 and bool(DISCLAIMER.search(self.blocks[n + 1].text)))

    def unknown(self, n: int) -> bool:
        """Whether a block has the form of a doctor's lines and none of the words."""
        own, text = self.own[n], self.blocks[n].text.strip()
        return own is not None and own < 0 and ("\n" in text or bylines.is_like_name(text))

    def in_place(self, n: int) -> bool:
        """Whether a doctor's lines could stand here: above an answer's beginning, or above what closes the page."""
        following = self.blocks[n + 1 : n + 3]
        return self.before_vote(n) or self.closes(n) or len(following) < 2 or following[0].is_heading

    def doubtful(self, n: int) -> bool:
        """Whether a block could be a doctor's lines, hold them, or be the headline of another answer."""
        return self.unknown(n) or self.blocks[n].is_heading or self.certain(n)

    def certain(self, n: int) -> bool:
        """Whether a line of a block can hardly be anything but a doctor's."""
        return any(map(bylines.is_certain, self.blocks[n].text.split("\n")))

    def strong(self, n: int) -> bool:
        return (self.own[n] or 0) >= bylines.STRONG or ((self.own[n] or 0) > 0 and self.before_vote(n))

    def named(self, n: int) -> bool:
        """Whether a block names a doctor, or is a title with its place, or has stars."""
        own = self.own[n] or 0
        return own >= bylines.STRONG or (own > 0 and any(map(bylines.is_credited, self.blocks[n].text.split("\n"))))

    def has_body(self, first: int, end: int) -> bool:
        return self._texts[end] > self._texts[first]

    def voted(self, first: int, end: int) -> int:
        """How many vote lines stand among the blocks from ``first`` up to ``end``."""
        return bisect_left(self.votes, end) - bisect_left(self.votes, first)

    def one_vote(self, first: int, end: int) -> bool:
        """Whether an answer of these blocks has one vote line, at its top or below its headline."""
        return self.voted(first, end) == 1 and self.votes[bisect_left(self.votes, first)] <= first + 1

    def crowded(self, first: int, end: int) -> bool:
        """Whether an answer of these blocks has more than a headline and one line, so that two could be in it."""
        texts = [block for block in self.blocks[first:end] if not block.is_vote]
        short = len(texts) > 1 and texts[0].is_heading and len(texts[0].text) <= _SHORT
        if len(texts) > 1 and (short or self.one_vote(first, end)):
            texts = texts[1:]
        return sum(block.last - block.line + 1 for block in texts) > 1

    def _place(self, n: int) -> float:
        if self.before_vote(n) or self.closes(n):
            return 4
        if n + 2 == len(self.blocks):
            return 2
        return 1 if self.blocks[n + 1].is_heading else 0


def answers(ends: list[int]) -> list[tuple[int, int]]:
    """First and last-plus-one block of the text of each answer, by the blocks that end them."""
    return list(zip([0, *(end + 1 for end in ends)], ends, strict=False))
