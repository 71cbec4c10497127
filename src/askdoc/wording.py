"""Puts a question into the corpus's own words: repaired spelling, and the field's other names for the same thing.

Only for a second search, where the question as it was typed found little. No word that the corpus, the field's
tables or the language know is ever changed, and a medicine is named only where a single letter separates the two.
"""

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Protocol

from askdoc.words import WORD, Field, Phrase, phrase, singular, words

MOST_REPAIRS = 8
MOST_NAMES = 4
NAMES_EACH = 2
SHORTEST_REPAIRED = 4
"""Letters; below, too many words are one letter apart."""
TWO_LETTERS_FROM = 8
"""From so many letters on, two may be wrong."""
FEWEST = 2
"""Answers that must hold a word for it to be taken: what stands in one alone may be a slip itself."""
CLEARLY = 10
"""So many times as often as the next must a word be, to be taken where two are equally near."""
MEDICINE = re.compile(
    r"(?:cillin|mycin|azole|statin|pril|sartan|olol|oxacin|cycline|caine|zepam|zolam|triptan|gliptin|gliflozin|glutide|mab"
    r"|tinib|vir|dipine|oxetine|prazine|thiazide|parin|profen|idone|apine|sone|solone)$"
)


SOUNDS = ("aeiouy", "ckq", "csz", "fv", "mn", "bp", "dt", "gj", "vw")
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
TAKEN_FOR = frozenset(
    [frozenset(pair) for alike in SOUNDS for pair in combinations(alike, 2)]
    + [frozenset(pair) for row in KEYS for pair in pairwise(row)]
)
"""Letters that are typed for one another: alike in sound, or neighbours on a keyboard."""


class Vocabulary(Protocol):
    """What the corpus's words are: all in lower case, as ``words.words`` gives them."""

    def count(self, word: str) -> int:
        """How many answers hold the word, with its question."""
        ...

    def of_length(self, length: int) -> Sequence[str]:
        """All words of the corpus with so many letters."""
        ...

    def ordinary(self, word: str) -> bool:
        """Whether the language knows the word, though the corpus may not."""
        ...


