r"""Escapes file names so that they can be printed and kept as UTF-8.

A name may hold bytes that are not UTF-8, line ends, or marks that turn the direction of writing. They are written as

::

    \xe9        a byte that is not UTF-8, or an ASCII control character
    \u202e      another control or format character, a lone surrogate, or a character of private use
    \\          a backslash

and all else stands as it is. No two names are escaped to the same text, so ``original`` gives each name back.
"""

import re
import unicodedata

_JOINERS = "\u200c\u200d"  # they shape Persian and Indic words, and emoji
_ESCAPED_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|\\)")


def readable(name: str) -> str:
    """Escape a file's name or path, as Python has it from the system."""
    return "".join(map(_escaped, name))


def original(escaped: str) -> str:
    """Undo ``readable``."""
    return _ESCAPE.sub(_unescaped, escaped)


def _escaped(character: str) -> str:
    code = ord(character)
    if character == "\\":
        return "\\\\"
    if character in _JOINERS or unicodedata.category(character) not in _ESCAPED_CATEGORIES:
        return character
    if 0xDC80 <= code <= 0xDCFF:  # how Python holds a byte that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _unescaped(escape: re.Match[str]) -> str:
    byte, *points = escape.groups()
    if byte:
        return chr(int(byte, 16) + (0xDC00 if int(byte, 16) >= 0x80 else 0))
    point = next(filter(None, points), None)
    return chr(int(point, 16)) if point else "\\"
