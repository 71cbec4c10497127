"""Decodes the bytes of a corpus file into text; a file whose encoding is in doubt is rejected.

UTF-8, and UTF-16 with a byte order mark, are certain and are decoded without a remark. Windows-1252, and UTF-16 without
a mark, are decoded where the detector (chardet) and the text itself agree on them, and a remark says so. All other
encodings are rejected with the one that the file looks like: a wrong guess would alter a doctor's words.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from askdoc.corpus import mojibake, other_formats
from askdoc.corpus.reader import Finding, quoted
from askdoc.models import Source

# Sequences of several bytes in UTF-8. Text in Windows-1252 has next to none of them, damaged UTF-8 is full of them.
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# Windows-1252 and the encodings that differ from it in a few signs only.
_WESTERN = {"cp1252", "iso8859-1", "iso8859-15"}
# Letters that have the same byte in all Latin encodings of Windows and ISO, each beside ASCII letters alone.
_SHARED = re.compile(r"(?:[\x00-\x7f]|(?<![^\x00-\x7f])[áâäçéëíîóôöúüßÁÂÄÇÉËÍÎÓÔÖÚÜ](?![^\x00-\x7f]))*")
# Escape sequences by which ISO 2022 and HZ switch between character sets; all of their bytes are ASCII.
_SHIFTS = re.compile(rb"\x1b\$[@AB()]|\x1b\([IJ]|~\{[!-~]{2}")
# What no word holds that was decoded rightly: a sign between letters, a currency sign, a capital after a small letter.
_ODD = re.compile(
    r"[^\W\d_][^\w\s\x00-\x7f‘’´–—…·\xad][^\W\d_]|[±²³¹¶¼½¾¬¯ˆ˜¨¸ƒ¡][A-Za-zÀ-ÿ]|¤|[a-z][À-ÖØ-ÞŒ]"
    r"|[À-ÖØ-öø-ÿ]{3}|\s[ÑÐÒÓÔÕ]\s|[a-z][‚„‘]|[ŠšŽžŸ]|[0-9][¡øæ]|[0-9][À-ÖØ-öø-ÿ][0-9]|[A-Za-z][ˆ‰¢]"
)
_INVERTED = re.compile(r"(?<![^\W\d_])¡(?=¿?[A-Za-zÀ-ÿ]{2})")  # as Spanish begins an exclamation
# Encodings that hardly any page is saved in, and that the detector mistakes short Western texts for.
_RARE = ("iso8859-3", "iso8859-4", "iso8859-10", "iso8859-14", "iso8859-16", "hp-roman8")
_NONE = "utf-8"  # stands for "no encoding fits": the detector never sees a text that is UTF-8
_NAMES = {
    "mac-roman": "macintosh", "big5hkscs": "big5-hkscs", "euc_jis_2004": "euc-jp", "euc_jisx0213": "euc-jp",
    "shift_jis_2004": "shift_jis", "shift_jisx0213": "shift_jis", "iso2022_jp_2004": "iso2022_jp",
}  # fmt: skip
_LATIN = re.compile("[A-Za-z]{3}")
_LONGEST_SAMPLE = 24
"""The most characters of a word that a remark shows."""
GARBLED = "is garbled: it was UTF-8 that was read in another encoding and saved again"
SAVE_AGAIN = "Save it once more from where it stands right; the words are never changed here."
SAVE_AS_UTF_8 = "Save the page as plain text in UTF-8, one page to a file."


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The text of a file, with line feeds as its only line ends, and remarks on how it was decoded."""

    text: str
    remarks: tuple[Finding, ...] = ()


def decode(file: str, data: bytes) -> DecodedText | Finding:
    """Decode a file, or reject it where its encoding is not certain or its text is mostly garbled."""
    decoded = _decode(file, data)
    if isinstance(decoded, Finding):
        return decoded
    if "\x00" in decoded.text:
        return _not_text_finding(file, data)
    text = decoded.text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    garbled = mojibake.find(text)
    if garbled and garbled.mostly:
        return _garbled_finding(file, text, garbled, kept=False)
    also = (_garbled_finding(file, text, garbled, kept=True),) if garbled else ()
    return DecodedText(text, decoded.remarks + also)


