"""Finds bread crumbs above a question that stand one to a line: ``Home``, ``Questions``, ``Scars``.

A bread crumb has no form of its own: ``Scars`` may be a question's title as well. So crumbs are looked for only below a
line that begins such a path, and the question is the first line below that is more than a crumb; or, where that line is
prose or nothing follows, the last crumb.
"""

import re
from itertools import takewhile

from askdoc.corpus.text_page.lines import boilerplate
from askdoc.text import is_blank, plain

_ROOT = re.compile(
    r"(?:(?:home(?: ?page)?|start|(?:(?:all|our|doctor|ask|popular) )?(?:questions|q ?(?:&|and) ?a|answers|topics)"
    r"|questions (?:&|and) answers|forums?|(?:our )?community)(?: ?[>›»/|→])?)",
    re.IGNORECASE,
)
"""Names of a site's start page and of its list of questions: the first crumb of a path."""
_ADDRESS = re.compile(r"https?://\S+|[\w./\\%-]+\.(?:x?html?|txt|php|aspx?)", re.IGNORECASE)
"""The page's own address or file: it stands above the path, and begins none."""
_MARK_AT_END = re.compile(r"[.?!…:,;][\"'”’)\]]*$")
_SENTENCE_BREAK = re.compile(r"[.?!]['\"”’)]* +\S")
_MOST_WORDS = 3
"""Words in a crumb."""
# A crumb may have more words where each is capitalised, as in the names of a site's parts.
_CAPITALISED = re.compile(r"(?:[A-Z&/][\w'’/-]*|and|or|of|for|the|&)(?: (?:[A-Z&/][\w'’/-]*|and|or|of|for|the|&)){0,4}")


def find(head: list[str]) -> list[int]:
    """Find the lines above a counter, from 0, that are bread crumbs or the page's own address.

    None is found where nothing would be left for the question.
    """
    filled = [n for n, line in enumerate(head) if not is_blank(line)]
    top = list(takewhile(lambda n: _could_top_path(head[n]), filled))
    roots = [n for n in top if _is_root(head[n])]
    own = [n for n in top if _is_root(head[n]) or _is_address(head[n])]
    rest = [n for n in filled if n not in top and boilerplate.kind_above_counter(head[n]) is None]
    if not roots or not rest:
        return own if rest else []
    crumbs = list(takewhile(lambda n: _could_be_crumb(head[n]), rest))
    below = rest[len(crumbs)] if len(crumbs) < len(rest) else None
    if crumbs and (below is None or _is_prose(head[below])):
        crumbs.pop()  # it is the question
    return [*own, *crumbs]


def _could_top_path(line: str) -> bool:
    return boilerplate.could_top_page(line) or _is_root(line) or _is_address(line)


def _is_root(line: str) -> bool:
    return bool(_ROOT.fullmatch(plain(line)))


def _is_address(line: str) -> bool:
    return bool(_ADDRESS.fullmatch(plain(line)))


def _could_be_crumb(line: str) -> bool:
    text = plain(line)
    if _MARK_AT_END.search(text) or text[:1].islower():
        return False
    return len(text.split()) <= _MOST_WORDS or bool(_CAPITALISED.fullmatch(text))


def _is_prose(line: str) -> bool:
    """Whether a line is of a question's details: one that ends as a statement does, or holds several sentences."""
    text = plain(line)
    return text.endswith(".") or bool(_SENTENCE_BREAK.search(text)) or text[:1].islower()
