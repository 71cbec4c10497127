"""Confidence: its calibration and its thresholds."""

from dataclasses import replace

import numpy as np

from askdoc.models import Confidence
from askdoc.retriever.confidence import CONFIDENCE_FEATURES, Calibration
from askdoc.retriever.learned_tables import ModelTables


def _features(cosine: float, count: int = 40) -> np.ndarray:
    draw = np.random.default_rng(3)
    features = draw.normal(0.5, 0.05, size=(count, len(CONFIDENCE_FEATURES))).astype(np.float32)
    features[:, CONFIDENCE_FEATURES.index("cosine")] += cosine
    return features


def test_calibration_shows_the_covered_and_refuses_the_uncovered() -> None:
    """Of the questions it was found by, nineteen in twenty pass, and what is far off does not."""
    weights = tuple(float(name == "cosine") for name in CONFIDENCE_FEATURES)
    table = replace(Calibration.demonstration(ModelTables.default(), titles=True), weights=weights, bias=0.0)
    covered, uncovered = _features(0.5), _features(-0.8)
    calibration = Calibration.fit(covered, uncovered, table)
    given = [calibration.confidence(calibration.certainty(some)) for some in covered]
    assert sum(confidence is not Confidence.NONE for confidence in given) >= 38
    assert given.count(Confidence.STRONG) >= 20
    assert all(calibration.confidence(calibration.certainty(some)) is Confidence.NONE for some in uncovered)
    assert Calibration.parse(calibration.document()) == calibration


def test_no_candidates_is_no_confidence() -> None:
    """An empty search is refused whatever the calibration says."""
    table = Calibration.demonstration(ModelTables.default(), titles=True)
    nothing = np.zeros(len(CONFIDENCE_FEATURES), np.float32)
    no_questions = np.zeros((0, len(CONFIDENCE_FEATURES)), np.float32)
    calibration = Calibration.fit(no_questions, no_questions, table)
    assert calibration.confidence(calibration.certainty(nothing)) is Confidence.NONE
