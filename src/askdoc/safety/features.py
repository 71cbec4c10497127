"""Names a question's features, and scores them by the fitted weights of a linear model.

| name | feature |
|---|---|
| ``chest``, ``past:chest`` | a concept that is mentioned, with its assertion status unless it is present |
| ``~research`` | a cue of negation, of the past, of a question … |
| ``#on:firm``, ``#negation:soft:crisis`` | a rule that matched: its status, its strength, its level |
| ``lip``, ``my lip`` | a word, and two neighbouring words (table of n-grams) |
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from askdoc.safety.assertion import AssertionScopes, AssertionStatus
from askdoc.safety.rules import MentionIndex, Rule, RuleMatch

_WORD = re.compile(r"[a-z]+")
_MOST_MENTIONS = 4
"""Mentions of one concept that are looked at: bounds the time on messages that repeat one word."""
_PRESENT = "on"
_HISTORY = "told"

Scores = tuple[float, float]
"""What speaks for an alarm, and for a crisis."""
Weights = Mapping[str, tuple[float, float, float]]
"""For the name of a feature its rarity, and its weight for an alarm and for a crisis."""


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """A rule that matched, with the assertion status of its match."""

    match: RuleMatch
    status: AssertionStatus | None
    is_history: bool
    """Whether it names a condition that somebody had, as in "had a stroke"."""

    @property
    def rule(self) -> Rule:
        """The rule that matched."""
        return self.match.rule

    @property
    def fires(self) -> bool:
        """Whether the match counts as happening now."""
        return self.status is None and not self.is_history


def pattern_features(mentions: MentionIndex, assertions: AssertionScopes, outcomes: Iterable[RuleOutcome]) -> set[str]:
    """Name what the patterns found: cues, concepts with their status, and what became of each rule that matched."""
    names = {f"~{cue}" for cue in assertions.cues}
    for concept, some in mentions.by_concept.items():
        for status in {assertions.status_of_mentions([mention]) for mention in some[:_MOST_MENTIONS]}:
            names.add(concept if status is None else f"{status.value}:{concept}")
    for outcome in outcomes:
        state = outcome.status.value if outcome.status else _HISTORY if outcome.is_history else _PRESENT
        strength = "soft" if outcome.rule.soft else "firm"
        names.update((f"#{state}:{strength}", f"#{state}:{strength}:{outcome.rule.level.value}"))
    return names


def word_ngrams(folded: str) -> set[str]:
    """The words of a folded question, and each two neighbours; numbers and marks are passed over."""
    words = _WORD.findall(folded)
    return {*words, *(f"{first} {second}" for first, second in pairwise(words))}


@dataclass(frozen=True, slots=True)
class FeatureScorer:
    """A linear model over binary features; the vector of a question is scaled to length 1, rare features longer."""

    pattern_weights: Weights
    ngram_weights: Weights

    @property
    def words(self) -> frozenset[str]:
        """The single words that have a weight."""
        return frozenset(name for name in self.ngram_weights if " " not in name)

    def score(self, patterns: Iterable[str], ngrams: Iterable[str]) -> Scores:
        """Score the features of one question; what has no weight counts for nothing."""
        alarm, crisis = _dot(self.pattern_weights, patterns)
        more_alarm, more_crisis = _dot(self.ngram_weights, ngrams)
        return alarm + more_alarm, crisis + more_crisis


def _dot(weights: Weights, names: Iterable[str]) -> Scores:
    squares = alarm = crisis = 0.0
    for name in names:
        weight = weights.get(name)
        if weight is not None:
            squares += weight[0] * weight[0]
            alarm += weight[1]
            crisis += weight[2]
    return (alarm / squares**0.5, crisis / squares**0.5) if squares else (0.0, 0.0)
