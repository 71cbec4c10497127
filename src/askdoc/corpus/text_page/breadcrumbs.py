"""Finds the way through a site that is saved above a question, one step to a line: ``Home``, ``Questions``, ``Scars``.

A step has no form of its own: ``Scars`` may be a question's title as well. So steps are looked for only below a line
that begins such a way, and the question is the first line below that is more than a step; or, where that line is
prose or nothing follows, the last step.
"""

import re
from itertools import takewhile

from askdoc.corpus.text_page import boilerplate
from askdoc.text import is_blank, plain

_ROOT = re.compile(
    r"(?:(?:home(?: ?page)?|start|(?:(?:all|our|doctor|ask|popular) )?(?:questions|q ?(?:&|and) ?a|answers|topics)"
    r"|questions (?:&|and) answers|forums?|(?:our )?community)(?: ?[>›»/|→])?)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://\S+|[\w./\\%-]+\.(?:x?html?|txt|php|aspx?)", re.IGNORECASE)
"""The page's own address or file: it stands above the way, and begins none."""
_END = re.compile(r"[.?!…:,;][\"'”’)\]]*$")
_SENTENCES = re.compile(r"[.?!]['\"”’)]* +\S")
_WORDS = 3
# A step may have one word more where each is written large, as in the names of a site's parts.
_NAMED = re.compile(r"(?:[A-Z&/][\w'’/-]*|and|or|of|for|the|&)(?: (?:[A-Z&/][\w'’/-]*|and|or|of|for|the|&)){0,4}")


def steps(head: list[str]) -> list[int]:
    """The lines above a counter, from 0, that are steps of a way to the page, its beginning among them."""
    filled = [n for n, line in enumerate(head) if not is_blank(line)]
    top = list(takewhile(lambda n: boilerplate.tops(head[n]) or _is_root(head[n]) or _is_address(head[n]), filled))
    roots = [n for n in top if _is_root(head[n])]
    own = [n for n in top if _is_root(head[n]) or _is_address(head[n])]
    rest = [n for n in filled if n not in top and boilerplate.kind_above(head[n]) is None]
    if not roots or not rest:
        return own if rest else []
    run = list(takewhile(lambda n: _is_step(head[n]), rest))
    below = rest[len(run)] if len(run) < len(rest) else None
    if run and (below is None or _is_prose(head[below])):
        run.pop()  # it is the question
    return [*own, *run]


def _is_root(line: str) -> bool:
    return bool(_ROOT.fullmatch(plain(line)))


def _is_address(line: str) -> bool:
    return bool(_ADDRESS.fullmatch(plain(line)))


def _is_step(line: str) -> bool:
    text = plain(line)
    return not (_END.search(text) or text[:1].islower()) and (
        len(text.split()) <= _WORDS or bool(_NAMED.fullmatch(text))
    )


def _is_prose(line: str) -> bool:
    """Whether a line is of a question's details: one that ends as a statement does, or holds several sentences."""
    text = plain(line)
    return text.endswith(".") or bool(_SENTENCES.search(text)) or text[:1].islower()
