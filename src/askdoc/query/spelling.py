"""Corrects misspelt words of a query towards the corpus's words and the field's terminology.

No word that the corpus, the field's tables or the language know is ever changed; what is written as a name only where
one word alone is near it; and a drug is named only where a single edit separates the two.
"""

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from askdoc.query import medical_endings
from askdoc.query.terminology import Terminology
from askdoc.text import WRITTEN_WORD, singular, words

MOST_REPAIRS = 8
MOST_TRIED = 16
"""Unknown words of one query that are compared with all known ones, whether or not any is near: each takes time."""
LEAST_TRIED = 4
MOST_COMPARED = 1_600_000
"""Known words that the unknown ones of one query are compared with, in all: from 100,000 words in the corpus on, fewer
unknown ones are tried, but never fewer than ``LEAST_TRIED``."""
FOREIGN = 3
"""Unknown words without any near one from which on, if more than are corrected, all are taken for another language."""
LONGEST_COUNTED = 30
"""Letters of the words by which the size of a corpus's vocabulary is told; hardly any has more."""
SHORTEST_REPAIRED = 4
"""Letters; below, too many words are one letter apart."""
TWO_EDITS_FROM = 8
"""Letters of a word from which on it may be two edits away."""
SHORTEST_NAME = 6
"""Letters; a shorter word that is written as a name is left alone."""
TWO_EDITS_IN_NAMES_FROM = 10
"""Letters of what is written as a name from which on it may be two edits away."""
LONG = 7
"""Letters from which on an everyday word is unlikely to be near somebody's name, as "person" is near Pierson."""
FEWEST = 2
"""Answers that must hold a word for it to be taken: what stands in one alone may be misspelt itself."""
CLEARLY = 10
"""Times as frequent as the next a word must be, to be taken where two are equally near."""
EPONYM = re.compile(r"(?:['’]s)?[\s-]+(?:syndrome|disease|disorder|anomaly|sign)", re.IGNORECASE)
"""What follows where a condition is called after somebody."""

_SOUNDS = ("aeiouy", "ckq", "csz", "fv", "mn", "bp", "dt", "gj", "vw", "st")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_LIKE_SOUNDS = frozenset(frozenset(pair) for letters in _SOUNDS for pair in combinations(letters, 2))
"""Letters that are written for one another."""
_BELOW = [(keys, below) for row, below in pairwise(_KEYS) for keys in (row, row[1:])]
_NEIGHBOUR_KEYS = frozenset(
    [frozenset(pair) for row in _KEYS for pair in pairwise(row)]
    + [frozenset(pair) for keys, below in _BELOW for pair in zip(keys, below, strict=False)]
)
"""Letters that are struck for one another."""


class TermCounts(Protocol):
    """The corpus's words with their document frequencies: all in lower case, as ``text.words`` gives them."""

    def count(self, word: str) -> int:
        """How many answers hold the word, with its question."""
        ...

    def of_length(self, length: int) -> Sequence[str]:
        """All words of the corpus with so many letters."""
        ...

    def ordinary(self, word: str) -> bool:
        """Whether the language knows the word, though the corpus may not."""
        ...


def frequency(terms: TermCounts, word: str) -> int:
    """How many answers hold a word in its more frequent number, singular or plural."""
    return max(map(terms.count, (word, singular(word), f"{word}s")))


