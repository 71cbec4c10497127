"""Tells whether two answers are by one doctor, from what their pages say of them.

Several doctors who say the same lend it weight, so in doubt two answers are by one. Names are compared without case,
accents, forms of address and degrees, in any order of their words; an initial stands for any name that begins with it,
and a name may lack some words of the other. Two doctors of one name are told apart by their places, else by their
titles; two answers without a name are by two doctors only where place or title differ.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from askdoc.models import Author
from askdoc.text import visible, words

_ADDRESS = frozenset(["dr", "dra", "prof", "professor", "doctor", "mr", "mrs", "ms", "miss", "sir"])
_DEGREES = frozenset(
    [
        "md",
        "do",
        "dds",
        "dmd",
        "phd",
        "psyd",
        "pharmd",
        "dpm",
        "od",
        "np",
        "pa",
        "pa-c",
        "rn",
        "mbbs",
        "mbchb",
        "mbbch",
        "bds",
        "facs",
        "facp",
        "facog",
        "faap",
        "faad",
        "face",
        "facc",
        "frcs",
        "frcp",
        "frcog",
        "frcpc",
        "frcsc",
        "frcgp",
        "mrcp",
        "mrcs",
        "mrcgp",
        "mrcog",
        "fasps",
        "lcsw",
        "lmft",
        "lpc",
        "msw",
        "ms",
        "msc",
        "ma",
        "mph",
        "mba",
        "bsc",
        "bsn",
        "msn",
        "dnp",
        "fnp",
        "fnp-c",
        "crnp",
        "aprn",
        "dc",
        "nd",
        "rd",
        "rdn",
        "edd",
    ]
)
_BARE = frozenset(["md", "dds", "dmd", "phd", "mbbs", "mbchb"])
"""Degrees that are none's name: these may stand behind a name without a comma. "DO" in capitals may, too."""


def same(one: Author, other: Author) -> bool:
    """Whether nothing speaks for two doctors."""
    if one.url and one.url == other.url:
        return True
    named = bool(one.name and other.name)
    if one.name and other.name and not _one_name(_name(one.name), _name(other.name)):
        return False
    place = _agree(one.location, other.location)
    if place is False or (place and named):
        return bool(place)
    title = _agree(one.title, other.title)
    if title is None:
        title = _agree(one.specialty, other.specialty)
    return title is not False


def numbered(authors: Iterable[Author]) -> list[int]:
    """For each author the place of the first that is the same doctor, or its own."""
    seen: dict[Author, int] = {}
    found = []
    for place, author in enumerate(authors):
        known = replace(author, rating=None, review_count=None)
        if known not in seen:
            seen[known] = next((first for before, first in seen.items() if same(before, known)), place)
        found.append(seen[known])
    return found


def _agree(one: str | None, other: str | None) -> bool | None:
    """Whether all words of one stand in the other; None where either has none."""
    left, right = set(_plain(one or "")), set(_plain(other or ""))
    return (left <= right or right <= left) if left and right else None


def _one_name(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether the shorter name is part of the other, and more than initials agree; no words at all tell nothing."""
    short, long = sorted((one, other), key=len)
    if not short:
        return True
    return bool(short & long - {word for word in short if len(word) == 1}) and all(
        any(word == known or (1 in (len(word), len(known)) and word[0] == known[0]) for known in long) for word in short
    )


def _name(text: str) -> frozenset[str]:
    """The words of a name without forms of address and degrees."""
    first, *further = visible(text).split(",")
    parts = [_bare(first), *(part for part in further if not _is_degrees(part))]
    return frozenset(word for part in parts for word in _plain(part) if word not in _ADDRESS)


def _bare(text: str) -> str:
    """A name without the degrees that stand behind it with no comma between."""
    while len(found := text.split()) > 1 and (_folded(found[-1]) in _BARE or found[-1] in ("DO", "D.O.")):
        text = " ".join(found[:-1])
    return text


def _is_degrees(text: str) -> bool:
    pieces = text.replace("/", " ").replace("&", " ").split()
    return _folded("".join(pieces)) in _DEGREES or all(_folded(piece) in _DEGREES for piece in pieces)


def _folded(text: str) -> str:
    return text.replace(".", "").strip("()").casefold()


def _plain(text: str) -> list[str]:
    """The words of a text without accents."""
    letters = unicodedata.normalize("NFKD", text)
    return words("".join(letter for letter in letters if not unicodedata.combining(letter)))
