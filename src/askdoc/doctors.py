"""Tells whether two authors are the same doctor, from what their pages say of them (entity resolution).

Several doctors who say the same lend it weight, so in doubt two authors are taken for one. Names are compared without
case, accents, forms of address and degrees, in any order of their words; an initial stands for any name that begins
with it, and a name may lack some words of the other. Two doctors of one name are told apart by their places, else by
their titles; two authors without a name are two doctors only where place or title differ.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from askdoc.models import Author
from askdoc.text import visible, words

_ADDRESS = frozenset(["dr", "dra", "prof", "professor", "doctor", "mr", "mrs", "ms", "miss", "sir"])
"""Forms of address."""
_DEGREES = frozenset([
    "md", "do", "dds", "dmd", "phd", "psyd", "pharmd", "dpm", "od", "np", "pa", "pa-c", "rn", "mbbs", "mbchb",
    "mbbch", "bds", "facs", "facp", "facog", "faap", "faad", "face", "facc", "frcs", "frcp", "frcog", "frcpc",
    "frcsc", "frcgp", "mrcp", "mrcs", "mrcgp", "mrcog", "fasps", "lcsw", "lmft", "lpc", "msw", "ms", "msc", "ma",
    "mph", "mba", "bsc", "bsn", "msn", "dnp", "fnp", "fnp-c", "crnp", "aprn", "dc", "nd", "rd", "rdn", "edd",
])  # fmt: skip
"""Degrees and memberships that may stand behind a name, in lower case, without full stops."""
_UNMISTAKABLE = frozenset(["md", "dds", "dmd", "phd", "mbbs", "mbchb"])
"""Degrees that are nobody's name: they may stand behind a name without a comma, as may "DO" in capitals."""


def same(one: Author, other: Author) -> bool:
    """Whether nothing tells the two authors apart."""
    if one.url and one.url == other.url:
        return True
    named = bool(one.name and other.name)
    if one.name and other.name and not _compatible(_name(one.name), _name(other.name)):
        return False
    place = _agree(one.location, other.location)
    if place is False or (place and named):
        return bool(place)
    title = _agree(one.title, other.title)
    if title is None:
        title = _agree(one.specialty, other.specialty)
    return title is not False


def resolve(authors: Iterable[Author]) -> list[int]:
    """Give each author the position of the first that is the same doctor, which may be its own."""
    first_of: dict[Author, int] = {}
    positions = []
    for position, author in enumerate(authors):
        identity = replace(author, rating=None, review_count=None)
        if identity not in first_of:
            earlier = (first for known, first in first_of.items() if same(known, identity))
            first_of[identity] = next(earlier, position)
        positions.append(first_of[identity])
    return positions


def _agree(one: str | None, other: str | None) -> bool | None:
    """Whether all words of one text are among the other's; None where either has no words."""
    left, right = set(_plain(one or "")), set(_plain(other or ""))
    return (left <= right or right <= left) if left and right else None


def _compatible(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether the shorter name is part of the longer, in more than initials; a name without words fits any other."""
    short, long = sorted((one, other), key=len)
    if not short:
        return True
    return bool(short & long - {word for word in short if len(word) == 1}) and all(
        any(word == known or (1 in (len(word), len(known)) and word[0] == known[0]) for known in long) for word in short
    )


def _name(text: str) -> frozenset[str]:
    """The words of a name without forms of address and degrees."""
    first, *further = visible(text).split(",")
    parts = [_without_degrees(first), *(part for part in further if not _is_degrees(part))]
    return frozenset(word for part in parts for word in _plain(part) if word not in _ADDRESS)


def _without_degrees(text: str) -> str:
    """A name without the degrees that follow it with no comma between."""
    while len(parts := text.split()) > 1 and (_folded(parts[-1]) in _UNMISTAKABLE or parts[-1] in ("DO", "D.O.")):
        text = " ".join(parts[:-1])
    return text


def _is_degrees(text: str) -> bool:
    """Whether a part behind a comma is a degree, or several."""
    pieces = text.replace("/", " ").replace("&", " ").split()
    return _folded("".join(pieces)) in _DEGREES or all(_folded(piece) in _DEGREES for piece in pieces)


def _folded(text: str) -> str:
    """A degree as ``_DEGREES`` has it."""
    return text.replace(".", "").strip("()").casefold()


def _plain(text: str) -> list[str]:
    """The words of a text, without accents."""
    letters = unicodedata.normalize("NFKD", text)
    return words("".join(letter for letter in letters if not unicodedata.combining(letter)))
