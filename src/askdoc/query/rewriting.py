"""Puts a question into the corpus's own words: repaired spelling, and the field's other names for the same thing.

Only for a second search, where the question as it was typed found little. No word that the corpus, the field's
tables or the language know is ever changed, what is written as a name only where one word alone is near it, and a
medicine is named only where a single letter separates the two.
"""

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Protocol

from askdoc.query.terminology import WORD, Phrase, Terminology, phrase, singular
from askdoc.text import visible, words

MOST_REPAIRS = 8
MOST_TRIED = 16
"""Unknown words of one question that are compared with all known ones, whether or not any is near: each takes time."""
FOREIGN = 3
"""So many unknown words that none is near, and more than are repaired: what is near another is no slip, but foreign."""
MOST_NAMES = 4
MOST_NAMED = 16
"""Names of one question for which others are sought, whether or not the corpus has any."""
NAMES_EACH = 2
SHORTEST_REPAIRED = 4
"""Letters; below, too many words are one letter apart."""
TWO_LETTERS_FROM = 8
"""From so many letters on, two may be wrong."""
SHORTEST_NAME = 6
TWO_IN_NAMES_FROM = 10
"""The same for what is written as a name."""
LONG = 7
"""Letters from which on an everyday word is unlikely to be near somebody's name, as "person" is near Pierson."""
FEWEST = 2
"""Answers that must hold a word for it to be taken: what stands in one alone may be a slip itself."""
CLEARLY = 10
"""So many times as often as the next must a word be, to be taken where two are equally near."""
NAMED_AFTER = re.compile(r"(?:['’]s)?[\s-]+(?:syndrome|disease|disorder|anomaly|sign)", re.IGNORECASE)
"""What follows where a condition is called after somebody."""
MEDICINE = re.compile(
    r"(?:cillin|mycin|azole|statin|pril|sartan|olol|oxacin|cycline|caine|zepam|zolam|triptan|gliptin|gliflozin|glutide|mab"
    r"|tinib|vir|dipine|oxetine|prazine|thiazide|parin|profen|idone|apine|sone|solone)$"
)


SOUNDS = ("aeiouy", "ckq", "csz", "fv", "mn", "bp", "dt", "gj", "vw", "st")
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
ALIKE = frozenset(frozenset(pair) for letters in SOUNDS for pair in combinations(letters, 2))
"""Letters that are written for one another."""
BELOW = [(keys, below) for row, below in pairwise(KEYS) for keys in (row, row[1:])]
BESIDE = frozenset(
    [frozenset(pair) for row in KEYS for pair in pairwise(row)]
    + [frozenset(pair) for keys, below in BELOW for pair in zip(keys, below, strict=False)]
)
"""Letters that are struck for one another: neighbours on a keyboard."""


