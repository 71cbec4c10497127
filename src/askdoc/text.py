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

_BROKEN = re.compile("\u00ad+[^\\S\\n]*\\n[^\\S\\n]*")
"""A word that was hyphenated at the end of a line."""
_GAP = re.compile("[\u200b\u3164\uffa0]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ](?=\w)")


def visible(text: str) -> str:
    """Remove invisible characters, or replace them by the space that they stand for."""
    if text.isascii() or not _INVISIBLE.search(text):
        return text
    return _INVISIBLE.sub("", _GAP.sub(" ", _BROKEN.sub("", text)))


def words(text: str) -> list[str]:
    """Cut a text into words: runs of letters and digits, case-folded, NFKC-normalised, without apostrophes."""
    folded = unicodedata.normalize("NFKC", visible(text)).casefold()
    return WORD.findall(_APOSTROPHE.sub("", folded))