@dataclass(frozen=True, slots=True)
class SpellingCorrector:
    """Corrects spelling for one corpus."""

    terminology: Terminology
    terms: TermCounts
    _by_length: dict[int, "WordsOfLength"] = dataclasses.field(default_factory=dict, compare=False, repr=False)
    """The known words by their number of letters, as far as they were asked for."""

    def correct(self, query: str) -> tuple[str, tuple[str, ...]]:
        """Return the query with its misspelt words corrected, and the words that are new in it."""
        parts: list[str] = []
        corrections: list[str] = []
        tried: dict[tuple[str, bool], str | None] = {}
        at, most_tried = 0, self._most_tried()
        for match in WRITTEN_WORD.finditer(query):
            if len(corrections) == MOST_REPAIRS or len(tried) == most_tried:
                break
            if correction := self._correction(query, match, tried):
                parts += [query[at : match.start()], correction]
                at = match.end()
                corrections.append(correction)
        unmatched = sum(correction is None for correction in tried.values())
        if unmatched > max(FOREIGN - 1, len(corrections)):
            return query, ()
        return "".join([*parts, query[at:]]), tuple(dict.fromkeys(corrections))

    def _most_tried(self) -> int:
        """How many unknown words are compared with the known ones, which are many in a large corpus."""
        known = sum(len(self.terms.of_length(length)) for length in range(SHORTEST_REPAIRED, LONGEST_COUNTED))
        return max(LEAST_TRIED, min(MOST_TRIED, MOST_COMPARED // max(1, known)))

    def _correction(self, query: str, match: re.Match[str], tried: dict[tuple[str, bool], str | None]) -> str | None:
        """The word that was meant by one of the query; None where it may stand as it is. ``tried`` is added to."""
        typed = "".join(words(match[0]))
        if self._is_known(typed):
            return None
        as_name = _is_written_as_name(query, match)
        if (typed, as_name) not in tried:
            tried[typed, as_name] = self._nearest(typed, as_name=as_name)
        meant = tried[typed, as_name]
        is_eponym = meant and as_name and EPONYM.match(query, match.end()) and self._is_everyday(meant)
        return None if is_eponym else meant

    def _is_known(self, word: str) -> bool:
        """Whether a word is left alone: known, too short, or no plain word at all."""
        return (
            len(word) < SHORTEST_REPAIRED
            or not (word.isascii() and word.isalpha())
            or frequency(self.terms, word) > 0
            or not self.terminology.vocabulary.isdisjoint((word, singular(word), f"{word}s"))
            or self.terms.ordinary(word)
        )

    def _nearest(self, typed: str, *, as_name: bool) -> str | None:
        """The one known word that is clearly nearest, or None; to what is written as a name, no other may be near."""
        if as_name and len(typed) < SHORTEST_NAME:
            return None
        edits, nearest = self._nearest_of_all(typed)
        if not nearest:
            return None
        best, *others = nearest
        rivals = [word for word in others if singular(word) != singular(best)]
        if rivals and self.terms.count(best) < CLEARLY * max(1, self.terms.count(rivals[0])):
            return None
        if as_name and (rivals or not self._may_be_name(typed, best, edits=edits)):
            return None
        is_established = best in self.terminology.vocabulary or self.terms.count(best) >= FEWEST
        if not is_established or not is_typo(typed, best) or (edits > 1 and any(map(self._is_drug, nearest))):
            return None
        return best

    def _nearest_of_all(self, typed: str) -> tuple[int, list[str]]:
        """The least number of edits that lead to known words, and those words, the most frequent first."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        most = 2 if len(typed) >= TWO_EDITS_FROM else 1
        lengths = range(len(typed) - most, len(typed) + most + 1)
        candidates = [word for length in lengths for word in self._known_words(length).near(typed, edits=most)]
        near = process.extract(typed, candidates, scorer=OSA.distance, score_cutoff=most, limit=None)
        fewest = min((int(edits) for _, edits, _ in near), default=most + 1)
        nearest = [word for word, edits, _ in near if edits == fewest]
        return fewest, sorted(nearest, key=lambda word: (-self.terms.count(word), word))

    def _known_words(self, length: int) -> "WordsOfLength":
        """The words of the corpus and of the terminology with so many letters."""
        if length not in self._by_length:
            others = (word for word in self.terminology.vocabulary if len(word) == length)
            own = self.terms.of_length(length)
            self._by_length[length] = WordsOfLength.of([*own, *(word for word in others if not self.terms.count(word))])
        return self._by_length[length]

    def _may_be_name(self, typed: str, meant: str, *, edits: int) -> bool:
        """Whether what is written as a name may stand for a word: for no short everyday one but the field's own."""
        is_near = edits == 1 or len(typed) >= TWO_EDITS_IN_NAMES_FROM
        return is_near and typed[0] == meant[0] and (len(meant) >= LONG or not self._is_everyday(meant))

    def _is_everyday(self, word: str) -> bool:
        return self.terms.ordinary(word) and word not in self.terminology.vocabulary

    def _is_drug(self, word: str) -> bool:
        return word in self.terminology.drugs or medical_endings.is_drug(word)


@dataclass(frozen=True, slots=True)
class WordsOfLength:
    """Words of one length with the set of letters of each, by which nearly all that are far from a word are left out.

    ``letters`` (words,): a bit for each letter that the word has; letters outside a to z may share one.
    """

    words: Sequence[str]
    letters: NDArray[np.uint32]

    @classmethod
    def of(cls, words: Sequence[str]) -> Self:
        """Note the letters of words of one length."""
        return cls(words, _letter_sets(words))

    def near(self, typed: str, *, edits: int) -> list[str]:
        """The words that may be so many edits from one: an edit takes one letter out of the set and puts one in."""
        differing = self.letters ^ _letter_sets([typed])
        counts = _BITS[differing & 0xFFFF] + _BITS[differing >> 16]
        return [self.words[place] for place in np.flatnonzero(counts <= 2 * edits).tolist()]


_BITS = np.array([number.bit_count() for number in range(1 << 16)], np.uint8)
"""How many bits are set in each number of 16 bits."""


def _letter_sets(words: Sequence[str]) -> NDArray[np.uint32]:
    """(words,) the bits of the letters of words of one length."""
    if not words:
        return np.zeros(0, np.uint32)
    codes = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), "<u4").reshape(len(words), -1)
    sets: NDArray[np.uint32] = np.bitwise_or.reduce(np.uint32(1) << (codes & np.uint32(31)).astype(np.uint32), axis=1)
    return sets


