"""The table's rules: combinations of concepts, written as text, matched against what was found."""

import re
from bisect import bisect_left
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from askdoc.errors import AskdocError
from askdoc.models import Level
from askdoc.safety.phrases import Mention

_WINDOW = 6
_LOOK = 6
"""Neighbours looked at on each side: bounds the time on messages that repeat one word."""
_PART = re.compile(r"@(\d+)|([+-]?)([a-z|]+)|([&>])")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Term:
    """One of several concepts; ``after`` where it must follow the one before it."""

    concepts: tuple[str, ...]
    after: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """Terms that must stand near one another in one sentence."""

    terms: tuple[Term, ...]
    window: int
    context: tuple[tuple[str, ...], ...]
    """Each of these must stand somewhere in the message."""
    without: tuple[str, ...]
    """None of these may stand in the sentence."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Patterns that mean the same, with the reason why they are in the table."""

    name: str
    level: Level
    topic: str
    why: str
    soft: bool
    sure: bool
    """Whether it counts even where everything else speaks of an ordinary question."""
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched, and what it matched."""

    rule: Rule
    parts: tuple[Mention, ...]


class Place:
    """What was found in one question, by concept, with its sentences."""

    def __init__(self, found: list[Mention], sentence: list[int]) -> None:
        self.sentence = sentence
        self.by_concept: dict[str, list[Mention]] = {}
        for one in found:
            self.by_concept.setdefault(one.concept, []).append(one)
        self._merged: dict[tuple[str, ...], list[Mention]] = {}

    def of(self, concepts: tuple[str, ...]) -> list[Mention]:
        """Where any of the concepts stands, by start."""
        if len(concepts) == 1:
            return self.by_concept.get(concepts[0], [])
        merged = self._merged.get(concepts)
        if merged is None:
            merged = [one for concept in concepts for one in self.by_concept.get(concept, ())]
            merged.sort()
            self._merged[concepts] = merged
        return merged

    def has(self, concepts: tuple[str, ...]) -> bool:
        """Whether any of the concepts stands anywhere."""
        return any(concept in self.by_concept for concept in concepts)


class Rulebook:
    """All rules of a table; the few patterns whose first term stands in a question are picked from hundreds by it."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self._patterns = [(rule, one) for rule in rules for one in rule.patterns]
        self._first: dict[str, list[int]] = {}
        """For each concept the places of the patterns that begin with it."""
        for place, (_, one) in enumerate(self._patterns):
            for concept in one.terms[0].concepts:
                self._first.setdefault(concept, []).append(place)

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> "Rulebook":
        """The rules of a table, in its order."""
        return cls(tuple(_rule(name, entry) for name, entry in table.items()))

    @property
    def concepts(self) -> frozenset[str]:
        """Every concept that a pattern names as a term."""
        return frozenset(concept for _, one in self._patterns for term in one.terms for concept in term.concepts)

    def hits(self, place: Place, *, done: Container[str] = ()) -> Iterator[Hit]:
        """Every match of every pattern, in the table's order, save of the rules named in ``done``.

        The caller may add to ``done`` while it reads: what is settled is not looked for again.
        """
        begun = {number for concept in place.by_concept for number in self._first.get(concept, ())}
        for number in sorted(begun):
            rule, one = self._patterns[number]
            if rule.name not in done:
                for parts in matches(one, place):
                    yield Hit(rule, parts)
                    if rule.name in done:
                        break


def _rule(name: str, entry: Mapping[str, Any]) -> Rule:
    try:
        return Rule(
            name=name,
            level=Level(entry["level"]),
            topic=entry["topic"],
            why=entry["why"],
            soft=entry.get("strength") == "soft",
            sure=entry.get("strength") == "sure",
            patterns=tuple(pattern(line) for line in entry["patterns"].splitlines() if line.strip()),
        )
    except (KeyError, ValueError) as error:
        raise AskdocError(f"safety table: rule {name!r} cannot be read ({error}); see docs/safety.md") from error


def pattern(line: str) -> Pattern:
    """A pattern from its line, ``chest & pain @4 +surgery -mild``."""
    if _PART.sub("", line).strip():
        raise ValueError(f"{line!r} is no pattern")
    terms: list[Term] = []
    context: list[tuple[str, ...]] = []
    without: list[str] = []
    window, after = _WINDOW, False
    for size, sign, names, joint in _PART.findall(line):
        if size:
            window = int(size)
        elif joint:
            after = joint == ">"
        elif sign == "+":
            context.append(tuple(names.split("|")))
        elif sign == "-":
            without.extend(names.split("|"))
        else:
            terms.append(Term(tuple(names.split("|")), after))
    if not terms:
        raise ValueError(f"{line!r} names no concept")
    return Pattern(tuple(terms), window, tuple(context), tuple(without))


def matches(one: Pattern, place: Place) -> Iterator[tuple[Mention, ...]]:
    """Each way in which the pattern's first term is completed by the nearest of the others."""
    lists: list[list[Mention]] = []
    for term in one.terms:
        here = place.of(term.concepts)
        if not here:
            return
        lists.append(here)
    for concepts in one.context:
        if not place.has(concepts):
            return
    sentence = place.sentence
    banned = {sentence[f.start] for f in place.of(one.without)} if one.without else ()
    for anchor in lists[0]:
        number = sentence[anchor.start]
        if number in banned:
            continue
        parts = [anchor]
        low, high = anchor.start, anchor.end
        for term, here in zip(one.terms[1:], lists[1:], strict=True):
            nearest = _nearest(here, parts, span=(low, high), place=place, after=term.after)
            if nearest is None:
                break
            gap = nearest.start - high if nearest.start >= high else low - nearest.end
            if gap > one.window:
                break
            parts.append(nearest)
            low, high = min(low, nearest.start), max(high, nearest.end)
        else:
            yield tuple(parts)


def _nearest(here: list[Mention], parts: list[Mention], *, span: Span, place: Place, after: bool) -> Mention | None:
    """The one of ``here`` nearest to the span in its sentence, or after it where that is asked.

    One word cannot serve two terms, so what meets a part already chosen is passed over.
    """
    low, high = span
    sentence = place.sentence
    number = sentence[low]
    at = bisect_left(here, (high if after else low,))
    best: Mention | None = None
    best_gap = 1 << 30
    for one in here[at : at + _LOOK]:
        if sentence[one.start] != number:
            break
        gap = max(one.start - high, 0)
        if gap < best_gap and not any(one.start < part.end and part.start < one.end for part in parts):
            best, best_gap = one, gap
    if after:
        return best
    for one in here[max(at - _LOOK, 0) : at]:
        gap = max(low - one.end, 0)
        if (
            gap < best_gap
            and sentence[one.start] == number
            and not any(one.start < part.end and part.start < one.end for part in parts)
        ):
            best, best_gap = one, gap
    return best
