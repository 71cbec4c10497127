"""Normalizes text for comparison: without invisible characters, and cut into words.

What is quoted never passes through here. Unicode names the characters that are not to be seen (its property
``Default_Ignorable_Code_Point``); they end up in texts by way of editors, browsers, exports and copying.

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
"""A soft hyphen and the line break behind it."""
_GAP = re.compile("[\u200b\u3164\uffa0]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
WORD = re.compile(r"[^\W_]+")
"""A word after folding: letters and digits."""
APOSTROPHES = "'’ʼ"
WRITTEN_WORD = re.compile(rf"[^\W_]+(?:[{APOSTROPHES}][^\W_]+)*")
"""A word as it is written, with the apostrophes inside it."""
SHORTEST_PLURAL = 4
"""Letters of the shortest word that is taken for a plural."""
_APOSTROPHE = re.compile(rf"(?<=\w)[{APOSTROPHES}](?=\w)")


def visible(text: str) -> str:
    """Leave invisible characters out; those that stand for a space become one."""
    if text.isascii() or not _INVISIBLE.search(text):
        return text
    return _INVISIBLE.sub("", _GAP.sub(" ", _BROKEN.sub("", text)))


def words(text: str) -> list[str]:
    """Cut a text into words of letters and digits, case-folded (NFKC) and without apostrophes, in order."""
    folded = unicodedata.normalize("NFKC", visible(text)).casefold()
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
