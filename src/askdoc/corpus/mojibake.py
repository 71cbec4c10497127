"""Finds mojibake: UTF-8 that was once read in another encoding and saved again, such as ``Donâ€™t``.

Each run of characters beyond ASCII is written back in the encodings that are commonly mistaken for UTF-8. Where the
bytes are UTF-8 of a usual character, the run is garbled: true text makes such bytes next to never, for what follows
a letter in a word is another letter.
"""

import re
from dataclasses import dataclass

_RUN = re.compile("[^\x00-\x7f\ufffd]+")
_LONGER = re.compile("[^\x00-\x7f\ufffd]{2,}")  # one byte alone is no garbled character
_CODECS = ("cp1252", "cp1251", "cp1250", "mac_roman", "cp437", "cp850")
# What is left of a curly quote or a dash where one of its bytes was lost.
_STUMP = re.compile("â€|Ã¢â|вЂ|‚Ä|ΓÇ|ÔÇ|鈥|ï»¿|ï¿½")
# A letter before closing marks, as in «café»… Its bytes may happen to be UTF-8.
_LETTER_AND_MARKS = re.compile(r"[^\W\d_][»”’›…—–®©™\xa0]+")
_USUAL = re.compile(
    "[\xa0-\u017f\u0386-\u03ce\u0401-\u045f\u05d0-\u05ea\u0621-\u063a\u0640-\u064a\u0900-\u0dff\u0e01-\u0e5b"
    "\u1e00-\u1eff\u200b-\u2044\u20ac\u2100-\u23ff\u2500-\u27bf\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\ufb01\ufb02"
    "\ufe0f\ufeff-\uffef\ufffd\U0001f300-\U0001faff]+"
)


@dataclass(frozen=True, slots=True)
class Mojibake:
    """The first garbled place of a text. ``mostly``: more than half of what lies beyond ASCII is garbled."""

    start: int
    sample: str
    mostly: bool


def find(text: str) -> Mojibake | None:
    """Find garbled text; None where there is none."""
    if text.isascii():
        return None
    longer = list(_LONGER.finditer(text))
    found = [[run for run in longer if _is_garbled(text, run, codec)] for codec in _CODECS if longer]
    garbled = max(found, key=len, default=[])
    if not garbled:
        return None
    runs = sum(1 for _ in _RUN.finditer(text))
    return Mojibake(garbled[0].start(), garbled[0][0][:20], 2 * len(garbled) > runs)


def _bytes_of(codec: str) -> dict[str, int]:
    """The byte of each character. Bytes that a code page leaves out stand for control characters, as browsers do."""
    latin = {chr(n): n for n in range(0x80, 0xA0)}
    return latin | {bytes([n]).decode(codec): n for n in range(0x80, 0x100) if bytes([n]).decode(codec, "ignore")}


_TABLES = {codec: _bytes_of(codec) for codec in _CODECS}


def _is_garbled(text: str, run: re.Match[str], codec: str) -> bool:
    written = run[0]
    if _STUMP.search(written):
        return True
    table = _TABLES[codec]
    if _is_word_end(text, run) or not all(char in table for char in written):
        return False
    if codec == "mac_roman" and written[0] not in "√¬‚≈ƒ" and len(written) < 4:
        return False  # its dashes before a letter look like Cyrillic
    try:
        return bool(_USUAL.fullmatch(bytes(table[char] for char in written).decode()))
    except UnicodeDecodeError:
        return False


def _is_word_end(text: str, run: re.Match[str]) -> bool:
    """Whether a run is a word's last letter before closing marks."""
    before = text[run.start() - 1 : run.start()]
    if not _LETTER_AND_MARKS.fullmatch(run[0]) or (run[0][0] == "Г" and before.isascii() and before.isalpha()):
        return False
    return before.isupper() or run[0][0] not in "ÃÂ"
