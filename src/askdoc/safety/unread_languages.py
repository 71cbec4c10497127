"""Tells a question in a language that the gate does not read, and the gravest phrases in it.

A message is in another language only where two witnesses agree: its letters; or the language identifier (CLD2) and
small words of that language; or such words alone where they are many. One in English must never be taken for foreign:
misspelt, full of names of drugs, or with a foreign sentence that is quoted.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Self

from askdoc.models import Level
from askdoc.safety.normalization import fold
from askdoc.safety.phrases import phrases

try:
    import pycld2
except ImportError:  # no wheel for this machine; letters and small words tell most languages without it
    pycld2 = None

OTHER = "und"
"""A language that is told from English, and that nothing is written in here (BCP 47: undetermined)."""
_LONGEST = 400
"""Characters that are looked at."""
_SHARE = 0.3
"""Share of small words that tells a language without the identifier."""
_GRAVE = 2
"""How many small words a grave phrase of several words stands for."""
_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ə": "e", "þ": "th"})
"""Letters that no accent can be taken from."""
_APOSTROPHE = re.compile(r"['’‘ʼ`´]")
_LATIN = re.compile(r"[a-z\u00df-\u024f\u1e00-\u1eff]", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]|[^\u0000-\uffff]")
"""What the identifier stumbles over, and emoji."""


@dataclass(frozen=True, slots=True)
class Script:
    """A script that is not Latin, and the languages that are told by it; the first where nothing tells more."""

    letter: re.Pattern[str]
    languages: tuple[str, ...]
    weight: int = 1
    """How many Latin letters one of its letters stands for."""
    marks: tuple[tuple[str, re.Pattern[str]], ...] = ()
    """Letters that only one of the languages has."""

    @classmethod
    def of(cls, letters: str, *languages: str, weight: int = 1, **marks: str) -> Self:
        """From character classes."""
        own = tuple((language, re.compile(f"[{found}]")) for language, found in marks.items())
        return cls(re.compile(f"[{letters}]"), languages, weight, own)


_TRADITIONAL = {"zh-Hant": "們體麼這個時後應該會對將沒嗎為從說開過還與請醫藥單雙術癒麗斷點氣嘔潰瘍發燒頭腦臟腫"}
_HAN = Script.of("\u3400-\u4dbf\u4e00-\u9fff", "zh", weight=3, **_TRADITIONAL)
_KANA = Script.of("\u3040-\u30ff", "ja", weight=3)
_SCRIPTS = (
    Script.of("\u0400-\u052f", "ru", "uk", "bg", "sr", uk="іїєґ", sr="јљњћђџ", ru="ыэё"),
    Script.of("\u0370-\u03ff\u1f00-\u1fff", "el"),
    Script.of("\u0620-\u06d3\u0750-\u077f", "ar", "ur", "ps", "fa", ps="ښځڅېۍډړږ", ur="ٹڈڑےںھ", fa="پچژگکی"),
    Script.of("\u05d0-\u05ea", "he"),
    Script.of("\u0900-\u097f", "hi", "mr", "ne"),
    Script.of("\u0980-\u09ff", "bn"),
    Script.of("\u0a00-\u0a7f", "pa"),
    Script.of("\u0a80-\u0aff", "gu"),
    Script.of("\u0b80-\u0bff", "ta"),
    Script.of("\u0c00-\u0c7f", "te"),
    Script.of("\u0b00-\u0b7f\u0c80-\u0dff", OTHER),  # Odia, Kannada, Malayalam, Sinhala
    Script.of("\u1100-\u11ff\u3130-\u318f\uac00-\ud7af", "ko", weight=2),
    _KANA,
    _HAN,
    Script.of("\u0e00-\u0e7f", "th"),
    Script.of("\u0e80-\u0eff", "lo"),
    Script.of("\u1780-\u17ff", "km"),
    Script.of("\u1000-\u109f", "my"),
    Script.of("\u1200-\u139f", "am"),
    Script.of("\u10a0-\u10ff", "ka"),
    Script.of("\u0531-\u0587", "hy"),
    Script.of("\u0f00-\u0fff\u1800-\u18af\u2d30-\u2d7f", OTHER),  # Tibetan, Mongolian, Tifinagh
)
_ANSWERED_IN = {
    "ms": "id", "nb": "no", "nn": "no", "bs": "hr", "sh": "hr", "sr": "hr", "mk": "bg", "be": "ru", "kk": "ru",
    "ky": "ru", "tg": "ru",
}  # fmt: skip
"""Languages that share the words of a near one."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language that is not read: its small words, its sentences, and its gravest phrases, folded."""

    code: str
    small: frozenset[str]
    said: Mapping[str, str]
    """Empty where the language is only told from English."""
    grave: tuple[tuple[Level, tuple[str, ...]], ...]
    spaced: bool

    @classmethod
    def read(cls, code: str, entry: Mapping[str, Any]) -> Self:
        """From the table."""
        spaced = entry.get("spaced", True)
        levels = (Level.CRISIS, Level.EMERGENCY)
        grave = tuple(
            (level, tuple(_needle(phrase, spaced=spaced) for phrase in phrases(entry.get(level.value, ""))))
            for level in levels
        )
        said = {key: entry[key] for key in ("unread", "call", "talk", "local", "label") if key in entry}
        return cls(code, frozenset(map(_plain, phrases(entry.get("small", "")))), said, grave, spaced)

    def gravest(self, plain: str) -> tuple[Level, str] | None:
        """The level of the gravest phrase in a plain text, and the phrase."""
        haystack = f" {plain} " if self.spaced else plain.replace(" ", "")
        return next(((level, one) for level, some in self.grave for one in some if one in haystack), None)


