"""Reads a line as a person sees it: without invisible characters, and with plain blanks.

Copies from a browser carry zero-width spaces, marks of direction and byte order marks. They hide a line's meaning
from a pattern and mean nothing themselves, so lines are matched without them; what is quoted keeps its own.
"""

import re

from askdoc.text import visible

_BLANKS = re.compile(r"[\s\u2800]+")
_HIDDEN = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_ENDS = re.compile(rf"\A[\s{_HIDDEN}]+|[\s{_HIDDEN}]+\Z")


def plain(line: str) -> str:
    """The line to match patterns with: no invisible characters, each run of blanks one space, none at either end."""
    if line.isascii():
        return " ".join(line.split())
    return _BLANKS.sub(" ", visible(line)).strip()


def trimmed(line: str) -> str:
    """The line to show: as it stands but for blanks and invisible characters at its ends.

    What shapes a word or an emoji (joiners, variation selectors) is a part of it and stays, at an end too.
    """
    return _ENDS.sub("", line)


def named(line: str) -> str:
    """The line of a name or a title to show: nothing invisible in it but what shapes a word."""
    return re.sub(f"[{_HIDDEN}]+", "", line).strip()


def is_blank(line: str) -> bool:
    """Whether nothing in a line can be seen."""
    return not line.strip() or not plain(line)
