"""Slips of the finger: an unknown word to the one word of the table that is a single slip away."""

from collections.abc import Iterable

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
