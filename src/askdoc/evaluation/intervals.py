"""Estimates shares and areas under the ROC curve, each with its 95 % interval."""

import math
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

Z_95 = 1.96
"""Half the width of a 95 % interval, in standard deviations of the normal distribution."""
BISECTIONS = 50
"""Halvings in the search for a bound: more change no digit of a float."""


def wilson_interval(hits: int, count: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson, 1927); from 0 to 1 where nothing was counted."""
    if not count:
        return 0.0, 1.0
    share, square = hits / count, Z_95**2
    centre = share + square / (2 * count)
    half = Z_95 * math.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return max(0.0, (centre - half) / (1 + square / count)), min(1.0, (centre + half) / (1 + square / count))


@dataclass(frozen=True, slots=True)
class Share:
    """A share of questions: ``hits`` of ``count``. Without any question it has no value."""

    hits: int
    count: int

    @property
    def value(self) -> float | None:
        """From 0 to 1, or None where nothing was counted."""
        return self.hits / self.count if self.count else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of 95 %."""
        return wilson_interval(self.hits, self.count)

    def document(self) -> dict[str, Any]:
        """The share as plain values; null where nothing was counted."""
        return {"questions": self.count, "hits": self.hits, **_estimate(self.value, self.interval)}


@dataclass(frozen=True, slots=True)
class Auroc:
    """The area under the ROC curve: how often a question of one kind has a greater number than one of the other kind.

    Equal numbers count half. ``positives`` and ``negatives`` are how many questions there are of each kind; without one
    of either kind it has no value.
    """

    value: float | None
    positives: int
    negatives: int

    @classmethod
    def of(cls, positives: ArrayLike, negatives: ArrayLike) -> Self:
        """The area by the Mann–Whitney statistic (Hanley and McNeil, 1982).

        Only the order of the numbers counts, so they may be infinite; what is not a number stands below all others.
        """
        own, others = _ordered(positives), _ordered(negatives)
        if not len(own) or not len(others):
            return cls(None, len(own), len(others))
        below = np.searchsorted(others, own, side="left").sum() + np.searchsorted(others, own, side="right").sum()
        return cls(float(below) / (2 * len(own) * len(others)), len(own), len(others))

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % score interval (Newcombe, 2006, method 5); from 0 to 1 where there is no value.

        R. G. Newcombe, "Confidence intervals for an effect size measure based on the Mann–Whitney statistic. Part 2",
        Statistics in Medicine 25: the areas that lie within ``Z_95`` standard errors of their own from the one found.
        Unlike the value plus and minus its standard error, it stays between 0 and 1 and is no point at either end.
        """
        if self.value is None:
            return 0.0, 1.0
        return self._bound(0.0), self._bound(1.0)

    def _bound(self, end: float) -> float:
        """The area between the value and an end of the scale at which the value is just ``Z_95`` errors away."""
        value = self.value or 0.0
        near, far = value, end
        for _ in range(BISECTIONS):
            middle = (near + far) / 2
            if abs(middle - value) <= Z_95 * self._standard_error(middle):
                near = middle
            else:
                far = middle
        return near

    def _standard_error(self, area: float) -> float:
        """Hanley and McNeil's standard error if this were the area, with the mean of both counts for either."""
        others = (self.positives + self.negatives) / 2 - 1
        spread = 1 + others * (1 - area) / (2 - area) + others * area / (1 + area)
        return math.sqrt(area * (1 - area) * spread / (self.positives * self.negatives))

    def document(self) -> dict[str, Any]:
        """The area as plain values; null where there are not both kinds."""
        return {
            "positives": self.positives,
            "negatives": self.negatives,
            **_estimate(self.value, self.interval),
        }


def _ordered(numbers: ArrayLike) -> NDArray[np.float64]:
    values = np.asarray(numbers, np.float64)
    return np.sort(np.where(np.isnan(values), -np.inf, values))


def _estimate(value: float | None, interval: tuple[float, float]) -> dict[str, Any]:
    if value is None:
        return {"value": None, "interval": None}
    return {"value": round(value, 4), "interval": [round(bound, 4) for bound in interval]}
