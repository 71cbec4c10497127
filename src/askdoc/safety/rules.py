"""Matches the safety table's rules, which combine concepts, against the concepts mentioned in a question.

A pattern is one line of the table:

| notation | meaning |
|---|---|
| ``a & b`` | both in one sentence, at most ``@n`` words apart (6 unless told), in any order |
| ``a > b`` | b after a, at most ``@n`` words between |
| ``a|b`` | either concept |
| ``+a`` | a anywhere in the message |
| ``-a`` | only where a is not in the sentence |
"""

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from askdoc.errors import AskdocError
from askdoc.models import Level
from askdoc.safety.phrases import Mention

_WINDOW = 6
_MOST_NEIGHBOURS = 6
"""Mentions looked at on each side: bounds the time on messages that repeat one word."""
_PART = re.compile(r"@(\d+)|([+-]?)([a-z|]+)|([&>])")


@dataclass(frozen=True, slots=True)
class Term:
    """A place in a pattern that any of some concepts fills; ``after`` where it must follow the terms before."""

    concepts: tuple[str, ...]
    after: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """Terms whose concepts must stand near one another in one sentence."""

    terms: tuple[Term, ...]
    window: int
    context: tuple[tuple[str, ...], ...]
    """Of each of these one must stand somewhere in the message."""
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
    """Whether it counts only beside a high risk score."""
    sure: bool
    """Whether it counts even where the risk score speaks of an ordinary question."""
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """A rule that matched, and the mentions that filled its terms."""

    rule: Rule
    mentions: tuple[Mention, ...]


class MentionIndex:
    """The mentions in one question by concept, with the number of each token's sentence."""

    def __init__(self, mentions: Iterable[Mention], sentence: list[int]) -> None:
        self.sentence = sentence
        self.by_concept: dict[str, list[Mention]] = {}
        for mention in mentions:
            self.by_concept.setdefault(mention.concept, []).append(mention)
        self._merged: dict[tuple[str, ...], list[Mention]] = {}

    def of(self, concepts: tuple[str, ...]) -> list[Mention]:
        """The mentions of any of the concepts, by start."""
        if len(concepts) == 1:
            return self.by_concept.get(concepts[0], [])
        merged = self._merged.get(concepts)
        if merged is None:
            merged = sorted(mention for concept in concepts for mention in self.by_concept.get(concept, ()))
            self._merged[concepts] = merged
        return merged

    def has(self, concepts: tuple[str, ...]) -> bool:
        """Whether any of the concepts is mentioned."""
        return any(concept in self.by_concept for concept in concepts)


class Rulebook:
    """All rules of a table. Of hundreds of patterns only those are tried whose first term is mentioned."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self._patterns = [(rule, pattern) for rule in rules for pattern in rule.patterns]
        self._by_first_concept: dict[str, list[int]] = {}
        for number, (_, pattern) in enumerate(self._patterns):
            for concept in pattern.terms[0].concepts:
                self._by_first_concept.setdefault(concept, []).append(number)

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> "Rulebook":
        """Read the rules of a table, in its order. Raises AskdocError for one that cannot be read."""
        return cls(tuple(_rule(name, entry) for name, entry in table.items()))

    def matches(self, mentions: MentionIndex, *, done: Container[str] = ()) -> Iterator[RuleMatch]:
        """Every match of every pattern, in the table's order, save of the rules named in ``done``.

        The caller may add to ``done`` between two matches: those rules are not looked for again.
        """
        begun = {number for concept in mentions.by_concept for number in self._by_first_concept.get(concept, ())}
        for number in sorted(begun):
            rule, pattern = self._patterns[number]
            if rule.name not in done:
                for filled in pattern_matches(pattern, mentions):
                    yield RuleMatch(rule, filled)
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
            patterns=tuple(parse_pattern(line) for line in entry["patterns"].splitlines() if line.strip()),
        )
    except (KeyError, ValueError) as error:
        raise AskdocError(f"safety table: rule {name!r} cannot be read ({error}); see docs/safety.md") from error


def parse_pattern(line: str) -> Pattern:
    """Parse a line of the table, ``chest & pain @4 +surgery -mild``. Raises ValueError where it is no pattern."""
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


def pattern_matches(pattern: Pattern, mentions: MentionIndex) -> Iterator[tuple[Mention, ...]]:
    """Each way in which a mention of the pattern's first term is completed by the nearest ones of the others."""
    candidates: list[list[Mention]] = []
    for term in pattern.terms:
        some = mentions.of(term.concepts)
        if not some:
            return
        candidates.append(some)
    if not all(map(mentions.has, pattern.context)):
        return
    sentence = mentions.sentence
    banned = {sentence[mention.start] for mention in mentions.of(pattern.without)} if pattern.without else ()
    for anchor in candidates[0]:
        if sentence[anchor.start] not in banned:
            filled = _filled(pattern, anchor, candidates[1:], sentence)
            if filled:
                yield filled


def _filled(
    pattern: Pattern, anchor: Mention, candidates: list[list[Mention]], sentence: list[int]
) -> tuple[Mention, ...] | None:
    """The mentions that fill a pattern's terms, the first one by ``anchor``; None where one term stays empty."""
    chosen = [anchor]
    low, high = anchor.start, anchor.end
    for term, some in zip(pattern.terms[1:], candidates, strict=True):
        nearest = _nearest(some, chosen, span=(low, high), sentence=sentence, after=term.after)
        if nearest is None:
            return None
        gap = nearest.start - high if nearest.start >= high else low - nearest.end
        if gap > pattern.window:
            return None
        chosen.append(nearest)
        low, high = min(low, nearest.start), max(high, nearest.end)
    return tuple(chosen)


def _nearest(
    candidates: list[Mention], chosen: list[Mention], *, span: tuple[int, int], sentence: list[int], after: bool
) -> Mention | None:
    """The candidate nearest to a span in its sentence, or after the span where that is asked.

    One word cannot fill two terms, so what overlaps a mention already chosen is passed over.
    """
    low, high = span
    number = sentence[low]
    at = bisect_left(candidates, (high if after else low,))
    best: Mention | None = None
    best_gap = 1 << 30
    for one in candidates[at : at + _MOST_NEIGHBOURS]:
        if sentence[one.start] != number:
            break
        gap = max(one.start - high, 0)
        if gap < best_gap and not _overlaps(one, chosen):
            best, best_gap = one, gap
    if after:
        return best
    for one in candidates[max(at - _MOST_NEIGHBOURS, 0) : at]:
        gap = max(low - one.end, 0)
        if gap < best_gap and sentence[one.start] == number and not _overlaps(one, chosen):
            best, best_gap = one, gap
    return best


def _overlaps(mention: Mention, others: list[Mention]) -> bool:
    return any(mention.start < other.end and other.start < mention.end for other in others)
