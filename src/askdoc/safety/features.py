"""What a question holds, as names that a fitted table weighs: a concept in its scope, a rule's outcome, a word."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from askdoc.safety.assertion import Assertion, Assertions
from askdoc.safety.rules import Hit, Place
from askdoc.safety.weights import NameWeights

_WORD = re.compile(r"[a-z]+")
_ENOUGH = 4
"""Places of one concept that are looked at: bounds the time on messages that repeat one word."""
_ON = "on"
_TOLD = "told"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A rule that matched, and what its finding stands under; ``told`` where it is told of, as "had a stroke" is."""

    hit: Hit
    scope: Assertion | None
    told: bool

    @property
    def fires(self) -> bool:
        """Whether the finding counts as happening now."""
        return self.scope is None and not self.told


def features(place: Place, scopes: Assertions, outcomes: Iterable[Outcome]) -> set[str]:
    """The names of everything that was seen: ``chest``, ``past:chest``, ``~research``, ``#on:firm:crisis``."""
    names = {f"~{cue}" for cue in scopes.cues}
    for concept, found in place.by_concept.items():
        for scope in {scopes.of_parts([one]) for one in found[:_ENOUGH]}:
            names.add(concept if scope is None else f"{scope.value}:{concept}")
    for outcome in outcomes:
        state = outcome.scope.value if outcome.scope else _TOLD if outcome.told else _ON
        strength = "soft" if outcome.hit.rule.soft else "firm"
        names.update((f"#{state}:{strength}", f"#{state}:{strength}:{outcome.hit.rule.level.value}"))
    return names


def spoken(folded: str) -> set[str]:
    """The words of a folded question, and each two that follow one another."""
    said = _WORD.findall(folded)
    return {*said, *(f"{one} {other}" for one, other in pairwise(said))}


@dataclass(frozen=True, slots=True)
class Weigher:
    """Weighs what the patterns saw and what was said; each name counts the less, the more there are."""

    seen: NameWeights
    said: NameWeights

    @property
    def words(self) -> frozenset[str]:
        """The single words that are weighed."""
        return frozenset(name for name in self.said if " " not in name)

    def __call__(self, seen: Iterable[str], said: Iterable[str]) -> tuple[float, float]:
        """What the names add to the nearness to alarming examples, and to those of crisis."""
        one, other = _sum(self.seen, seen), _sum(self.said, said)
        return one[0] + other[0], one[1] + other[1]


def _sum(weights: NameWeights, names: Iterable[str]) -> tuple[float, float]:
    size = alarm = crisis = 0.0
    for name in names:
        known = weights.get(name)
        if known is not None:
            size += known[0] * known[0]
            alarm += known[1]
            crisis += known[2]
    return (alarm / size**0.5, crisis / size**0.5) if size else (0.0, 0.0)
