"""Normalises text for comparison; what is quoted never passes through here.

Invisible characters (Unicode's property ``Default_Ignorable_Code_Point``) get into texts by way of editors, browsers,
exports and copying. They are treated so:

| character | treatment |
|---|---|
| soft hyphen (U+00AD) | removed, with the line break after it: the word goes on in the next line |
| zero-width space (U+200B), Hangul fillers that show as a gap (U+3164, U+FFA0) | replaced by a space, their meaning |
| zero-width joiner and non-joiner (U+200D, U+200C) | removed: they shape a word's letters, as in Persian or Hindi |
| word joiner, byte order mark (U+2060, U+FEFF), marks of direction, variation selectors, tags, … | removed |
"""

import re
import unicodedata

_BROKEN = re.compile("(?<!\u00ad)\u00ad+[^\\S\\n]*\\n[^\\S\\n]*")
"""A word that was hyphenated at the end of a line."""
_GAP = re.compile("[\u200b\u3164\uffa0]")
_MARKS = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""Invisible characters that shape nothing: soft hyphen, marks of direction, zero-width space, byte order mark …"""
_SHAPERS = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u200c\u200d\u2065\u206a-\u206f\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""The other invisible characters: joiners, fillers, variation selectors, which shape what is beside them; rare ones."""
_INVISIBLE = re.compile(f"[{_MARKS}{_SHAPERS}]+")
_INVISIBLE_MARKS = re.compile(f"[{_MARKS}]+")
_OUTER_MARKS = re.compile(rf"\A[\s{_MARKS}]+|(?<![\s{_MARKS}])[\s{_MARKS}]+\Z")
_BLANKS = re.compile(r"[\s\u2800]+")
"""White space, and the Braille pattern without dots, which looks the same."""
WORD = re.compile(r"[^\W_]+")
"""A word after folding: letters and digits."""
APOSTROPHES = "'’ʼ"
WRITTEN_WORD = re.compile(rf"[^\W_]+(?:[{APOSTROPHES}][^\W_]+)*")
"""A word as it is written, with the apostrophes inside it."""
SHORTEST_PLURAL = 4
"""Letters of the shortest word that is taken for a plural."""
_APOSTROPHE = re.compile(rf"(?<=\w)[{APOSTROPHES}](?=\w)")


def visible(text: str) -> str:
    """Remove invisible characters, or replace them by the space that they stand for."""
    if text.isascii() or not _INVISIBLE.search(text):
        return text
    return _INVISIBLE.sub("", _GAP.sub(" ", _BROKEN.sub("", text)))


def plain(line: str) -> str:
    """The line to match patterns with: no invisible characters, each run of blanks one space, none at either end."""
    if line.isascii():
        return " ".join(line.split())
    return _BLANKS.sub(" ", visible(line)).strip()


def is_blank(line: str) -> bool:
    """Whether nothing in a line can be seen."""
    return not line.strip() or not plain(line)


def trimmed(line: str) -> str:
    """The line to show: as it stands but for white space and invisible marks at its ends.

    Characters that shape a word or an emoji (joiners, variation selectors) are a part of it and stay, at an end too.
    """
    return _OUTER_MARKS.sub("", line)


def without_marks(line: str) -> str:
    """The line of a name or a title to show: no invisible character in it but those that shape a word."""
    return _INVISIBLE_MARKS.sub("", line).strip()


def words(text: str) -> list[str]:
    """Cut a text into words: runs of letters and digits, case-folded, NFKC-normalised, without apostrophes."""
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", visible(text)).casefold()
    return WORD.findall(_APOSTROPHE.sub("", folded))


def singular(word: str) -> str:
    """Take the ending of an English plural off; both sides of a comparison must pass through it."""
    if len(word) > SHORTEST_PLURAL and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > SHORTEST_PLURAL and word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) >= SHORTEST_PLURAL and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def strip_accents(text: str) -> str:
    """Leave the accents out of a decomposed text (NFD or NFKD)."""
    return "".join(character for character in text if unicodedata.category(character) != "Mn")
