"""Finds the markup that a text has kept from the page it was taken from: entities, tags, escapes, lost characters.

Nothing is taken out: the text stays verbatim, and the person who keeps the corpus decides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5

from askdoc.corpus.reader import Finding
from askdoc.models import Source

_TAGS = (
    "a|abbr|article|b|blockquote|body|br|button|center|code|del|div|dd|dl|dt|em|figure|font|footer|form|h[1-6]|head"
    "|header|hr|html|i|iframe|img|input|ins|label|li|link|main|mark|meta|nav|ol|p|pre|q|s|script|section|small|span"
    "|strike|strong|style|sub|sup|svg|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|video"
)
_BRACKETS = re.compile(
    r"\[/(?:b|i|u|url|quote|img|code|size|color)\]|\[(?:url|quote|size|color)=[^\]\n]*\]", re.IGNORECASE
)
_KINDS = (
    ("an HTML entity", re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")),
    ("an HTML tag", re.compile(rf"</?(?:{_TAGS})(?:\s(?:[^<>\n]|\n(?!\s*\n))*)?/?>|<!--", re.IGNORECASE)),
    ("a tag in square brackets", _BRACKETS),
    (
        "Markdown",
        re.compile(
            r"^[ ]{0,3}#{1,6}[ \t]+(?=\S)|\*\*(?=\S)[^*\n]+(?<=\S)\*\*|(?<!\w)__(?=\S)[^_\n]+(?<=\S)__(?!\w)"
            r"|(?<![\w_])_(?=[^\W_])[^_\n]+(?<=[^\W_])_(?![\w_])|!?\[[^\]\n]+\]\((?:https?:|mailto:|/|#)[^)\n]*\)|^```",
            re.MULTILINE,
        ),
    ),
    ("an escape that was never read", re.compile(r"\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[rn](?![a-z])|\\[\"']")),
    ("a character that was lost", re.compile("\ufffd")),
    ("a control character", re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")),
)
_SIGNS = re.compile("[&<\\[*_#`\\\\\ufffd\x00-\x08\x0e-\x1f\x7f-\x9f]")
HINT = "The words are kept as they stand; clean the text where it comes from if they should read otherwise."
_LONGEST_SAMPLE = 30
"""The most characters of markup that a remark shows."""


@dataclass(frozen=True, slots=True)
class Residue:
    """One kind of markup in a text."""

    start: int
    """Offset of the first place."""
    what: str
    """The kind, as a sentence can name it: ``an HTML entity``."""
    sample: str
    """The first place's own characters, shortened."""
    count: int
    """How many places there are."""

    @property
    def reason(self) -> str:
        """The sentence that goes on from the name of the text: ``holds an HTML entity: '&amp;'``."""
        often = "" if self.count == 1 else f" (in {self.count} places)"
        shown = f": '{self.sample}'" if self.sample.isprintable() else ""
        return f"holds {self.what}{shown}{often}"


def find(text: str) -> Iterator[Residue]:
    """Find each kind of markup in a text, once each."""
    for what, pattern in _KINDS if may_hold(text) else ():
        matches = [match for match in pattern.finditer(text) if _is_known(match[0])]
        if matches:
            yield Residue(matches[0].start(), what, _shortened(matches[0][0]), len(matches))


def may_hold(text: str) -> bool:
    """Whether a text has any character that markup begins with: a quick check that rules most texts out."""
    return bool(_SIGNS.search(text))


def in_page(file: str, text: str) -> Iterator[Finding]:
    """Remark on each kind of markup in a page, at the first line that holds it."""
    for residue in find(text):
        line = text.count("\n", 0, residue.start) + 1
        yield Finding(Source(file, line), f"The text {residue.reason}.", HINT, kept=True)


def _is_known(markup: str) -> bool:
    """Whether markup that looks like a named entity has a name that HTML knows; all other markup is known."""
    return not markup.startswith("&") or markup[1] == "#" or markup[1:] in html5


def _shortened(markup: str) -> str:
    text = markup.strip()
    return text if len(text) <= _LONGEST_SAMPLE else text[:_LONGEST_SAMPLE] + "…"
