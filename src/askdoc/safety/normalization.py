"""Normalizes a question as it was typed into plain words, with the ends of its sentences and clauses.

``askdoc.text.words`` serves retrieval, where a mistaken word costs one answer. The gate reads against attempts to hide
a word, with or without intention, so it also takes off accents, undoes look-alike letters and digits, spaced-out and
held-down letters and invisible characters inside words, and corrects the spelling towards the words of its table.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from askdoc.text import APOSTROPHES, strip_accents

_SHORTEST, _LONGEST = 5, 24
"""Letters of the words that are corrected to, and of the longest that is corrected."""


class DeletionIndex:
    """Corrects one letter too many, too few, other or swapped, in words of five letters or more.

    Symmetric deletion (SymSpell): every word is stored under each of its forms with one letter less, so that a
    look-up costs one dictionary access a letter. The first letter must be right: people seldom miss it, and "atrial"
    is no "trial". ``protected`` are real words that are one edit away from a word of the table ("stoke", "breeding").
    """

    def __init__(self, vocabulary: Iterable[str], *, protected: frozenset[str]) -> None:
        self._protected = protected
        self._by_form: dict[str, str] = {}
        for word in sorted(vocabulary):
            if len(word) >= _SHORTEST and word.isalpha():
                self._by_form.setdefault(word, word)
                for at in range(len(word)):
                    self._by_form.setdefault(word[:at] + word[at + 1 :], word)

    def correct(self, word: str) -> str:
        """Return the word of the vocabulary that is one edit away, or the word itself."""
        if len(word) < _SHORTEST - 1 or len(word) > _LONGEST or word in self._protected:
            return word
        by_form = self._by_form
        candidate = by_form.get(word)
        if candidate is not None and candidate[0] == word[0]:
            return candidate
        for at in range(1, len(word)):
            candidate = by_form.get(word[:at] + word[at + 1 :])
            if candidate is not None and candidate[0] == word[0] and within_one_edit(word, candidate):
                return candidate
        return word


def within_one_edit(typed: str, meant: str) -> bool:
    """Whether the optimal string alignment distance of two words is at most one.

    A look-up asks it once at most, so it needs no library; ``query.spelling`` compares a word with thousands.
    """
    if abs(len(typed) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    a, b = typed[start:], meant[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[2:] == b[2:] and a[:2] == b[:2][::-1])


_PIECE = re.compile(r"[^\W_]+(?:[./][0-9]+){0,3}|[.!?;\n]+|[,:()–—-]")
"""A word or a number ("39.5", "200/110"), the end of a sentence, or a mark that ends a clause."""
_HELD_LETTER = re.compile(r"([a-z])\1{2,}")
_LOOKALIKES = str.maketrans("асеіорхуѕԁɡοαε", "aceiopxysdgoae")
"""Letters of other alphabets that look like Latin ones."""
_LEET = str.maketrans("013457", "oieast")
"""Digits that stand for letters: "k1ll", "su1cide"."""
_VANISHING = dict.fromkeys(map(ord, f"{APOSTROPHES}‘`´*~"))
"""Apostrophes, so that "can't", "can’t" and "cant" are one word, and what masks a letter ("k*ll")."""
_GAP = "\u200b"
"""Stands for whatever cannot be seen: it may part two words or lie within one."""
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d" + "".join(map(chr, range(0xFE00, 0xFE10))))
"""Letters and accents that show as nothing, beside the characters of format."""
_RUN = re.compile(f"[\\w{_GAP}]+")
_MOST_PARTS = 12
"""Parts of a word that are tried together: bounds the time on messages full of what cannot be seen."""
_SHORTEST_SPELLED, _LONGEST_SPELLED = 4, 16
"""Single letters in a row that may be one word: "d e a d"."""
_SENTENCE_ENDS = frozenset(".!?;\n")


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """The words of a question that carry meaning, and where its sentences and clauses end among them."""

    tokens: list[str]
    sentence: list[int]
    """For each token, the number of its sentence."""
    clause: list[int]
    """For each token, the number of its clause; a clause also ends at commas, dashes and brackets."""
    owned: frozenset[int]
    """Positions before which "my", "his", "her" and the like were dropped."""


def fold(text: str) -> str:
    """Fold to lower case without accents and apostrophes; what cannot be seen becomes a mark.

    ``join_split_words`` takes the marks out, since only the known words tell whether one parts two words.
    """
    if text.isascii():
        return text.lower().translate(_VANISHING)
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text))
    text = strip_accents("".join(_GAP if _is_invisible(character) else character for character in text))
    return text.casefold().translate(_VANISHING).translate(_LOOKALIKES)


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) == "Cf" or character in _INVISIBLE


def join_split_words(folded: str, *, known: Callable[[str], bool]) -> str:
    """Take the marks out of a folded text: known words stand apart, and the parts of one are joined."""
    if _GAP not in folded:
        return folded
    return _RUN.sub(lambda run: " ".join(_joined(run[0], known)) if _GAP in run[0] else run[0], folded)


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


def tokenize(
    text: str,
    *,
    known: Callable[[str], bool],
    correct: Callable[[str], str],
    skip: frozenset[str],
    possessives: frozenset[str],
) -> NormalizedText:
    """Cut a folded text into the words that carry meaning, corrected where they are not ``known``."""
    tokens: list[str] = []
    sentence: list[int] = []
    clause: list[int] = []
    owned: set[int] = set()
    at_sentence = at_clause = 0
    letters, letters_start = "", 0  # single letters in a row: "s u i c i d e"
    for piece in _PIECE.findall(text):
        if not piece[0].isalnum():
            at_sentence += piece[0] in _SENTENCE_ENDS
            at_clause += piece[0] != "-"  # a hyphen joins words more often than it parts them
            continue
        if len(piece) == 1 and piece.isalpha():
            if not letters:
                letters_start = len(tokens)
            letters += piece
            if _SHORTEST_SPELLED <= len(letters) <= _LONGEST_SPELLED and known(letters):
                del tokens[letters_start:], sentence[letters_start:], clause[letters_start:]
                piece = letters
        else:
            letters = ""
        if piece in skip:
            if piece in possessives:
                owned.add(len(tokens))
            continue
        tokens.append(piece if known(piece) else _corrected(piece, known, correct))
        sentence.append(at_sentence)
        clause.append(at_clause)
    return NormalizedText(tokens, sentence, clause, frozenset(owned))


def _corrected(word: str, known: Callable[[str], bool], correct: Callable[[str], str]) -> str:
    """A known word for an unknown one: letters held down, digits for letters, slips of the finger."""
    if len(word) < 4:
        return word
    if _HELD_LETTER.search(word):
        twice = _HELD_LETTER.sub(r"\1\1", word)
        if known(twice):
            return twice
        word = _HELD_LETTER.sub(r"\1", word)
        if known(word):
            return word
    if not word.isalpha():
        letters = word.translate(_LEET)
        return letters if letters.isalpha() and known(letters) else word
    return correct(word)
