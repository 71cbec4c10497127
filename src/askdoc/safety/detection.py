"""Decides how grave a question is, from the rules that matched and from its risk scores."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from askdoc.models import Level
from askdoc.safety.analysis import PatternAnalysis
from askdoc.safety.assertion import CONDITIONS, AssertionStatus
from askdoc.safety.features import RuleOutcome
from askdoc.safety.rules import Rule

_ENGLISH = "en"
_SUICIDE_CONDITIONS = frozenset({"suicide", "suicidal", "selfharm"})


@dataclass(frozen=True, slots=True)
class Detection:
    """How grave a question is, about what, in which language, and by which rules that was told."""

    level: Level | None
    topics: tuple[str, ...] = ()
    language: str = "en"
    rules: tuple[str, ...] = ()


class RiskScores(NamedTuple):
    """How alarming a question is, how much of that is crisis, and its highest alarm as a whole or in part."""

    alarm: float
    crisis: float
    highest_alarm: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The scores at which a question is an alarm.

    Chosen on the sentences that may be read, by fits that saw none like the one judged;
    ``benchmarks/relevance/safety.py`` prints what they give.
    """

    alone: float = 0.5
    """Alarm score that counts without any rule."""
    supported: float = 0.35
    """Alarm score that is enough beside several soft rules, which are harmless alone."""
    unlikely: float = 0.4
    """Highest alarm score below which a rule's match is taken for a coincidence and gets the education notice."""
    crisis_share: float = 0.5
    """Share of the alarm score that must be crisis for a crisis."""
    unmeasured_margin: float = 0.15
    """Added for a model that the gate was not measured with, and for a question that is not in English."""
    long_margin: float = 0.1
    """Added for a long message: whoever tells a whole story says much that alarms in a short one."""

    def margin(self, *, is_calibrated: bool, language: str, is_long: bool) -> float:
        """What is added to the thresholds for a question."""
        added = 0.0 if is_calibrated else self.unmeasured_margin
        added += self.unmeasured_margin if language != _ENGLISH else 0.0
        return added + (self.long_margin if is_long else 0.0)


@dataclass(frozen=True, slots=True)
class MatchedRules:
    """The rules that matched a question, by what their matches count for."""

    firm: tuple[Rule, ...]
    """Alarms."""
    soft: tuple[Rule, ...]
    """Alarms only beside a high score; a firm rule whose condition is history is one of them."""
    asked: tuple[Rule, ...]
    """Asked about, feared, priced or prevented."""
    dismissed: tuple[Rule, ...]
    """Denied, past, of an animal or of a story."""

    @classmethod
    def of(cls, outcomes: Iterable[RuleOutcome]) -> Self:
        """Sort the rules of some outcomes."""
        outcomes = list(outcomes)
        return cls(
            firm=tuple(one.rule for one in outcomes if one.fires and not one.rule.soft),
            soft=tuple(one.rule for one in outcomes if (one.fires and one.rule.soft) or one.is_history),
            asked=tuple(one.rule for one in outcomes if one.status is AssertionStatus.QUESTION),
            dismissed=tuple(one.rule for one in outcomes if one.status not in (None, AssertionStatus.QUESTION)),
        )

    def demoted(self) -> Self:
        """Count firm rules as asked about, save those that hold whatever else is said."""
        doubtful = (rule for rule in self.firm if not rule.sure)
        return replace(self, firm=tuple(rule for rule in self.firm if rule.sure), asked=(*doubtful, *self.asked))


def detect(analysis: PatternAnalysis, scores: RiskScores | None, *, thresholds: Thresholds, margin: float) -> Detection:
    """Decide how grave a question is; without ``scores``, by the rules alone. ``margin`` is added to the thresholds."""
    rules = MatchedRules.of(analysis.outcomes)
    if scores is not None and rules.firm and scores.highest_alarm < thresholds.unlikely:
        rules = rules.demoted()
    elif scores is not None:
        level = Level.CRISIS if scores.crisis > scores.alarm * thresholds.crisis_share else Level.EMERGENCY
        is_supported = len(rules.soft) > 1 and not analysis.assertions.asks
        threshold = margin + (thresholds.supported if is_supported else thresholds.alone)
        is_told = any(rule.level is level for rule in rules.firm)
        if not is_told and scores.alarm >= threshold and not analysis.assertions.elsewhere:
            supporting = tuple(rule for rule in rules.soft if rule.level is level)
            if not supporting and not any(rule.sure for rule in rules.firm):
                return _by_similarity(level, rules.firm, analysis.language)
            rules = replace(rules, firm=(*rules.firm, *supporting))
    return _by_rules(rules.firm, analysis.language) if rules.firm else _quiet(analysis, rules)


def _by_similarity(level: Level, firm: tuple[Rule, ...], language: str) -> Detection:
    """An alarm of a level that no rule is of; topics and rules of another level are named with it."""
    topics = dict.fromkeys(("crisis" if level is Level.CRISIS else "other", *(rule.topic for rule in firm)))
    names = dict.fromkeys(("similarity", *(rule.name for rule in firm)))
    gravest = Level.CRISIS if any(rule.level is Level.CRISIS for rule in firm) else level
    return Detection(gravest, tuple(topics), language, tuple(names))


def _by_rules(firm: tuple[Rule, ...], language: str) -> Detection:
    """The alarm that firm rules raise."""
    level = Level.CRISIS if any(rule.level is Level.CRISIS for rule in firm) else Level.EMERGENCY
    topics, names = dict.fromkeys(rule.topic for rule in firm), dict.fromkeys(rule.name for rule in firm)
    return Detection(level, tuple(topics), language, tuple(names))


def _quiet(analysis: PatternAnalysis, rules: MatchedRules) -> Detection:
    """The education notice, where the question is about an emergency or denies a crisis; else no level."""
    language = analysis.language
    spoken = [rule for rule in rules.asked if not rule.soft]
    if not spoken and any(rule.topic == "crisis" and not rule.soft for rule in rules.dismissed):
        spoken = [rule for rule in rules.dismissed if rule.topic == "crisis"]
    if spoken:
        topics, names = (rule.topic for rule in spoken), (rule.name for rule in spoken)
        return Detection(Level.EDUCATION, tuple(topics), language, tuple(names))
    if analysis.assertions.names_crisis:
        return Detection(Level.EDUCATION, ("crisis",), language, ("crisis_topic",))
    condition = _named_condition(analysis)
    if condition is None:
        return Detection(None, language=language)
    topic = "crisis" if condition in _SUICIDE_CONDITIONS else "other"
    return Detection(Level.EDUCATION, (topic,), language, (condition,))


def _named_condition(analysis: PatternAnalysis) -> str | None:
    """The first grave condition, by its name's order, that is named as present or asked about."""
    for name in sorted(CONDITIONS & analysis.mentions.by_concept.keys()):
        for mention in analysis.mentions.of((name,)):
            status = analysis.assertions.status_of_mentions([mention])
            if status in (None, AssertionStatus.QUESTION) and not analysis.assertions.is_history([mention]):
                return name
    return None
