"""Identifies the language of a question that the gate does not read.

A message is in another language only where two witnesses agree: its letters; or the language identifier (CLD2) and
function words of that language; or such words alone where they are many. One in English must never be taken for
foreign: misspelt, full of names of drugs, or with a foreign sentence that is quoted.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from askdoc.models import Level
from askdoc.safety.phrases import expand_phrases
from askdoc.safety.scripts import OTHER, Script, script_of
from askdoc.safety.unread_languages import plain_words, unread_languages

try:
    import pycld2
except ImportError:  # no wheel for this machine; letters and function words tell most languages without it
    pycld2 = None

_LONGEST = 400
"""Characters that are looked at."""
_LEAST_SHARE = 0.3
"""Share of function words that tells a language without the identifier."""
_GRAVE_PHRASE = 2
"""How many function words a grave phrase of several words stands for."""
_CORPUS_SHARE = 0.1
"""Share of a corpus's passages in a language from which on it is one of the corpus's languages."""
_REFUSED = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]|[^\u0000-\uffff]")
"""What CLD2 refuses, and emoji."""
_ANSWERED_IN = {
    "ms": "id", "nb": "no", "nn": "no", "bs": "hr", "sh": "hr", "sr": "hr", "mk": "bg", "be": "ru", "kk": "ru",
    "ky": "ru", "tg": "ru",
}  # fmt: skip
"""Languages that are answered in a near one, whose words they share."""


_NEAR_SPANISH = frozenset({"pt", "ca", "gl", "it"})
_BORROWED = frozenset(
    expand_phrases("""
ad, al, am, an, coa, con, da, das, de, del, den, der, des, di, do, dos, du, el, en, et, ex, grand, im, in, la,
las, le, les, los, mal, med, min, non, par, per, post, pro, san, sans, sub, te, van, vas, vi, von, zu, zum,
zur
""")
)
"""Function words that also stand in English names of persons, places and diseases: alone they tell no language."""


class LanguageIdentifier:
    """Tells the languages that are not read from one another and from the two that are.

    ``english`` are the function words of English, ``spanish`` all known words of Spanish.
    """

    def __init__(self, *, english: Iterable[str], spanish: Iterable[str]) -> None:
        self._languages = unread_languages()
        self._english = frozenset(english)
        self._spanish = frozenset(spanish)
        self._by_word: dict[str, list[str]] = {}
        for language in self._languages.values():
            for word in language.function_words:
                self._by_word.setdefault(word, []).append(language.code)

    def identify(self, text: str) -> str | None:
        """The code of the language of a text, OTHER for one without sentences, None for English, Spanish and none."""
        text = unicodedata.normalize("NFKC", text[:_LONGEST])
        script = script_of(text)
        if script:
            return self._in_script(script, text)
        code = self._in_latin(text)
        return code if code is None or self._languages[code].sentences else OTHER

    def gravest(self, text: str, code: str) -> Level | None:
        """The level of the gravest phrase of a language that stands in a text, or None."""
        language = self._languages.get(code)
        phrase = language.gravest(plain_words(text)) if language else None
        return phrase[0] if phrase else None

    def _in_script(self, script: Script, text: str) -> str:
        """By letters that only one language has, by its function words, by CLD2; else the script's first language."""
        for language, mark in script.marks:
            if mark.search(text):
                return language
        first, *others = script.languages
        if not others:
            return first
        plain = plain_words(text)
        counts = sorted(((self._counts(code, plain)[0], code) for code in script.languages), reverse=True)
        if counts[0][0] > counts[1][0]:
            return counts[0][1]
        detected = _detected(text)
        return detected if detected in others else first

    def _in_latin(self, text: str) -> str | None:
        plain = plain_words(text)
        words = plain.split()
        if len(words) < 2 or 2 * sum(word in self._english for word in words) > len(words):
            return None
        spanish = sum(word in self._spanish for word in words)
        detected = _detected(text)
        if detected in self._languages and detected is not None:
            own, english = self._counts(detected, plain)
            if own > english and (own >= spanish or (2 * own >= spanish and detected not in _NEAR_SPANISH)):
                return detected
        for code, _ in Counter(code for word in words for code in self._by_word.get(word, ())).most_common(3):
            own, english = self._counts(code, plain)
            if own >= 2 and own >= _LEAST_SHARE * len(words) and not english and own > spanish:
                return code
        return None

    def _counts(self, code: str, plain: str) -> tuple[int, int]:
        """How many words are function words of the language and not of English, and the other way round."""
        language, words = self._languages[code], plain.split()
        own_words = [word for word in words if word in language.function_words and word not in self._english]
        own = 0 if all(word in _BORROWED or len(word) == 1 for word in own_words) else len(own_words)
        phrase = language.gravest(plain)
        grave = _GRAVE_PHRASE if phrase and " " in phrase[1].strip() else 0
        return own + grave, sum(word in self._english and word not in language.function_words for word in words)


def languages_of(passages: Sequence[str], identifier: LanguageIdentifier) -> frozenset[str]:
    """The codes of the languages that are not read in which at least a tenth of some passages is written."""
    counts = Counter(map(identifier.identify, passages))
    return frozenset(code for code, count in counts.items() if code and _CORPUS_SHARE * len(passages) <= count)


def _detected(text: str) -> str | None:
    """What CLD2 takes a text for, where it is installed and sure; for some languages the near one."""
    if pycld2 is None:
        return None
    try:
        is_reliable, _, details = pycld2.detect(_REFUSED.sub(" ", text), bestEffort=True)
    except pycld2.error:
        return None
    code = str(details[0][1])
    return _ANSWERED_IN.get(code, code) if is_reliable else None
