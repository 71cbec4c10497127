"""A question as it was typed, turned into plain words with the ends of sentences and clauses."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

_SHORTEST = 5


class Spelling:
    """One letter too many, too few, other or swapped, in words of five letters or more.

    The first letter must be right: people seldom miss it, and "atrial" is no "trial". Every word is
    stored under its shortened forms, so that a look-up costs one dictionary access a letter.
    ``protected`` are real words that lie one slip from a word of the table ("stoke", "breeding").
    """

    def __init__(self, vocabulary: Iterable[str], *, protected: frozenset[str]) -> None:
        self._protected = protected
        self._shortened: dict[str, str] = {}
        for word in sorted(vocabulary):
            if len(word) >= _SHORTEST and word.isalpha():
                self._shortened.setdefault(word, word)
                for at in range(len(word)):
                    self._shortened.setdefault(word[:at] + word[at + 1 :], word)

    def mend(self, word: str) -> str:
        """The word of the table one slip away, or the word itself."""
        if len(word) < _SHORTEST - 1 or len(word) > 24 or word in self._protected:
            return word
        shortened = self._shortened
        candidate = shortened.get(word)
        if candidate is not None and candidate[0] == word[0]:
            return candidate
        for at in range(1, len(word)):
            candidate = shortened.get(word[:at] + word[at + 1 :])
            if candidate is not None and candidate[0] == word[0] and _one_slip(word, candidate):
                return candidate
        return word


def _one_slip(typed: str, meant: str) -> bool:
    """Whether one insertion, change or swap of neighbours leads from one word to the other."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    a, b = typed[start:], meant[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[2:] == b[2:] and a[:2] == b[:2][::-1])


_PIECE = re.compile(r"[^\W_]+(?:[./][0-9]+){0,3}|[.!?;\n]+|[,:()–—-]")
_LONG_RUN = re.compile(r"([a-z])\1{2,}")
# A letter or digit that stands for another: look-alikes from other alphabets, and "k1ll", "su1cide".
_LOOKALIKES = str.maketrans("асеіорхуѕԁɡοαε", "aceiopxysdgoae")
_LEET = str.maketrans("013457", "oieast")
# Apostrophes vanish, so that "can't", "can’t" and "cant" are one word; a mask inside a word does too.
_VANISH = dict.fromkeys(map(ord, "'’‘ʼ`´*~"))
_GAP = "\u200b"
"""Stands for whatever cannot be seen: it may part two words or lie within one."""
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d" + "".join(map(chr, range(0xFE00, 0xFE10))))
"""Letters and accents that show as nothing, beside the characters of format."""
_RUN = re.compile(f"[\\w{_GAP}]+")
_MOST_PARTS = 12
"""Parts of a word that are tried together: bounds the time on messages full of what cannot be seen."""
_LONGEST_RUN = 16
_HARD = frozenset(".!?;\n")


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """The words that carry meaning, and where sentences and clauses end among them."""

    tokens: list[str]
    sentence: list[int]
    """For each token, the number of its sentence."""
    clause: list[int]
    """For each token, the number of its clause; a clause also ends at commas, dashes and brackets."""
    owned: frozenset[int]
    """Positions before which "my", "his", "her" and the like were dropped."""


def fold(text: str) -> str:
    """Lower case without accents and apostrophes; ``parted`` takes out what cannot be seen, which is left marked."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text))
        text = "".join(map(_seen, text))
        return text.casefold().translate(_VANISH).translate(_LOOKALIKES)
    return text.lower().translate(_VANISH)


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or character in _UNSEEN:
        return _GAP
    return "" if category == "Mn" else character


def parted(folded: str, *, known: Callable[[str], bool]) -> str:
    """A folded text without what cannot be seen: known words stand apart, and parts of one are joined."""
    if _GAP not in folded:
        return folded
    return _RUN.sub(lambda found: " ".join(_joined(found[0], known)) if _GAP in found[0] else found[0], folded)


def _joined(run: str, known: Callable[[str], bool]) -> Iterator[str]:
    """The words of a run of parts: from each part on, the longest that is known."""
    parts = [part for part in run.split(_GAP) if part]
    at = 0
    while at < len(parts):
        longest = range(min(len(parts), at + _MOST_PARTS), at, -1)
        end = next((end for end in longest if known("".join(parts[at:end]))), None)
        if end is None:  # nothing is known from here on: what follows may be the rest of this word
            end = next((later for later in range(at + 1, len(parts)) if known(parts[later])), len(parts))
        yield "".join(parts[at:end])
        at = end


def words(
    text: str,
    *,
    known: Callable[[str], bool],
    mend: Callable[[str], str],
    skip: frozenset[str],
    owners: frozenset[str],
) -> NormalizedText:
    """Cut a folded text into meaningful words; ``known`` tells vocabulary, ``mend`` corrects what is not."""
    tokens: list[str] = []
    sentence: list[int] = []
    clause: list[int] = []
    owned: set[int] = set()
    at_sentence = at_clause = 0
    run, run_start = "", 0  # single letters in a row: "s u i c i d e"
    for piece in _PIECE.findall(text):
        if not piece[0].isalnum():
            if piece[0] in _HARD:
                at_sentence += 1
            if piece[0] != "-":  # a hyphen joins words more often than it parts them
                at_clause += 1
            continue
        if len(piece) == 1 and piece.isalpha():
            if not run:
                run_start = len(tokens)
            run += piece
            if 3 < len(run) <= _LONGEST_RUN and known(run):
                del tokens[run_start:], sentence[run_start:], clause[run_start:]
                piece = run
        else:
            run = ""
        if piece in skip:
            if piece in owners:
                owned.add(len(tokens))
            continue
        tokens.append(piece if known(piece) else _spell(piece, known, mend))
        sentence.append(at_sentence)
        clause.append(at_clause)
    return NormalizedText(tokens, sentence, clause, frozenset(owned))


def _spell(word: str, known: Callable[[str], bool], mend: Callable[[str], str]) -> str:
    """A known word for an unknown one: letters held down, digits for letters, slips of the finger."""
    if len(word) < 4:
        return word
    if _LONG_RUN.search(word):
        twice = _LONG_RUN.sub(r"\1\1", word)
        if known(twice):
            return twice
        word = _LONG_RUN.sub(r"\1", word)
        if known(word):
            return word
    if not word.isalpha():
        letters = word.translate(_LEET)
        return letters if letters.isalpha() and known(letters) else word
    return mend(word)