def utf_16(file: str, data: bytes) -> DecodedText | None:
    """Decode UTF-16 with or without a byte order mark; None where a file is in another encoding."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode_as(data, "utf-16")
    # Without a mark, NUL bytes are the sign: every other byte of a Latin letter in UTF-16 is one.
    encoding = _detect(data) if b"\x00" in data else ""
    decoded = _decode_as(data, encoding) if encoding in {"utf-16-le", "utf-16-be"} else None
    if not decoded or not _LATIN.search(decoded.text) or any(map(_is_unprintable, decoded.text)):
        return None
    reason = f"The file has no byte order mark; it was read as {_display_name(encoding)}."
    return DecodedText(decoded.text, (Finding(Source(file, 1), reason, "Save it as UTF-8 to be sure.", kept=True),))


def _decode(file: str, data: bytes) -> DecodedText | Finding:
    if other_formats.binary(data):
        return _not_text_finding(file, data)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in data:
        return utf_16(file, data) or _not_text_finding(file, data)
    if decoded := _decode_as(data, "utf-8-sig"):
        return _refusal(file, data) if _SHIFTS.search(data) and _is_shift_encoded(data) else decoded
    high = sum(byte >= 0x80 for byte in data)
    if 2 * sum(map(len, _SEQUENCE.findall(data))) > high:
        return _damaged_finding(file, data)
    return _decode_western(file, data)


def _decode_as(data: bytes, encoding: str) -> DecodedText | None:
    try:
        return DecodedText(data.decode(encoding))
    except UnicodeDecodeError:
        return None


def _is_unprintable(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cn", "Co"} and char not in "\t\n\f\r"


def _decode_western(file: str, data: bytes) -> DecodedText | Finding:
    decoded = _decode_as(data, "cp1252")
    if not decoded or not (_SHARED.fullmatch(decoded.text) or _detect(data) in _WESTERN):
        return _refusal(file, data)
    text = decoded.text
    high = [found.start() for found in re.finditer("[^\x00-\x7f]", text)]
    odd = _ODD.search(_INVERTED.sub(" ", text))
    if odd and 10 * len(_ODD.findall(text)) > len(high):
        return _refusal(file, data)
    at = odd.start() if odd else high[0]
    reason = f"The file is not UTF-8; it was read as Windows-1252: '{_word_at(text, at)}'."
    hint = "If a letter or a sign there is wrong, save the file as UTF-8."
    return DecodedText(text, (Finding(Source(file, _line_at(text, at)), reason, hint, kept=True),))


def _detect(data: bytes) -> str:
    """The encoding that a file looks like, by Python's name for it; empty where none fits."""
    import chardet

    found = chardet.detect(
        data, max_bytes=len(data), compat_names=False, exclude_encodings=_RARE, no_match_encoding=_NONE
    )["encoding"]
    return "" if found in {None, _NONE} else codecs.lookup(found).name


def _is_shift_encoded(data: bytes) -> bool:
    return _detect(data).startswith(("iso2022", "hz"))


def _not_text_finding(file: str, data: bytes) -> Finding:
    what = other_formats.binary(data)
    reason = f"The file is not plain text but {what}." if what else "The file is not plain text."
    if not data.strip(b"\x00"):
        reason = "The file holds nothing but NUL bytes."
    return Finding(Source(file, 1), reason, SAVE_AS_UTF_8)


def _damaged_finding(file: str, data: bytes) -> Finding:
    try:
        data.decode()
        line = 1
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    return Finding(Source(file, line), "The file is not plain text: its UTF-8 is damaged here.", SAVE_AS_UTF_8)


def _refusal(file: str, data: bytes) -> Finding:
    encoding = _detect(data)
    at = next((n for n, byte in enumerate(data) if byte >= 0x80 or byte == 0x1B), 0)
    known = f"; it looks like {_display_name(encoding)}" if encoding and encoding not in _WESTERN else ""
    reason = f"The file is not plain text in UTF-8{known or ', and its encoding cannot be told for certain'}."
    return Finding(Source(file, data.count(b"\n", 0, at) + 1), reason, how_to_save(data))


def how_to_save(data: bytes) -> str:
    """The hint on bytes that are not UTF-8: how to convert them from the encoding that they look like."""
    encoding = _detect(data)
    if not encoding:
        return "Save it as UTF-8 with the program that wrote it."
    return f"Save it as UTF-8, for example with 'iconv -f {_display_name(encoding)} -t UTF-8', and look at the letters."


def _display_name(encoding: str) -> str:
    """The name by which iconv and editors know an encoding."""
    name = _NAMES.get(encoding, encoding).upper().replace("_", "-")
    name = re.sub("^ISO-?(?=8859|2022)", "ISO-", name)
    return re.sub("^CP(?=125[0-8]$)", "WINDOWS-", name)


def _garbled_finding(file: str, text: str, garbled: mojibake.Mojibake, *, kept: bool) -> Finding:
    reason = f"{'This place' if kept else 'The text'} {GARBLED}: {quoted(garbled.sample)}."
    return Finding(Source(file, _line_at(text, garbled.start)), reason, SAVE_AGAIN, kept=kept)


def _line_at(text: str, at: int) -> int:
    return len(re.findall("\r{0,2}\n|\r", text[:at])) + 1


def _word_at(text: str, at: int) -> str:
    """The word around an offset, without control characters, as a remark can show it."""
    start = max(text.rfind(" ", 0, at), text.rfind("\n", 0, at)) + 1
    word = re.split(r"\s", text[start:], maxsplit=1)[0]
    return "".join(char for char in word[:_LONGEST_SAMPLE] if char.isprintable())
