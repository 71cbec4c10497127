r"""Writes the names of files so that they can be read, printed and kept as UTF-8.

A name may hold bytes that are no UTF-8, line ends, or marks that turn the direction of writing. These are written as

::

    \xe9        a byte that is no UTF-8 where it stands, or an ASCII control character
    \u202e      another control character, a mark without a sign of its own, half a surrogate pair, a private character
    \\          a backslash

and all else stands as it is. No two names are written alike, so nothing is lost: ``original`` reads them back.
"""

import re
import unicodedata

_WORDS = "\u200c\u200d"  # the joiners of Persian and Indic words, and of emoji
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|\\)")


def readable(name: str) -> str:
    """A file's name or path, as the system gives it, so that it can be read."""
    return "".join(map(_written, name))


def original(written: str) -> str:
    """The name that ``readable`` wrote so."""
    return _ESCAPE.sub(_meant, written)


def _written(character: str) -> str:
    code = ord(character)
    if character == "\\":
        return "\\\\"
    if character in _WORDS or unicodedata.category(character) not in _HIDDEN:
        return character
    if 0xDC80 <= code <= 0xDCFF:  # how Python holds a byte that is no UTF-8
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _meant(escape: re.Match[str]) -> str:
    byte, *points = escape.groups()
    if byte:
        return chr(int(byte, 16) + (0xDC00 if int(byte, 16) >= 0x80 else 0))
    point = next(filter(None, points), None)
    return chr(int(point, 16)) if point else "\\"
