"""Shares and areas have the published intervals."""

import math

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from askdoc.evaluation.intervals import Z_95, Auroc, Share, wilson_interval


def test_the_interval_of_a_share_is_wilsons() -> None:
    """The interval has the published values, and is all from 0 to 1 where nothing was counted."""
    assert wilson_interval(0, 0) == (0.0, 1.0)
    assert wilson_interval(8, 10) == pytest.approx((0.490, 0.943), abs=0.001)
    assert wilson_interval(0, 10)[0] == 0.0


def test_a_share_of_nothing_has_no_value() -> None:
    """It is null in JSON, not a number that is none."""
    assert Share(0, 0).document() == {"questions": 0, "hits": 0, "value": None, "interval": None}
    assert Share(1, 4).document() == {"questions": 4, "hits": 1, "value": 0.25, "interval": [0.0456, 0.6994]}


def test_the_area_is_that_of_the_reference_implementation() -> None:
    """It equals scikit-learn's, with ties as well."""
    draw = np.random.default_rng(3)
    positives, negatives = draw.integers(2, 9, 40), draw.integers(0, 7, 25)
    truth = np.repeat([1, 0], [40, 25])
    exact = roc_auc_score(truth, np.concatenate([positives, negatives]))
    assert Auroc.of(positives, negatives).value == pytest.approx(exact)


@pytest.mark.parametrize(
    ("positives", "negatives", "area"),
    [
        ([1.0, 1.0], [1.0], 0.5),
        ([math.inf, -math.inf], [0.0], 0.5),
        ([2.0], [-math.inf, math.nan], 1.0),
        ([-math.inf], [math.nan], 0.5),
        ([math.inf], [math.inf], 0.5),
    ],
)
def test_ties_count_half_and_infinite_numbers_have_their_place(
    positives: list[float], negatives: list[float], area: float
) -> None:
    """What is no number stands below all others, as minus infinity does."""
    assert Auroc.of(positives, negatives).value == area


@pytest.mark.parametrize(("positives", "negatives"), [([], [1.0]), ([1.0], []), ([], [])])
def test_without_both_kinds_there_is_no_area(positives: list[float], negatives: list[float]) -> None:
    """Its value and interval are null, and the counts say why."""
    auroc = Auroc.of(positives, negatives)
    assert auroc.document() == {
        "positives": len(positives), "negatives": len(negatives), "value": None, "interval": None,
    }  # fmt: skip
    assert auroc.interval == (0.0, 1.0)


def hanley_mcneil(area: float, count: float) -> float:
    """The variance as Hanley and McNeil (1982) write it, times the product of the counts, with one mean count."""
    one, two = area / (2 - area), 2 * area**2 / (1 + area)
    return area * (1 - area) + (count - 1) * (one - area**2) + (count - 1) * (two - area**2)


@pytest.mark.parametrize(("area", "own", "others"), [(0.8, 40, 60), (0.5, 10, 10), (0.95, 300, 20)])
def test_the_bounds_of_an_area_are_those_from_which_it_is_just_likely(area: float, own: int, others: int) -> None:
    """At both bounds the area lies 1.96 standard errors away, by the standard error that holds at the bound."""
    low, high = Auroc(area, own, others).interval
    assert 0 < low < area < high < 1
    for bound in (low, high):
        error = math.sqrt(hanley_mcneil(bound, (own + others) / 2) / (own * others))
        assert abs(area - bound) == pytest.approx(Z_95 * error)


def test_the_interval_of_a_perfect_area_is_no_point() -> None:
    """Three questions of each kind that are told apart prove little, three hundred much."""
    few, many = Auroc(1.0, 3, 3).interval, Auroc(1.0, 300, 300).interval
    assert few[0] < 0.7 < 0.98 < many[0] < few[1] == many[1] == 1.0
    assert Auroc(0.0, 3, 3).interval == pytest.approx((0.0, 1 - few[0]))
