"""Distinguishes an answer's headline from the first words of its text.

A line above a vote line is a headline, and so is a short line that does not end as a sentence does. A line that ends in
a mark is a headline only where the rest of the page speaks for it, because every other answer has one. A greeting never
is.
"""

import re
from collections.abc import Sequence

from askdoc.corpus.text_page.blocks import Block
from askdoc.corpus.text_page.lines.person_names import has_credentials
from askdoc.text import plain

_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|greetings|welcome|thanks?|thank you|good (?:morning|afternoon|evening|day|question|luck)"
    r"|(?:great|excellent|interesting) question|congratulations|(?:i(?:['’]m| am) )?(?:so |very )?sorry)\b",
    re.IGNORECASE,
)
_CALL_AT_END = re.compile(r"(?:[?!…]|\.\.\.)[\"')\]”’»]*$")
_MARK_AT_END = re.compile(r"[.,;:][\"')\]”’»]*$")
_STOP_AT_END = re.compile(r"[.?!…][\"')\]”’»]*$")
_SENTENCE_BREAK = re.compile(r"\w{2}[)\]\"'”’»]*[.!] +[^\W\d_a-z]")
"""Where one sentence ends and another begins: what holds two is a paragraph."""
_INNER_WORDS = range(2, 10)
"""Words in a line within an answer that could be another's headline."""
_FEWEST_WORDS = 2
"""Words in a headline that ends in a mark: one word with a mark is an exclamation."""
_SHORTEST_TEXT = 40
"""Letters in a paragraph around a line that could be another answer's headline."""
_LONGEST_CALL = 120
"""Letters in a headline that asks, calls or trails off."""
_LONGEST_SENTENCE = 60
"""Letters in a headline that is a statement: longer ones are first paragraphs."""


def likely_headed(answers: Sequence[Sequence[Block]]) -> list[bool]:
    """Whether each answer begins with a line that is a headline by itself, or that asks, calls or trails off."""
    return [is_sure or is_call for is_sure, is_call in zip(*_evidence(answers), strict=True)]


def headed(answers: Sequence[Sequence[Block]]) -> list[bool]:
    """Whether each answer, given as its blocks without the byline, begins with a headline, judged by the others."""
    sure, calls = _evidence(answers)
    likely = [is_sure or is_call for is_sure, is_call in zip(sure, calls, strict=True)]
    verdicts = []
    for n, blocks in enumerate(answers):
        others_are = sum(likely) - likely[n] == len(answers) - 1
        is_statement = others_are and len(answers) > 1 and _could_be_statement(blocks)
        verdicts.append(sure[n] or (others_are and (calls[n] or is_statement)))
    return verdicts


def second_headline(blocks: Sequence[Block]) -> Block | None:
    """The one line within an answer that could be another's headline: no votes in it, and text above and below.

    An answer with subheadings has several; a single one may be where an answer lost its byline.
    """
    if any(block.is_vote for block in blocks):
        return None
    inner = [n for n in range(2, len(blocks) - 1) if blocks[n].is_heading]
    if len(inner) != 1 or not (_is_paragraph(blocks[inner[0] - 1]) and _is_paragraph(blocks[inner[0] + 1])):
        return None
    block = blocks[inner[0]]
    text = plain(block.text)
    is_worded = text[:1].isupper() and len(text.split()) in _INNER_WORDS and block.boilerplate is None
    return block if is_worded and not _GREETING.match(text) and not has_credentials(text) else None


def _is_paragraph(block: Block) -> bool:
    """Whether a block is as long as an answer's text is at least, and ends as a sentence does."""
    text = plain(block.text)
    return len(text) >= _SHORTEST_TEXT and bool(_STOP_AT_END.search(text))


def _evidence(answers: Sequence[Sequence[Block]]) -> tuple[list[bool], list[bool]]:
    """Which answers have a headline for certain, and which of the others one that asks, calls or trails off."""
    sure = [_is_sure(blocks) for blocks in answers]
    calls = [_could_be_call(blocks) for blocks in answers]
    return sure, [is_call and not is_sure for is_sure, is_call in zip(sure, calls, strict=True)]


def _is_sure(blocks: Sequence[Block]) -> bool:
    """Whether an answer begins with a headline whatever the others do: one above votes, or one without a mark."""
    if len(blocks) > 2 and blocks[1].is_vote and not blocks[0].is_vote:
        return blocks[0].is_one_line and any(not block.is_vote for block in blocks[2:])
    return (
        len(blocks) > 1
        and blocks[0].is_heading
        and not blocks[1].is_vote
        and not _GREETING.match(plain(blocks[0].text))
    )


def _could_be_call(blocks: Sequence[Block]) -> bool:
    """Whether an answer begins with a line that asks, calls or trails off, above a text that is longer."""
    return _could_be_headline(blocks, _CALL_AT_END, longest=_LONGEST_CALL, ratio=1)


def _could_be_statement(blocks: Sequence[Block]) -> bool:
    """Whether an answer begins with a short statement above a text that is more than twice as long."""
    return _could_be_headline(blocks, _MARK_AT_END, longest=_LONGEST_SENTENCE, ratio=2)


def _could_be_headline(blocks: Sequence[Block], mark: re.Pattern[str], *, longest: int, ratio: int) -> bool:
    """Whether the first block is one short line that ends in a mark, greets nobody, and has a longer text below it."""
    if len(blocks) < 2 or blocks[0].is_vote or blocks[1].is_vote or not blocks[0].is_short_line:
        return False
    text = plain(blocks[0].text)
    return (
        bool(mark.search(text))
        and not _SENTENCE_BREAK.search(text)
        and len(text) <= longest
        and len(text.split()) >= _FEWEST_WORDS
        and not _GREETING.match(text)
        and sum(len(block.text) for block in blocks[1:]) > ratio * len(text)
    )
