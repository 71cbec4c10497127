"""Recognises the line in which a page shows an answer's votes: ``+3``, ``12 votes``, or residue of a template."""

import re

from askdoc.text import plain

_VOTES = re.compile(
    r"(?P<signed>[+\-−]\s?\d{1,3}(?:,?\d{3})*|0)(?:\s+(?:votes?|likes?|upvotes?|points?))?"
    r"|(?P<counted>\d{1,3}(?:,?\d{3})*)\s+(?:votes?|likes?|upvotes?)"
    r"|[▲△⬆↑]️?\s*(?P<arrows>[+\-−]?\d{1,3}(?:,?\d{3})*)(?:\s*[▼▽⬇↓]️?)?"
    r"|(?:votes?|likes?|upvotes?|score):?\s*(?P<named>[+\-−]?\d{1,3}(?:,?\d{3})*)",
    re.IGNORECASE,
)
# An expression of the site's template that was never filled in: "{{ voteCount >= 0 ? … }}".
_RESIDUE = re.compile(r"\s*\{\{.*\}\}\s*")
_LONGEST = 160
"""Letters in a line that is looked at: a longer one is a paragraph."""


def votes(line: str) -> int | None:
    """The number in a vote line; None where a line is none, or is residue of the site's template."""
    match = _VOTES.fullmatch(plain(line)) if len(line) <= _LONGEST else None
    number = match and (match["signed"] or match["counted"] or match["arrows"] or match["named"])
    return int(re.sub(r"[\s,]", "", number).replace("−", "-")) if number else None


def is_template_residue(line: str) -> bool:
    """Whether a line is a vote line as the site's template wrote it, without a number."""
    return bool(_RESIDUE.fullmatch(line))


def is_vote_line(line: str) -> bool:
    """Whether a line shows votes, or is residue of the template that would have shown them."""
    return votes(line) is not None or is_template_residue(line)