class TermCounts(Protocol):
    """What the corpus's words are: all in lower case, as ``text.words`` gives them."""

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
class QueryRewrite:
    """``text`` is what to search for; ``new_terms`` the words that are new in it."""

    text: str
    new_terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QueryRewriter:
    """Rewrites questions for one corpus."""

    field: Terminology
    vocabulary: TermCounts
    _choices: dict[int, list[str]] = dataclasses.field(default_factory=dict, compare=False, repr=False)
    """The known words that a word of so many letters may stand for."""

    def rewrite(self, question: str) -> QueryRewrite:
        """The question in other words; the same text and nothing shown where there is nothing to change."""
        repaired_text, repaired = self._repair(visible(question))
        text, names = self._rename(repaired_text)
        return QueryRewrite(text, (*repaired, *names))

    def _repair(self, question: str) -> tuple[str, tuple[str, ...]]:
        parts: list[str] = []
        repaired: list[str] = []
        tried: dict[tuple[str, bool], str | None] = {}
        at = 0
        for match in WORD.finditer(question):
            if len(repaired) == MOST_REPAIRS or len(tried) == MOST_TRIED:
                break
            if better := self._better(question, match, tried):
                parts += [question[at : match.start()], better]
                at = match.end()
                repaired.append(better)
        if max(FOREIGN - 1, len(repaired)) < sum(better is None for better in tried.values()):
            return question, ()
        return "".join([*parts, question[at:]]), tuple(dict.fromkeys(repaired))

    def _better(self, question: str, match: re.Match[str], tried: dict[tuple[str, bool], str | None]) -> str | None:
        """The word that was meant by one of the question; None where it may stand as it is. ``tried`` is added to."""
        typed = "".join(words(match[0]))
        if self._known(typed):
            return None
        name = _proper(question, match)
        if (typed, name) not in tried:
            tried[typed, name] = self._nearest(typed, name=name)
        better = tried[typed, name]
        of_someone = better and name and NAMED_AFTER.match(question, match.end()) and self._everyday(better)
        return None if of_someone else better

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

    def _nearest(self, typed: str, *, name: bool) -> str | None:
        """The one known word that is clearly nearest, or None; to what is written as a name, no other may be near."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if name and len(typed) < SHORTEST_NAME:
            return None
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
        if name and (others or not self._namelike(typed, best[0], letters=fewest)):
            return None
        seen = best[0] in self.field.vocabulary or self.vocabulary.count(best[0]) >= FEWEST
        if not seen or not is_typo(typed, best[0]) or (fewest > 1 and any(map(self._medicine, best))):
            return None
        return best[0]

    def _namelike(self, typed: str, meant: str, *, letters: int) -> bool:
        """Whether what is written as a name may stand for a word: for no short everyday one but the field's own."""
        near = letters == 1 or len(typed) >= TWO_IN_NAMES_FROM
        return near and typed[0] == meant[0] and (len(meant) >= LONG or not self._everyday(meant))

    def _everyday(self, word: str) -> bool:
        return self.vocabulary.ordinary(word) and word not in self.field.vocabulary

    def _medicine(self, word: str) -> bool:
        return word in self.field.drugs or bool(MEDICINE.search(word))

    def _rename(self, text: str) -> tuple[str, tuple[str, ...]]:
        """The text with other names of what it names, and those names: in the place of one that the corpus lacks."""
        found = list(WORD.finditer(text))
        said = [singular("".join(words(match[0]))) for match in found]
        parts: list[str] = []
        added: dict[str, None] = {}
        at = place = named = 0
        while place < len(said) and len(added) < MOST_NAMES and named < MOST_NAMED:
            size = self._longest(said, place)
            named += size > 0
            others = self._others(tuple(said[place : place + size]), said)[: MOST_NAMES - len(added)] if size else []
            added.update(dict.fromkeys(others))
            if others and not self._often(tuple(said[place : place + size])):
                parts += [text[at : found[place].start()], ", ".join(others)]
                at = found[place + size - 1].end()
            elif others:
                parts += [text[at : found[place + size - 1].end()], f" ({', '.join(others)})"]
                at = found[place + size - 1].end()
            place += max(size, 1)
        return "".join([*parts, text[at:]]), tuple(added)

    def _others(self, name: Phrase, said: Sequence[str]) -> list[str]:
        """Other names for one, those that the corpus has more of and the text does not say, the most frequent first."""
        often = self._often(name)
        usable = [
            other
            for other in self.field.alike[name]
            if self._often(phrase(other)) > often and not _within(phrase(other), said)
        ]
        return sorted(usable, key=lambda other: -self._often(phrase(other)))[:NAMES_EACH]

    def _longest(self, said: Sequence[str], place: int) -> int:
        """Words of the longest name that begins here; 0 for none."""
        sizes = range(min(self.field.longest, len(said) - place), 0, -1)
        return next((size for size in sizes if tuple(said[place : place + size]) in self.field.alike), 0)

    def _often(self, name: Phrase) -> int:
        """How often the corpus has the rarest word of a name: the name itself is not more frequent."""
        return min(map(self._frequency, name))


def is_typo(typed: str, meant: str) -> bool:
    """Whether one word is likely to be typed for the other, rather than being another word of the same family.

    The first letter of a word that differs in two, and the ending of any word, tell words apart more than slips do; and
    of its first letter people are sure, unless another sounds like it.
    """
    from rapidfuzz.distance import OSA, Levenshtein

    letters = OSA.distance(typed, meant)
    beside = enumerate(zip(typed, meant, strict=False))
    same = next((place for place, (one, other) in beside if one != other), min(len(typed), len(meant)))
    doubled = typed[-1:] == typed[-2:-1] and typed[:-1] == meant
    if letters == 1 and same >= min(len(typed), len(meant)) - (len(typed) == len(meant)):
        return doubled
    if letters > 1 and (same == 0 or same >= len(typed) - 4):
        return False
    changed = [edit for edit in Levenshtein.editops(typed, meant) if edit.tag == "replace"]
    crossed = letters < Levenshtein.distance(typed, meant)
    pairs = [(edit.dest_pos, frozenset((typed[edit.src_pos], meant[edit.dest_pos]))) for edit in changed]
    return crossed or all(pair in ALIKE or (place > 0 and pair in BESIDE) for place, pair in pairs)


def _proper(question: str, match: re.Match[str]) -> bool:
    """Whether a word is written as a name: with a capital inside a sentence, or joined to another."""
    before, after = question[: match.start()], question[match.end() :]
    if before.endswith("-") or after.startswith("-"):
        return True
    inside = bool(before.strip()) and before.rstrip()[-1] not in ".!?:"
    return inside and match[0][0].isupper() and not question.isupper()


def _within(name: Phrase, said: Sequence[str]) -> bool:
    return any(tuple(said[place : place + len(name)]) == name for place in range(len(said) - len(name) + 1))
