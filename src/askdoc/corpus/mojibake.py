"""Finds mojibake: UTF-8 that was once read in another encoding and saved again, such as ``Donâ€™t``.

Each run of characters beyond ASCII is encoded again in the encodings that UTF-8 is commonly mistaken for. Where the
bytes decode as UTF-8 to characters that are in use, the run is garbled. The bytes of true text hardly ever do: the
continuation bytes of UTF-8 are signs in those encodings, and in a word a letter is followed by another letter.
"""

import re
from dataclasses import dataclass

_RUN = re.compile("[^\x00-\x7f\ufffd]+")
_LONGER = re.compile("[^\x00-\x7f\ufffd]{2,}")  # a garbled character comes of two bytes at least
_CODECS = ("cp1252", "cp1251", "cp1250", "mac_roman", "cp437", "cp850")
# Beginnings of a garbled quotation mark or dash, or byte order mark, of which the last byte may be lost.
_STUMP = re.compile("â€|Ã¢â|вЂ|‚Ä|ΓÇ|ÔÇ|鈥|ï»¿|ï¿½")
# The last letter of a word with closing marks, as in «café»…: rightly decoded, although its bytes may be UTF-8, too.
_LETTER_AND_MARKS = re.compile(r"[^\W\d_][»”’›…—–®©™\xa0]+")
_USUAL = re.compile(
    "[\xa0-\u017f\u0386-\u03ce\u0401-\u045f\u05d0-\u05ea\u0621-\u063a\u0640-\u064a\u0900-\u0dff\u0e01-\u0e5b"
    "\u1e00-\u1eff\u200b-\u2044\u20ac\u2100-\u23ff\u2500-\u27bf\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\ufb01\ufb02"
    "\ufe0f\ufeff-\uffef\ufffd\U0001f300-\U0001faff]+"
)


@dataclass(frozen=True, slots=True)
class Mojibake:
    """The first garbled run of a text."""

    start: int
    """Offset of the run in the text."""
    sample: str
    """The first 20 characters of the run."""
    mostly: bool
    """Whether more than half of the text's runs beyond ASCII are garbled."""


def find(text: str) -> Mojibake | None:
    """Find the first garbled run of a text, by the encoding that explains the most runs; None where none is garbled."""
    if text.isascii():
        return None
    longer = list(_LONGER.finditer(text))
    by_codec = [[run for run in longer if _is_garbled(text, run, codec)] for codec in _CODECS if longer]
    garbled = max(by_codec, key=len, default=[])
    if not garbled:
        return None
    runs = sum(1 for _ in _RUN.finditer(text))
    return Mojibake(garbled[0].start(), garbled[0][0][:20], 2 * len(garbled) > runs)


def _bytes_of(codec: str) -> dict[str, int]:
    """Map each character of a code page to its byte; bytes without one are control characters, as in browsers."""
    controls = {chr(n): n for n in range(0x80, 0xA0)}
    return controls | {bytes([n]).decode(codec): n for n in range(0x80, 0x100) if bytes([n]).decode(codec, "ignore")}


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
