"""Recognises a doctor's name in a line, by its form, its degree, or its form of address."""

import re

from askdoc.corpus.text_page.lines.line_shape import LONGEST_BYLINE_LINE, is_prose_word, is_title_case
from askdoc.text import plain

_DEGREE = (
    r"(?:M\.?\s?D|D\.?O|D\.?D\.?S|D\.?M\.?D|Ph\.?\s?D|Psy\.?D|Pharm\.?D|D\.?P\.?M|O\.?D|N\.?P|P\.?A(?:-C)?|R\.?N|MBBS"
    r"|MBChB|FACS|FRCS|FAAD|LCSW|LMFT|LPC|MSW|MSc?|MA|MPH)\b\.?"
)
_EMOJI = "[\\s\u200d\u2600-\u27bf\U0001f000-\U0001faff]+"
_NAME_COMMA_DEGREE = re.compile(
    rf"(?P<name>[^,]{{2,60}}),\s*{_DEGREE}(?:[\s,/&]+{_DEGREE})*(?:\s*[,(|/–-].*|{_EMOJI})?"
)
_NAME_DEGREE = re.compile(
    r"(?P<name>[^,]{5,60}?)\s+(?:M\.?D|D\.?O|D\.?D\.?S|D\.?M\.?D|MBBS|MBChB)\.?(?:,.*|" + _EMOJI + ")?"
)
_ADDRESSED = re.compile(r"(?:Dr|Prof)\.?\s+(?P<name>[^,]{2,60})(?:,.*)?")
_DEGREES_AT_END = re.compile(rf",\s*{_DEGREE}(?:[\s,]+{_DEGREE})*$")


def has_credentials(line: str) -> bool:
    """Whether a line is a name with a doctor's degree or form of address: ``Jane Roe, MD``, ``Dr. Roe``."""
    text = plain(line)
    if len(text) > LONGEST_BYLINE_LINE:
        return False
    if match := _NAME_COMMA_DEGREE.fullmatch(text):
        return _is_name(match["name"], fewest=1, most=6, before_degree=True)
    if match := _NAME_DEGREE.fullmatch(text):
        return _is_name(match["name"], fewest=2, most=4, before_degree=True)
    match = _ADDRESSED.fullmatch(text)
    return match is not None and _is_name(match["name"], fewest=1, most=4)


def has_degree(line: str) -> bool:
    """Whether a line is a full name with a degree: more than how a doctor signs."""
    return has_credentials(line) and not _ADDRESSED.fullmatch(plain(line))


def ends_in_degree(text: str) -> bool:
    """Whether a text ends in a comma and a doctor's degrees."""
    return bool(_DEGREES_AT_END.search(text))


def is_bare_name(line: str) -> bool:
    """Whether a line has the form of a name, in any script: two to four capitalised words, and nothing else."""
    text = plain(line)
    return _is_name(text, fewest=2, most=4) or (_is_name(text, fewest=1, most=1) and _is_uncased(text))


def name_words(name: str) -> list[str]:
    """The words of a name without case, form of address, degrees and full stops, to compare by."""
    bare = re.sub(r"^(?:Dr|Prof)\b\.?\s*", "", plain(name), flags=re.IGNORECASE).split(",")[0]
    bare = re.sub(rf"\s+{_DEGREE}$|{_EMOJI}$|\s+(?:Jr|Sr)\.?$", "", bare)
    return [word.strip(".").casefold() for word in re.split(r"[\s.]+", bare) if word.strip(".")]


def could_be_same(words: list[str], others: list[str]) -> bool:
    """Whether two names, given as their words, may be one person's: one family name, and first names that agree."""
    if not words or not others or words[-1] != others[-1]:
        return False
    if len(words) == 1 or len(others) == 1:
        return True
    return words[0].startswith(others[0]) or others[0].startswith(words[0])


def _is_name(text: str, *, fewest: int, most: int, before_degree: bool = False) -> bool:
    """Whether a text of ``fewest`` to ``most`` words is written as a name.

    Before a degree, words that headings use as well may be names: Hope, Do, An.
    """
    words = text.split()
    return (
        fewest <= len(words) <= most
        and is_title_case(words)
        and (before_degree or not any(is_prose_word(word) for word in words))
        and not any(letter.isdigit() for letter in text)
        and all(word[0].isalpha() and not word.endswith(("'s", "’s")) for word in words)
        and all(letter.isalpha() or not letter.isascii() or letter in ".'-& " for letter in text)
    )


def _is_uncased(text: str) -> bool:
    return not any(letter.isupper() or letter.islower() for letter in text)
