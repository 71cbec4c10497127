"""Measures a rule that refuses questions: what it keeps, what it lets through, and how it compares with another rule.

A rule gives every question a number, its certainty, and keeps those that reach a threshold. Figures are in percent.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from askdoc.evaluation.intervals import Auroc
from benchmarks.relevance.paired_bootstrap import Difference, Values, paired

Truths = NDArray[np.bool_]
DRAWS = 1_000
"""Draws of the bootstrap for one figure."""


@dataclass(frozen=True)
class Estimate:
    """A figure with the bounds of its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.1f} [{self.low:.1f}, {self.high:.1f}]"


def share(truths: Truths) -> float | None:
    """How many are true; None of none."""
    return 100 * float(truths.mean()) if len(truths) else None


def auroc(certainties: Values, positive: Truths) -> float | None:
    """The area under the ROC curve: how often a positive one is the surer of two; None where one kind is missing."""
    area = Auroc.of(certainties[positive], certainties[~positive]).value
    return None if area is None else 100 * area


def auroc_estimate(certainties: Values, positive: Truths, *, seed: int = 0) -> Estimate | None:
    """The area with its interval, by bootstrap over the questions; draws with one kind alone are left out."""
    area = auroc(certainties, positive)
    if area is None:
        return None
    draw, count = np.random.default_rng(seed), len(certainties)
    drawn = [draw.integers(0, count, count) for _ in range(DRAWS)]
    areas = [found for rows in drawn if (found := auroc(certainties[rows], positive[rows])) is not None]
    low, high = np.quantile(areas, (0.025, 0.975))
    return Estimate(area, float(low), float(high))


def share_estimate(truths: Truths, *, seed: int = 0) -> Estimate | None:
    """A share with its interval, by bootstrap; None of none."""
    if not len(truths):
        return None
    counts = np.random.default_rng(seed).binomial(len(truths), truths.mean(), DRAWS)
    low, high = 100 * np.quantile(counts / len(truths), (0.025, 0.975))
    return Estimate(100 * float(truths.mean()), float(low), float(high))


def threshold_letting_through(refusable: Values, most: int) -> float:
    """The least threshold that at most ``most`` of the questions to be refused reach."""
    if most >= len(refusable):
        return -np.inf
    return float(np.nextafter(np.sort(refusable)[::-1][most], np.inf))


def threshold_keeping(wanted: Values, least: int) -> float:
    """The greatest threshold that at least ``least`` of the questions to be kept reach."""
    return float(np.sort(wanted)[::-1][least - 1]) if least else np.inf


@dataclass(frozen=True)
class Certainties:
    """What one rule gives the questions that are answered rightly, and those that should be refused."""

    right: Values
    refusable: Values


@dataclass(frozen=True)
class Comparison:
    """A rule beside the plain cut of the cosine.

    ``kept`` and ``passed`` are the plain cut's: of what is answered rightly, and of what is to be refused.
    ``ours_kept`` is what the rule keeps where it lets through no more than the plain cut; ``plain_passed`` what the
    plain cut lets through where it keeps no less than the rule. ``gain`` is ours_kept − kept.
    """

    kept: float
    passed: float
    ours_kept: float
    plain_passed: float
    gain: Difference

    @property
    def never_worse(self) -> bool:
        """Whether the rule keeps as much as the plain cut where it lets no more through."""
        return self.gain.mean >= 0


def compare(ours: Certainties, shown: Truths, plain: Certainties, cut: float) -> Comparison:
    """Compare the rule with the plain cut; ``shown`` (right,) is what the rule keeps at its own threshold."""
    plain_kept = plain.right >= cut
    passed = int((plain.refusable >= cut).sum())
    ours_kept = ours.right >= threshold_letting_through(ours.refusable, passed)
    plain_threshold = threshold_keeping(plain.right, int(shown.sum()))
    return Comparison(
        100 * float(plain_kept.mean()),
        100 * passed / len(plain.refusable),
        100 * float(ours_kept.mean()),
        100 * float((plain.refusable >= plain_threshold).mean()),
        paired(ours_kept.astype(np.float64), plain_kept.astype(np.float64)),
    )


def passed_where_kept(wanted: Values, refusable: Values, kept: float) -> float:
    """How many of the questions to be refused pass where the share ``kept`` of those wanted does."""
    return 100 * float((refusable >= np.quantile(wanted, 1 - kept)).mean())
