"""Tests for ``askdoc.safety.detection``: how grave a question is by its rules and its scores."""

import pytest

from askdoc.models import Level
from askdoc.safety.analysis import PatternAnalyzer
from askdoc.safety.detection import Detection, RiskScores, Thresholds, detect
from askdoc.safety.table import KnownWords, shipped

ANALYZER = PatternAnalyzer(shipped(), KnownWords.of(shipped()))
CALM, ALARMING, CRISIS = RiskScores(0.1, 0.0, 0.1), RiskScores(0.9, 0.1, 0.9), RiskScores(0.9, 0.8, 0.9)


def detected(question: str, scores: RiskScores | None, *, margin: float = 0.0) -> Detection:
    return detect(ANALYZER.analyze(question), scores, thresholds=Thresholds(), margin=margin)


@pytest.mark.parametrize(
    ("question", "scores", "level"),
    [
        ("I think this is a stroke", None, Level.EMERGENCY),
        ("I think this is a stroke", ALARMING, Level.EMERGENCY),
        ("I think this is a stroke", CALM, Level.EDUCATION),  # taken for a coincidence
        ("my husband hits me", CALM, Level.EMERGENCY),  # a rule that is sure
        ("it is like this", ALARMING, Level.EMERGENCY),
        ("it is like this", CRISIS, Level.CRISIS),
        ("it is like this, my dog", ALARMING, None),
        ("it is like this", CALM, None),
        ("severe pain", None, None),  # a soft rule
        ("severe pain", ALARMING, Level.EMERGENCY),
    ],
)
def test_rules_and_scores_decide_together(question: str, scores: RiskScores | None, level: Level | None) -> None:
    """A low score quietens a rule that is not sure, and a high one raises an alarm without any rule."""
    assert detected(question, scores).level is level


def test_a_margin_is_added_to_what_is_asked_for() -> None:
    """A score between the thresholds with and without it raises the alarm only without."""
    between = RiskScores(0.55, 0.0, 0.55)
    assert detected("it is like this", between).level is Level.EMERGENCY
    assert detected("it is like this", between, margin=0.1).level is None


def test_more_is_asked_for_where_less_is_known() -> None:
    """With another model, in another language than English, of a long message; each adds to the others."""
    margin = Thresholds().margin
    assert margin(is_calibrated=True, language="en", is_long=False) == 0
    alone = [
        margin(is_calibrated=False, language="en", is_long=False),
        margin(is_calibrated=True, language="es", is_long=False),
        margin(is_calibrated=True, language="en", is_long=True),
    ]
    assert min(alone) > 0
    assert margin(is_calibrated=False, language="es", is_long=True) == pytest.approx(sum(alone))
