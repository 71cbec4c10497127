"""Reads a line as a person sees it: without invisible characters, and with plain blanks.

Copies from a browser carry zero-width spaces, marks of direction and byte order marks. They hide a line's meaning
from a pattern and mean nothing themselves, so lines are matched without them; what is quoted keeps its own.
The zero-width joiner and non-joiner stay: they are parts of words and of emoji.
"""

import re

_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_STYLE = re.compile("[\ufe0e\ufe0f]")  # asks for a character as a picture, or not as one
_BLANKS = re.compile(r"[\s\u2800]+")


def plain(line: str) -> str:
    """The line to match patterns with: no invisible characters, each run of blanks one space, none at either end."""
    if line.isascii():
        return " ".join(line.split())
    return _BLANKS.sub(" ", _STYLE.sub("", _INVISIBLE.sub("", line))).strip()


def trimmed(line: str) -> str:
    """The line to show: as it stands but for invisible characters and the blanks at its ends."""
    return _INVISIBLE.sub("", line).strip()


def is_blank(line: str) -> bool:
    """Whether nothing in a line can be seen."""
    return not line.strip() or not plain(line)
