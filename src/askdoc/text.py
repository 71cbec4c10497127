"""Turns text into what is compared: without what nobody sees, and cut into words.

An answer's text, which is quoted, never passes through here. Unicode names the characters that are not to be seen (its
property ``Default_Ignorable_Code_Point``); they end up in texts by way of editors, browsers, exports and copying, hide
a line's meaning from a pattern, and mean nothing themselves.

| character | what becomes of it |
|---|---|
| soft hyphen (U+00AD) | left out, with the line break after it: the word goes on in the next line |
| zero-width space (U+200B), Hangul fillers that show as a gap (U+3164, U+FFA0) | a space: that is what they stand for |
| zero-width joiner and non-joiner (U+200D, U+200C) | left out: they shape the letters of a word, as in Persian, Hindi |
| word joiner, byte order mark (U+2060, U+FEFF), marks of direction, variation selectors, tags, … | left out |
"""

import re
import unicodedata

_BROKEN = re.compile("\u00ad+[^\\S\\n]*\\n[^\\S\\n]*")
"""A word that was parted at the end of a line."""
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
_OUTER_MARKS = re.compile(rf"\A[\s{_MARKS}]+|[\s{_MARKS}]+\Z")
_BLANKS = re.compile(r"[\s\u2800]+")
"""White space, and the Braille pattern without dots, which looks the same."""
WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ](?=\w)")


def visible(text: str) -> str:
    """The text without invisible characters; those that stand for a space become one."""
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
    """The words of a text without case, in order: letters and digits, compatibility forms and apostrophes folded."""
    folded = unicodedata.normalize("NFKC", visible(text)).casefold()
    return WORD.findall(_APOSTROPHE.sub("", folded))
