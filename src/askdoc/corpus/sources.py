"""Finds the lines of an answer that say where its facts come from: "Sources: …", "Last reviewed: …".

These lines are the doctor's words and stay in the body. But they answer nothing, so they are shown as the source and
neither searched nor highlighted. Such a line begins with one of a few labels and a colon, or is a label and nothing
else. Items of a list, and lines with an address, belong to the label above them.
"""

import re

Span = tuple[int, int]
"""Where a piece of a text begins and where it ends, in code points."""
_EDGE = r"[\s>*_#(\[•·–—-]*"
_DRAWN = (
    r"(?:[\w’']+ ){0,3}?"
    r"(?:drawn|taken|adapted|summari[sz]ed|excerpted|quoted|cited|compiled|condensed|reprinted|sourced)"
    r" (?:and (?:adapted|summari[sz]ed|condensed) )?from"
)
_NAMED = (
    r"(?:(?:primary|main|key|further|web|online|medical|selected|additional) )?"
    r"(?:sources?|references?|citations?|bibliography|works cited|further reading|literature(?: cited)?"
    r"|fuentes?|referencias|quellen?|literatur|références|fonti|fonte|bronnen)(?: (?:used|cited|and further reading))?"
)
_REVIEWED = (
    r"(?:(?:page|content|text|article) )?(?:last|medically|clinically|scientifically)"
    r" (?:reviewed|updated|modified|checked|revised)"
)
_WHEN = r"(?: by \S| (?:on |in )?(?:[a-z]{3,9}\.? )?\d)"
"""What makes a line of "last updated" without a colon: a name behind "by", or a date."""
_LABEL = re.compile(
    rf"{_EDGE}(?:(?:{_DRAWN}|{_NAMED}|{_REVIEWED}(?: by| on)?|reviewed by)[*_]*(?:\s*[:：]|\s*$)|{_REVIEWED}{_WHEN})",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*(?:[\[(]?\d{1,2}[.)\]]|[•·*–—-])\s|.*(?:https?://|www\.|\bdoi\b)", re.IGNORECASE)
_LINE = re.compile(r"[^\n]*\S[^\n]*")


def lines(text: str) -> list[Span]:
    """Find all lines of sources: their offsets in ascending order, without the white space around them."""
    spans: list[Span] = []
    is_source = False
    for match in _LINE.finditer(text):
        is_source = bool(_LABEL.match(match[0])) or (is_source and bool(_ITEM.match(match[0])))
        if is_source:
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            spans.append((start, match.start() + len(match[0].rstrip())))
    return spans


def ending(body: str) -> Span | None:
    """Find the lines of sources that a body ends with, as one span; None where it ends with none."""
    at = len(body.rstrip())
    start = at
    for first, last in reversed(lines(body)):
        if body[last:start].strip():
            break
        start = first
    return (start, at) if start < at else None
