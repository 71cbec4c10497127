"""Tells the script of a text that is not Latin, by which the languages are told that are written in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

OTHER = "und"
"""A language that is told from English, and that nothing is written in here (BCP 47: undetermined)."""
WORD = re.compile(r"[^\W\d_]+")
"""A word without digits."""
_LATIN = re.compile(r"[a-z\u00df-\u024f\u1e00-\u1eff]", re.IGNORECASE)


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
        """Make a script from character classes: of all its letters, and of those that only one language has."""
        own = tuple((language, re.compile(f"[{some}]")) for language, some in marks.items())
        return cls(re.compile(f"[{letters}]"), languages, weight, own)

    def count(self, text: str) -> int:
        """How many of its letters a text has."""
        return len(self.letter.findall(text))


_TRADITIONAL = "們體麼這個時後應該會對將沒嗎為從說開過還與請醫藥單雙術癒麗斷點氣嘔潰瘍發燒頭腦臟腫"
"""Characters of traditional Chinese that the simplified writing has not."""
_HAN = Script.of("\u3400-\u4dbf\u4e00-\u9fff", "zh", weight=3, **{"zh-Hant": _TRADITIONAL})
_KANA = Script.of("\u3040-\u30ff", "ja", weight=3)
_CYRILLIC = Script.of("\u0400-\u052f", "ru", "uk", "bg", "sr", uk="іїєґ", sr="јљњћђџ", ru="ыэё")
_GREEK = Script.of("\u0370-\u03ff\u1f00-\u1fff", "el")
_LOOKALIKES = (_CYRILLIC, _GREEK)
"""Scripts with letters that look like Latin ones."""
_SCRIPTS = (
    *_LOOKALIKES,
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


def script_of(text: str) -> Script | None:
    """The script of most of a text, where it is not Latin."""
    if text.isascii():
        return None
    words = list(_words_of_one_script(text))
    latin = sum(len(_LATIN.findall(word)) for word in words)
    counts = [(script.weight * sum(map(script.count, words)), script) for script in _SCRIPTS]
    most, script = max(counts, key=lambda counted: counted[0])
    if most < 2 or most <= latin:
        return None
    return _KANA if script is _HAN and _KANA.letter.search(text) else script


def _words_of_one_script(text: str) -> Iterator[str]:
    """The words; Cyrillic and Greek letters inside a Latin word stand for the letters that they look like."""
    for word in WORD.findall(text):
        has_lookalikes = _LATIN.search(word) and any(script.letter.search(word) for script in _LOOKALIKES)
        yield "".join(_LATIN.findall(word)) if has_lookalikes else word