def is_typo(typed: str, meant: str) -> bool:
    """Whether one word is likely to be typed for the other, rather than being another word of the same family.

    The first letter of a word that differs in two, and the ending of any word, tell words apart more than slips do; and
    of its first letter people are sure, unless another sounds like it.
    """
    from rapidfuzz.distance import OSA, Levenshtein

    edits = OSA.distance(typed, meant)
    letters = enumerate(zip(typed, meant, strict=False))
    common = next((at for at, (left, right) in letters if left != right), min(len(typed), len(meant)))
    is_doubled = typed[-1:] == typed[-2:-1] and typed[:-1] == meant
    if edits == 1 and common >= min(len(typed), len(meant)) - (len(typed) == len(meant)):
        return is_doubled
    if edits > 1 and (common == 0 or common >= len(typed) - 4):
        return False
    is_transposed = edits < Levenshtein.distance(typed, meant)
    replaced = [edit for edit in Levenshtein.editops(typed, meant) if edit.tag == "replace"]
    pairs = [(edit.dest_pos, frozenset((typed[edit.src_pos], meant[edit.dest_pos]))) for edit in replaced]
    return is_transposed or all(pair in _LIKE_SOUNDS or (at > 0 and pair in _NEIGHBOUR_KEYS) for at, pair in pairs)


def _is_written_as_name(query: str, match: re.Match[str]) -> bool:
    """Whether a word is written as a name: with a capital inside a sentence, or joined to another."""
    before, after = query[: match.start()], query[match.end() :]
    if before.endswith("-") or after.startswith("-"):
        return True
    is_inside = bool(before.strip()) and before.rstrip()[-1] not in ".!?:"
    return is_inside and match[0][0].isupper() and not query.isupper()