class UnreadLanguages:
    """Tells the language of a question that is not read."""

    def __init__(self, *, english: Iterable[str], spanish: Iterable[str]) -> None:
        self._tongues = tongues()
        self._english = frozenset(english)
        self._spanish = frozenset(spanish)
        self._by_word: dict[str, list[str]] = {}
        for tongue in self._tongues.values():
            for word in tongue.small:
                self._by_word.setdefault(word, []).append(tongue.code)

    def language(self, text: str) -> str | None:
        """The code of the language of a text, OTHER for one without sentences, None for English, Spanish and none."""
        text = unicodedata.normalize("NFKC", text[:_LONGEST])
        script = None if text.isascii() else _script_of(text)
        if script:
            return self._in_script(script, text)
        code = self._in_latin(text)
        return code if code is None or self._tongues[code].said else OTHER

    def gravest(self, text: str, code: str) -> Level | None:
        """How grave the phrases are that are known in a language; None where none is there."""
        tongue = self._tongues.get(code)
        found = tongue.gravest(_plain(text)) if tongue else None
        return found[0] if found else None

    def _in_script(self, script: Script, text: str) -> str:
        """By letters that only one language has, by its words, by the identifier; else the script's first."""
        for language, mark in script.marks:
            if mark.search(text):
                return language
        first, *others = script.languages
        if others:
            plain = _plain(text)
            counts = sorted(((self._counts(code, plain)[0], code) for code in script.languages), reverse=True)
            if counts[0][0] > counts[1][0]:
                return counts[0][1]
            known = _identified(text)
            return known if known in others else first
        return first

    def _in_latin(self, text: str) -> str | None:
        plain = _plain(text)
        said = plain.split()
        if len(said) < 2 or 2 * sum(word in self._english for word in said) > len(said):
            return None
        spanish = sum(word in self._spanish for word in said)
        known = _identified(text)
        if known in self._tongues and known is not None:
            own, english = self._counts(known, plain)
            if own > english and (own >= spanish or (2 * own >= spanish and known not in _NEAR_SPANISH)):
                return known
        for code, _ in Counter(code for word in said for code in self._by_word.get(word, ())).most_common(3):
            own, english = self._counts(code, plain)
            if own >= 2 and own >= _SHARE * len(said) and not english and own > spanish:
                return code
        return None

    def _counts(self, code: str, plain: str) -> tuple[int, int]:
        """How many words are small ones of the language and not English, and the other way round."""
        tongue, said = self._tongues[code], plain.split()
        words = [word for word in said if word in tongue.small and word not in self._english]
        own = 0 if all(word in _BORROWED or len(word) == 1 for word in words) else len(words)
        found = tongue.gravest(plain)
        grave = _GRAVE if found and " " in found[1].strip() else 0
        return own + grave, sum(word in self._english and word not in tongue.small for word in said)


_NEAR_SPANISH = frozenset({"pt", "ca", "gl", "it"})
_BORROWED = frozenset(
    phrases("""
ad, al, am, an, coa, con, da, das, de, del, den, der, des, di, do, dos, du, el, en, et, ex, grand, im, in, la,
las, le, les, los, mal, med, min, non, par, per, post, pro, san, sans, sub, te, van, vas, vi, von, zu, zum,
zur
""")
)
"""Small words that also stand in English names of persons, places and diseases: alone they tell no language."""


@cache
def tongues() -> Mapping[str, Tongue]:
    """Every language of the table, by its code."""
    table = tomllib.loads((files("askdoc.safety") / "data" / "unread.toml").read_text(encoding="utf-8"))
    return {code: Tongue.read(code, entry) for code, entry in table.items()}


def _plain(text: str) -> str:
    """The words of a text, folded, with single blanks between."""
    return " ".join(_WORD.findall(fold(_APOSTROPHE.sub(" ", text)).translate(_LETTERS)))


def _needle(phrase: str, *, spaced: bool) -> str:
    """A phrase as it is looked for in a plain text."""
    found = _plain(phrase)
    if not spaced:
        return found.replace(" ", "")
    return f" {found}" if phrase.endswith("*") else f" {found} "


def _script_of(text: str) -> Script | None:
    """The script of most of a text, where it is not Latin."""
    words = list(_words_of_one_script(text))
    latin = sum(len(_LATIN.findall(word)) for word in words)
    counts = [(script.weight * sum(len(script.letter.findall(word)) for word in words), script) for script in _SCRIPTS]
    most, script = max(counts, key=lambda counted: counted[0])
    if most < 2 or most <= latin:
        return None
    return _KANA if script is _HAN and _KANA.letter.search(text) else script


def _words_of_one_script(text: str) -> Iterator[str]:
    """The words; Greek and Cyrillic letters inside a Latin word stand for the letters that they look like."""
    for word in _WORD.findall(text):
        alike = _LATIN.search(word) and any(script.letter.search(word) for script in _SCRIPTS[:2])
        yield "".join(_LATIN.findall(word)) if alike else word


def _identified(text: str) -> str | None:
    """What CLD2 takes a text for, where it is there and sure; the language whose words are shared for a near one."""
    if pycld2 is None:
        return None
    try:
        sure, _, found = pycld2.detect(_UNSEEN.sub(" ", text), bestEffort=True)
    except pycld2.error:
        return None
    code = str(found[0][1])
    return _ANSWERED_IN.get(code, code) if sure else None
