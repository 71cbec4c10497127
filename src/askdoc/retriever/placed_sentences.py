"""Places the sentences of a passage in the whole answer, and tells which of them say nothing, whatever is asked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from askdoc.corpus import sources
from askdoc.corpus.passages import sentences
from askdoc.index.documents import title_key
from askdoc.models import Passage
from askdoc.text import words

Span = tuple[int, int]
"""Start and end in a text, in code points."""
LEAST_WORDS = 4
"""A piece of fewer words is a scrap: a label, the name of a section, a number that was cut off."""
HEADING_WORDS = 6
"""A line of so many words at most, with a colon or no sign at its end and text below it, is a heading."""
_BULLET = r"[ \t]*(?:[-*•·–]|\d{1,2}[.)])[ \t]"
_BREAK = re.compile(rf"\n(?={_BULLET})|\n[ \t]*\n")
"""Where a sentence ends, whatever the splitter says: above an item of a list, and at a blank line."""
_HEADING = re.compile(rf"(?!{_BULLET})[^\n]{{,80}}[^\s.!?;,…](?=\s*\n\s*\S)")
_ABBREVIATED = re.compile(r"\b(?:approx|ca|incl|max|min|pp?|vol|chap|sect)\.$", re.IGNORECASE)
"""A number behind one of these goes on with the sentence."""
_LABEL = re.compile(r"[\s#>*_]*(?:(?:q|question|title|re)\s*[:.)-]\s*)*", re.IGNORECASE)


@dataclass(frozen=True)
class PlacedSentences:
    """The sentences of a passage, in their place in the whole answer.

    ``spans`` are offsets in the passage's text, ``texts`` what they hold. ``first``: how many sentences of the answer
    stand before them; ``count``: how many it has.
    """

    passage: Passage
    spans: tuple[Span, ...]
    first: int
    count: int

    @classmethod
    def of(cls, passage: Passage) -> Self:
        """Split the whole answer, so that a list of sources or a sentence is known from wherever it began."""
        body, begin, finish = passage.answer.body, passage.start, passage.end
        every = answer_sentences(body)
        own = [
            _bare(body, max(start, begin), min(end, finish)) for start, end in every if start < finish and end > begin
        ]
        spans = tuple((start - begin, end - begin) for start, end in own if end > start)
        return cls(passage, spans, sum(end <= begin for _, end in every), len(every))

    @property
    def texts(self) -> list[str]:
        """The sentences."""
        text = self.passage.text
        return [text[start:end] for start, end in self.spans]

    @cached_property
    def words(self) -> list[list[str]]:
        """The words of each sentence."""
        return [words(text) for text in self.texts]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The key of each sentence, as titles have one, but for a label before it."""
        own = zip(self.texts, self.words, strict=True)
        return tuple(
            title_key(text[label.end() :]) if (label := _LABEL.match(text)) and label.end() else " ".join(every)
            for text, every in own
        )

    @property
    def empty(self) -> list[bool]:
        """Whether each sentence tells nothing on this page, whatever is asked."""
        text, title = self.passage.text, title_key(self.passage.question.title)
        own = zip(self.spans, self.keys, strict=True)
        return [key == title or _is_empty(text, start, end) for (start, end), key in own]


def _is_empty(text: str, start: int, end: int) -> bool:
    """Whether a sentence of a text only asks, is a scrap or a heading."""
    sentence = text[start:end]
    words = len(sentence.split())
    return sentence.endswith("?") or words < LEAST_WORDS or (words <= HEADING_WORDS and _is_heading(text, start, end))


def _is_heading(text: str, start: int, end: int) -> bool:
    found = _HEADING.match(text, start)
    return found is not None and found.end() == end and text[start - 1 : start] in ("", "\n")


def answer_sentences(text: str) -> list[Span]:
    """Spans of the sentences of a text, but for the lines that say where its facts come from."""
    spans: list[Span] = []
    at = 0
    for start, end in [*sources.lines(text), (len(text), len(text))]:
        for first, last in _blocks(text, at, start):
            pieces = [(first + begin, first + finish) for begin, finish in sentences(text[first:last])]
            spans += _joined(text, pieces)
        at = end
    return spans


def _blocks(text: str, start: int, end: int) -> Iterator[Span]:
    """A piece of a text parted above the items of a list, at blank lines, and below the headings."""
    for match in _BREAK.finditer(text, start, end):
        yield from _below_heading(text, start, match.start())
        start = match.end()
    yield from _below_heading(text, start, end)


def _below_heading(text: str, start: int, end: int) -> Iterator[Span]:
    """A block parted below the short line that it may begin with."""
    start, end = _bare(text, start, end)
    heading = _HEADING.match(text, start, end)
    if heading and len(heading[0].split()) <= HEADING_WORDS and text[heading.end() : end].lstrip()[:1].isupper():
        yield start, heading.end()
        start = heading.end()
    yield start, end


def _joined(text: str, pieces: Sequence[Span]) -> list[Span]:
    """The pieces, those joined that the splitter parted at an abbreviation: "for 5 hrs. before", "approx. 2"."""
    joined: list[Span] = []
    for first, last in pieces:
        start, end = joined[-1] if joined else (first, first)
        follows = start < end and "\n" not in text[end:first]
        if follows and (text[first].islower() or (text[first].isdigit() and _ABBREVIATED.search(text[start:end]))):
            joined[-1] = start, last
        else:
            joined.append((first, last))
    return joined


def _bare(text: str, start: int, end: int) -> Span:
    """A span without the white space at its ends."""
    piece = text[start:end]
    first = start + len(piece) - len(piece.lstrip())
    return first, max(first, start + len(piece.rstrip()))
