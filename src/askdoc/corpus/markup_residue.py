"""Names what a text has kept of the page that it was taken from: entities, tags, markup, lost characters.

Nothing is taken out: the words stay as they stand, and the person who keeps the corpus decides.
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


@dataclass(frozen=True, slots=True)
class Residue:
    """One kind of leftover in a text: where it stands first, and how often it is there."""

    start: int
    what: str
    sample: str
    count: int

    @property
    def reason(self) -> str:
        """What is left, in words that follow its place."""
        often = "" if self.count == 1 else f" (in {self.count} places)"
        shown = f": '{self.sample}'" if self.sample.isprintable() else ""
        return f"holds {self.what}{shown}{often}"


def find(text: str) -> Iterator[Residue]:
    """Each kind of leftover in a text, once."""
    for what, pattern in _KINDS if may_hold(text) else ():
        found = [match for match in pattern.finditer(text) if _is_real(match[0])]
        if found:
            yield Residue(found[0].start(), what, _shown(found[0][0]), len(found))


def may_hold(text: str) -> bool:
    """Whether a text has any of the signs that leftovers are written with; quick."""
    return bool(_SIGNS.search(text))


def in_page(file: str, text: str) -> Iterator[Finding]:
    """Remarks on the leftovers of a page, each at its first line."""
    for left in find(text):
        line = text.count("\n", 0, left.start) + 1
        yield Finding(Source(file, line), f"The text {left.reason}.", HINT, kept=True)


def _is_real(written: str) -> bool:
    """Whether what looks like an entity has a name that HTML knows."""
    return not written.startswith("&") or written[1] == "#" or written[1:] in html5


def _shown(written: str) -> str:
    text = written.strip()
    return text if len(text) <= _LONGEST_SAMPLE else text[:_LONGEST_SAMPLE] + "…"
