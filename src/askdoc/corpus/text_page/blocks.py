"""Defines a block: neighbouring lines of a page that belong together, such as a paragraph, a vote line or a byline."""

import re
from dataclasses import dataclass
from functools import cached_property

from askdoc.corpus.text_page.lines import boilerplate, byline_score, vote_lines
from askdoc.corpus.text_page.lines.boilerplate_table import Boilerplate
from askdoc.text import plain

_LONGEST_HEADLINE = 160
"""Letters in the longest line that could be a headline."""

_SENTENCE_END = re.compile(r"[.?!:;,…。！？；：،؟؛।][\"'”’»)\]]*$")
_CALLS = ("?", "!", "…", "...")
"""Ends of lines that ask, call or trail off, as headlines do, too."""


@dataclass(frozen=True)
class Block:
    """Neighbouring lines of a page, numbered from 1 in the file, and where they lie in the page's own text."""

    first_line: int
    last_line: int
    start: int
    """Offset of the first character in the page's text, in code points."""
    end: int
    """Offset below the last character in the page's text, in code points."""
    text: str
    gaps: tuple[bool, ...] = ()
    """Whether a blank line stands below each line but the last; empty where no line is skipped."""

    @cached_property
    def is_one_line(self) -> bool:
        """Whether the block is a single line."""
        return self.first_line == self.last_line

    @cached_property
    def is_vote(self) -> bool:
        """Whether the block is a vote line, or residue of the site's template for one."""
        return vote_lines.is_vote_line(self.text)

    @cached_property
    def is_template_residue(self) -> bool:
        """Whether the block is a vote line as the site's template wrote it, without a number."""
        return vote_lines.is_template_residue(self.text)

    @cached_property
    def boilerplate(self) -> Boilerplate | None:
        """The kind of boilerplate whose form the block has."""
        return boilerplate.kind(self.text) if self.is_one_line else None

    @cached_property
    def is_likely_byline(self) -> bool:
        """Whether the block is taken for a byline where nothing speaks against it."""
        return not self.is_vote and byline_score.is_likely(self.text)

    @cached_property
    def is_short_line(self) -> bool:
        """Whether the block is one line that is short enough for a headline."""
        text = plain(self.text)
        return self.is_one_line and len(text) <= _LONGEST_HEADLINE

    @cached_property
    def is_heading(self) -> bool:
        """Whether the block is a single short line that does not end as a sentence does."""
        return self.is_short_line and not self.is_vote and not _SENTENCE_END.search(plain(self.text))

    @cached_property
    def could_be_headline(self) -> bool:
        """Whether the block is a heading, or a short line that asks, calls or trails off as headlines do, too."""
        return self.is_heading or (self.is_short_line and plain(self.text).endswith(_CALLS))
