"""Checks where a reading's bylines, headlines and closing words stand around the answers' text."""

import re

from askdoc.corpus.text_page.lines.disclaimers import could_be_disclaimer, is_disclaimer
from askdoc.corpus.text_page.segmentation.reading import Doubt, Doubts, Reading
from askdoc.text import plain

BYLINE_ABOVE_TEXT = "A doctor's lines stand above an answer's text and not below it."

_CONTINUES = re.compile(
    r"P\.? ?S\b|(?:please )?(?:visit|see|check out) (?:my|our)\b"
    r"|(?:please )?call (?:my|our|the) (?:office|clinic|practice)"
    r"|(?:sincerely|(?:best|kind|warm) (?:regards|wishes)|regards|yours|cordially|respectfully)\b",
    re.IGNORECASE,
)
"""Words with which a doctor goes on after a signature."""


def bylines_above_text(reading: Reading) -> Doubts:
    """Find bylines below headlines and above the text: the words below each would go to the next doctor."""
    page, byline = reading.page, reading.bylines[0]
    texts = [n for n in range(byline) if not page.blocks[n].is_vote]
    is_text_below = any(not could_be_disclaimer(block.text) for block in page.blocks[reading.bylines[-1] + 1 :])
    if is_text_below and len(texts) == 1 and page.blocks[texts[0]].could_be_headline:
        yield Doubt(byline, BYLINE_ABOVE_TEXT)


def continued_answer(reading: Reading) -> Doubts:
    """Find an answer that begins with words with which the doctor above may have gone on."""
    for n, (first, _) in enumerate(reading.answers):
        if n and not reading.is_headed[n] and _CONTINUES.match(plain(reading.page.blocks[first].text)):
            yield Doubt(first, "These words may belong to the doctor above.")


def headline_in_other_answer(reading: Reading) -> Doubts:
    """Find a second headline in an answer where another lacks its own: the byline between them may end no answer."""
    if reading.unheaded and reading.inner_headings and not reading.is_voted:
        line = reading.page.blocks[reading.answers[reading.unheaded[0]].first].first_line
        reason = f"This line may be another answer's headline: the answer that begins in line {line} has none."
        yield Doubt(reading.inner_headings[0], reason)


def headline_above_byline(reading: Reading) -> Doubts:
    """Find a short line at the end of an answer that may be the headline which the next one lacks."""
    for n, (first, byline) in enumerate(reading.answers[:-1]):
        last = reading.page.blocks[byline - 1]
        if byline - first > 1 and last.is_heading and n + 1 in reading.unheaded:
            yield Doubt(byline - 1, "This line may be the headline of the answer below.")


def closing_words_within(reading: Reading) -> Doubts:
    """Find the page's own closing words among the answers: another page may begin below them."""
    blocks, last = reading.page.blocks, reading.bylines[-1]
    closing = {plain(block.text) for block in blocks[last + 1 :] if is_disclaimer(block.text)}
    below_bylines = {byline + 1 for byline in reading.bylines[:-1]}
    for n in range(last):
        text = blocks[n].text
        if (n in below_bylines and is_disclaimer(text)) or (closing and plain(text) in closing):
            yield Doubt(n, "The page's closing words stand above another answer; another page may begin below them.")
