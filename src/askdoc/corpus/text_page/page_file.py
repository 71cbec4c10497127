"""Reads a file into its pages, each a list of lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from askdoc.corpus import decoding, other_formats
from askdoc.corpus.reader import Finding
from askdoc.corpus.text_page import page_separation
from askdoc.corpus.text_page.ambiguity import AmbiguousPage
from askdoc.corpus.text_page.lines import counters
from askdoc.corpus.text_page.lines.counters import AnswerCounter
from askdoc.corpus.text_page.page_separation import PageRange
from askdoc.models import Source
from askdoc.text import is_blank, plain

LARGEST_PAGE = 4_000_000
"""Bytes in the largest file that is read: no page of a site is nearly as long."""
FORMAT_HINT = "Put the question first, then 'Doctor Answers 2', then the answers."

_MARKUP = re.compile(r"<(?:!doctype|html|head|body|\?xml)\b", re.IGNORECASE)
_RARE_LINE_END = re.compile("[\n\x0b\x0c\x1c-\x1e\x85\u2028]")
"""Line ends of other systems, tried where the usual ones show no answer counter."""
_PARAGRAPH_END = "\u2029"


@dataclass(frozen=True, slots=True)
class PageLines:
    """A page of a file: its own lines, of which ``offset`` others stand above in the file, and its question's id."""

    file: str
    question_id: str
    lines: list[str]
    offset: int
    counter: AnswerCounter | None
    """Numbered by the file's lines."""

    @property
    def below_counter(self) -> int:
        """The page's line below the counter, from 0; on a page without one, the first."""
        return self.counter.last + 1 - self.offset if self.counter else 0

    @property
    def head(self) -> list[str]:
        """The lines above the counter; on a page without one, all."""
        return self.lines[: self.counter.first - self.offset] if self.counter else self.lines

    def source(self, line: int) -> Source:
        """Where a line of the page, counted from 0, stands in the file."""
        return Source(self.file, self.offset + line + 1)


@dataclass(frozen=True, slots=True)
class PageFile:
    """The lines of a file, its pages among them, and remarks on its encoding."""

    file: str
    lines: list[str]
    ranges: list[PageRange]
    remarks: tuple[Finding, ...]

    def pages(self) -> Iterator[PageLines]:
        """The pages in order; the first one's question has the file's name for its id, the second one's ``name~2``."""
        name = str(PurePosixPath(self.file).with_suffix(""))
        for n, page in enumerate(self.ranges, 1):
            question_id = name if n == 1 else f"{name}~{n}"
            yield PageLines(self.file, question_id, self.lines[page.first : page.end], page.first, page.counter)


def load(file: str, data: bytes) -> PageFile | Finding:
    """Decode a file and find its pages, or say why it has none."""
    if len(data) > LARGEST_PAGE:
        return Finding(Source(file, 1), "The file is too large for one page.", decoding.SAVE_AS_UTF_8)
    decoded = decoding.decode(file, data)
    if isinstance(decoded, Finding):
        return decoded
    lines = _split_lines(decoded.text)
    if rejection := _no_page(file, lines, decoded.text):
        return rejection
    try:
        return PageFile(file, lines, page_separation.split(lines), decoded.remarks)
    except AmbiguousPage as doubt:
        return Finding(Source(file, doubt.line), str(doubt), doubt.hint or FORMAT_HINT)


def _no_page(file: str, lines: list[str], text: str) -> Finding | None:
    """Say what a file is that is no page: empty, markup, or another format."""
    line = next((n for n, line in enumerate(lines, 1) if not is_blank(line)), None)
    if line is None:
        return Finding(Source(file, 1), "The file is empty.", FORMAT_HINT)
    if _MARKUP.match(plain(lines[line - 1])):
        return Finding(Source(file, line), "The file is HTML or XML, not plain text.", "Save the page as plain text.")
    if not counters.find(lines) and (kind := other_formats.text(text)):
        return Finding(Source(file, line), f"The file is {kind.what}, not a page.", kind.hint)
    return None


def _split_lines(text: str) -> list[str]:
    """The lines of a text: by line feeds, or by the line ends of any system where those show no counter."""
    lines = text.split("\n")
    if counters.find(lines):
        return lines
    is_rare = bool(_RARE_LINE_END.search(text.replace("\n", ""))) or _PARAGRAPH_END in text
    return _RARE_LINE_END.split(text.replace(_PARAGRAPH_END, "\n\n")) if is_rare else lines
