"""Tells an answer's headline from the first words of its text.

A line above a vote line is a headline, and so is a short line that does not end as a sentence does. One that ends in
a mark is a headline where the page speaks for it: where every other answer has one. Greetings never are.
"""

import re
from collections.abc import Sequence

from askdoc.corpus.text_page import bylines
from askdoc.corpus.text_page.blocks import Block
from askdoc.text import plain

_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|greetings|welcome|thanks?|thank you|good (?:morning|afternoon|evening|day|question|luck)"
    r"|(?:great|excellent|interesting) question|congratulations|(?:i(?:['’]m| am) )?(?:so |very )?sorry)\b",
    re.IGNORECASE,
)
_CALL = re.compile(r"(?:[?!…]|\.\.\.)[\"')\]”’»]*$")
_END = re.compile(r"[.,;:][\"')\]”’»]*$")
_SENTENCE = re.compile(r"\w{2}[)\]\"'”’»]*[.!] +[^\W\d_a-z]")
"""Where one sentence ends and another begins: what holds two is a paragraph."""
_STOP = re.compile(r"[.?!…][\"')\]”’»]*$")
# So many words has a line that could be a headline within an answer.
_FEWEST, _MOST = 2, 9
_SHORTEST_TEXT = 40
_LONGEST = 120
# A sentence that is a headline is shorter: longer ones are first paragraphs.
_LONGEST_SENTENCE = 60


def likely(answers: Sequence[Sequence[Block]]) -> list[bool]:
    """Whether each answer begins with a line that could only be a headline, or could be one and is no sentence."""
    return [known or call for known, call in zip(*_known(answers), strict=True)]


def headed(answers: Sequence[Sequence[Block]]) -> list[bool]:
    """Whether each answer, given as its blocks without the doctor's, begins with a headline."""
    sure, calls = _known(answers)
    begun = [known or call for known, call in zip(sure, calls, strict=True)]
    found = []
    for n, blocks in enumerate(answers):
        others = sum(begun) - begun[n] == len(answers) - 1
        ended = others and len(answers) > 1 and _ends_in(_END, blocks, fewest=2, ratio=2, most=_LONGEST_SENTENCE)
        found.append(sure[n] or (others and (calls[n] or ended)))
    return found


def second(blocks: Sequence[Block]) -> Block | None:
    """The one line within an answer that could be another's headline: no votes in it, and text above and below.

    An answer with subheadings has several; a single one may be where an answer lost its doctor.
    """
    if any(block.is_vote for block in blocks):
        return None
    inner = [n for n in range(2, len(blocks) - 1) if blocks[n].is_heading]
    if len(inner) != 1 or not (_is_text(blocks[inner[0] - 1]) and _is_text(blocks[inner[0] + 1])):
        return None
    block = blocks[inner[0]]
    text = plain(block.text)
    worded = text[:1].isupper() and _FEWEST <= len(text.split()) <= _MOST and block.chrome is None
    return block if worded and not _GREETING.match(text) and not bylines.is_credited(text) else None


def _is_text(block: Block) -> bool:
    """Whether a block is as long as an answer's text is at least, and ends as a sentence does."""
    text = plain(block.text)
    return len(text) >= _SHORTEST_TEXT and bool(_STOP.search(text))


def _known(answers: Sequence[Sequence[Block]]) -> tuple[list[bool], list[bool]]:
    """Which answers have a headline for certain, and which of the others one that asks, calls or trails off."""
    sure = [_is_sure(blocks) for blocks in answers]
    calls = [_ends_in(_CALL, blocks, fewest=2, ratio=1, most=_LONGEST) for blocks in answers]
    return sure, [call and not known for known, call in zip(sure, calls, strict=True)]


def _is_sure(blocks: Sequence[Block]) -> bool:
    if len(blocks) > 2 and blocks[1].is_vote and not blocks[0].is_vote:
        return blocks[0].line == blocks[0].last and any(not block.is_vote for block in blocks[2:])
    return (
        len(blocks) > 1
        and blocks[0].is_heading
        and not blocks[1].is_vote
        and not _GREETING.match(plain(blocks[0].text))
    )


def _ends_in(mark: re.Pattern[str], blocks: Sequence[Block], *, fewest: int, ratio: int, most: int) -> bool:
    """Whether the first block may be a headline that ends in a mark: a short line above a longer text, no greeting."""
    if len(blocks) < 2 or blocks[0].is_vote or blocks[1].is_vote or not blocks[0].is_single:
        return False
    text = plain(blocks[0].text)
    return (
        bool(mark.search(text))
        and not _SENTENCE.search(text)
        and len(text) <= most
        and len(text.split()) >= fewest
        and not _GREETING.match(text)
        and sum(len(block.text) for block in blocks[1:]) > ratio * len(text)
    )