@dataclass(frozen=True, slots=True)
class Rewrite:
    """``text`` is what to search for; ``shown`` the words that are new in it."""

    text: str
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """Rewrites questions for one corpus."""

    field: Field
    vocabulary: Vocabulary
    _choices: dict[int, list[str]] = dataclasses.field(default_factory=dict, compare=False, repr=False)
    """The known words that a word of so many letters may stand for."""

    def rewrite(self, question: str) -> Rewrite:
        """The question in other words; the same text and nothing shown where there is nothing to change."""
        text, repaired = self._repair(question)
        names = self._other_names(text)
        if names:
            text = f"{text} ({', '.join(names)})"
        return Rewrite(text, (*repaired, *names))

    def _repair(self, question: str) -> tuple[str, tuple[str, ...]]:
        parts: list[str] = []
        repaired: list[str] = []
        at = 0
        for match in WORD.finditer(question):
            if len(repaired) == MOST_REPAIRS:
                break
            typed = "".join(words(match[0]))
            better = None if _proper(question, match) or self._known(typed) else self._nearest(typed)
            if better:
                parts += [question[at : match.start()], better]
                at = match.end()
                repaired.append(better)
        return "".join([*parts, question[at:]]), tuple(dict.fromkeys(repaired))

    def _known(self, word: str) -> bool:
        """Whether a word is left alone: known, too short, or no plain word at all."""
        return (
            len(word) < SHORTEST_REPAIRED
            or not (word.isascii() and word.isalpha())
            or self._frequency(word) > 0
            or word in self.field.vocabulary
            or singular(word) in self.field.vocabulary
            or f"{word}s" in self.field.vocabulary
            or self.vocabulary.ordinary(word)
        )

    def _frequency(self, word: str) -> int:
        return max(map(self.vocabulary.count, (word, singular(word), f"{word}s")))

    def _nearest(self, typed: str) -> str | None:
        """The one known word that is clearly nearest, or None."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        most = 2 if len(typed) >= TWO_LETTERS_FROM else 1
        choices = self._choices.get(len(typed))
        if choices is None:
            lengths = range(len(typed) - most, len(typed) + most + 1)
            known = {word for length in lengths for word in self.vocabulary.of_length(length)}
            known.update(word for word in self.field.vocabulary if len(word) in lengths)
            choices = self._choices[len(typed)] = sorted(known)
        near = process.extract(typed, choices, scorer=OSA.distance, score_cutoff=most, limit=None)
        fewest = min((int(letters) for _, letters, _ in near), default=most + 1)
        best = [word for word, letters, _ in near if letters == fewest]
        best.sort(key=lambda word: (-self.vocabulary.count(word), word))
        others = [word for word in best[1:] if singular(word) != singular(best[0])]
        if not best or (others and self.vocabulary.count(best[0]) < CLEARLY * max(1, self.vocabulary.count(others[0]))):
            return None
        seen = best[0] in self.field.vocabulary or self.vocabulary.count(best[0]) >= FEWEST
        if not seen or not slip(typed, best[0]) or (fewest > 1 and any(map(self._medicine, best))):
            return None
        return best[0]

    def _medicine(self, word: str) -> bool:
        return word in self.field.drugs or bool(MEDICINE.search(word))

    def _other_names(self, text: str) -> tuple[str, ...]:
        """Other names of what is named in a text, those that the corpus has more of, the most frequent first."""
        said = [singular(word) for word in words(text)]
        found: dict[str, None] = {}
        place = 0
        while place < len(said):
            size = self._longest(said, place)
            name = tuple(said[place : place + size])
            often = self._often(name) if size else 0
            alike = [other for other in self.field.alike.get(name, ()) if not _within(phrase(other), said)]
            usable = [other for other in alike if self._often(phrase(other)) > often]
            found.update(dict.fromkeys(sorted(usable, key=lambda other: -self._often(phrase(other)))[:NAMES_EACH]))
            place += max(size, 1)
        return tuple(found)[:MOST_NAMES]

    def _longest(self, said: Sequence[str], place: int) -> int:
        """Words of the longest name that begins here; 0 for none."""
        sizes = range(min(self.field.longest, len(said) - place), 0, -1)
        return next((size for size in sizes if tuple(said[place : place + size]) in self.field.alike), 0)

    def _often(self, name: Phrase) -> int:
        """How often the corpus has the rarest word of a name: the name itself is not more frequent."""
        return min(map(self._frequency, name))


def slip(typed: str, meant: str) -> bool:
    """Whether one word is likely to be typed for the other, rather than being another word of the same family.

    The first letter of a word that differs in two, and the ending of any word, tell words apart more than slips do.
    """
    from rapidfuzz.distance import OSA, Levenshtein

    letters = OSA.distance(typed, meant)
    pairs = enumerate(zip(typed, meant, strict=False))
    same = next((place for place, (one, other) in pairs if one != other), min(len(typed), len(meant)))
    doubled = typed[-1:] == typed[-2:-1] and typed[:-1] == meant
    if letters == 1 and same >= min(len(typed), len(meant)) - (len(typed) == len(meant)):
        return doubled
    if letters > 1 and (same == 0 or same >= len(typed) - 4):
        return False
    changed = [edit for edit in Levenshtein.editops(typed, meant) if edit.tag == "replace"]
    crossed = letters < Levenshtein.distance(typed, meant)
    return crossed or all(frozenset((typed[edit.src_pos], meant[edit.dest_pos])) in TAKEN_FOR for edit in changed)


def _proper(question: str, match: re.Match[str]) -> bool:
    """Whether a word is written as somebody's name: with a capital inside a sentence, or joined to another."""
    before, after = question[: match.start()], question[match.end() :]
    if before.endswith("-") or after.startswith("-"):
        return True
    inside = bool(before.strip()) and before.rstrip()[-1] not in ".!?:"
    return inside and match[0][0].isupper() and not question.isupper()


def _within(name: Phrase, said: Sequence[str]) -> bool:
    return any(tuple(said[place : place + len(name)]) == name for place in range(len(said) - len(name) + 1))
