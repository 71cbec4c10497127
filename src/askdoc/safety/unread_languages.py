"""Reads the table of the languages that the gate does not read: their words, sentences and gravest phrases."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Self

from askdoc.models import Level
from askdoc.safety.normalization import fold
from askdoc.safety.phrases import expand_phrases
from askdoc.safety.scripts import WORD

_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ə": "e", "þ": "th"})
"""Letters that no accent can be taken from."""
_APOSTROPHE = re.compile(r"['’‘ʼ`´]")


@dataclass(frozen=True, slots=True)
class UnreadLanguage:
    """A language that is not read: what it is told by, what is said in it, and its gravest phrases, folded."""

    code: str
    function_words: frozenset[str]
    sentences: Mapping[str, str]
    """Empty where the language is only told from English."""
    grave: tuple[tuple[Level, tuple[str, ...]], ...]
    """For each level the phrases, with a blank at each end that is a word's; the graver level first."""
    is_spaced: bool
    """Whether blanks are written between words."""

    @classmethod
    def read(cls, code: str, entry: Mapping[str, Any]) -> Self:
        """Read an entry of the table."""
        spaced = entry.get("spaced", True)
        levels = (Level.CRISIS, Level.EMERGENCY)
        grave = tuple(
            (level, tuple(_needle(phrase, is_spaced=spaced) for phrase in expand_phrases(entry.get(level.value, ""))))
            for level in levels
        )
        sentences = {key: entry[key] for key in ("unread", "call", "talk", "local", "label") if key in entry}
        small = frozenset(map(plain_words, expand_phrases(entry.get("small", ""))))
        return cls(code, small, sentences, grave, spaced)

    def gravest(self, plain: str) -> tuple[Level, str] | None:
        """The level of the gravest phrase in plain words, and the phrase."""
        haystack = f" {plain} " if self.is_spaced else plain.replace(" ", "")
        return next(((level, phrase) for level, some in self.grave for phrase in some if phrase in haystack), None)


@cache
def unread_languages() -> Mapping[str, UnreadLanguage]:
    """Every language of the table, by its code."""
    table = tomllib.loads((files("askdoc.safety") / "data" / "unread.toml").read_text(encoding="utf-8"))
    return {code: UnreadLanguage.read(code, entry) for code, entry in table.items()}


def plain_words(text: str) -> str:
    """The words of a text without accents and digits, with single blanks between."""
    return " ".join(WORD.findall(fold(_APOSTROPHE.sub(" ", text)).translate(_LETTERS)))


def _needle(phrase: str, *, is_spaced: bool) -> str:
    """A phrase as it is looked for in plain words; a star leaves its end open."""
    plain = plain_words(phrase)
    if not is_spaced:
        return plain.replace(" ", "")
    return f" {plain}" if phrase.endswith("*") else f" {plain} "
