"""Measures of a rule that refuses questions: shares, areas, thresholds, and the comparison with another rule."""

import numpy as np
import pytest

from benchmarks.relevance.cut_measures import (
    Certainties,
    auroc,
    auroc_estimate,
    compare,
    passed_where_kept,
    share,
    share_estimate,
    threshold_keeping,
    threshold_letting_through,
)


def test_the_area_is_the_share_of_pairs_in_order_and_ties_count_half() -> None:
    """Of six pairs four are in order and one is a tie."""
    certainties, positive = np.array([3.0, 2.0, 1.0, 2.0, 0.0]), np.array([True, True, False, False, False])
    assert auroc(certainties, positive) == pytest.approx(100 * 5.5 / 6)


def test_without_both_kinds_there_is_no_area() -> None:
    """An area of one kind would be a figure about nothing."""
    certainties = np.array([1.0, 2.0])
    assert auroc(certainties, np.array([True, True])) is None
    assert auroc_estimate(certainties, np.array([False, False])) is None


def test_an_interval_holds_its_figure_and_narrows_with_more_questions() -> None:
    """Four times the questions, about half the width."""
    draw = np.random.default_rng(1)
    widths = []
    for count in (100, 400, 1_600):
        positive = draw.random(count) < 0.5
        found = auroc_estimate(draw.normal(size=count) + positive, positive)
        assert found is not None
        assert found.low < found.value < found.high
        widths.append(found.high - found.low)
    assert widths[0] > widths[1] > widths[2]


def test_a_share_of_none_is_none() -> None:
    """No question was answered rightly, so none could be refused."""
    nothing = np.zeros(0, bool)
    assert share(nothing) is None
    assert share_estimate(nothing) is None


def test_a_share_has_an_interval() -> None:
    """Half of 400 questions, give or take five points."""
    found = share_estimate(np.arange(400) % 2 == 0)
    assert found is not None
    assert found.value == 50
    assert found.low == pytest.approx(45, abs=1)
    assert found.high == pytest.approx(55, abs=1)


@pytest.mark.parametrize(("most", "passing"), [(0, 0), (1, 1), (2, 1), (3, 3), (4, 4)])
def test_a_threshold_lets_no_more_through(most: int, passing: int) -> None:
    """Of two with the same certainty either both pass or none does."""
    refusable = np.array([5.0, 3.0, 3.0, 1.0])
    assert (refusable >= threshold_letting_through(refusable, most)).sum() == passing


@pytest.mark.parametrize(("least", "kept"), [(0, 0), (1, 1), (2, 3), (4, 4)])
def test_a_threshold_keeps_no_less(least: int, kept: int) -> None:
    """It is the greatest that does."""
    wanted = np.array([5.0, 3.0, 3.0, 1.0])
    assert (wanted >= threshold_keeping(wanted, least)).sum() == kept


def test_a_rule_is_compared_where_it_lets_as_much_through() -> None:
    """Ours orders all rightly; the plain cut keeps one of two and lets one of four through."""
    ours = Certainties(np.array([9.0, 8.0]), np.array([1.0, 2.0, 3.0, 4.0]))
    plain = Certainties(np.array([0.7, 0.5]), np.array([0.65, 0.55, 0.2, 0.1]))
    found = compare(ours, np.array([True, True]), plain, 0.6)
    assert (found.kept, found.passed, found.ours_kept) == (50, 25, 100)
    assert found.plain_passed == 50
    assert found.gain.mean == 50
    assert found.never_worse


def test_a_rule_that_keeps_less_is_worse() -> None:
    """At the same share let through."""
    ours = Certainties(np.array([9.0, 0.0]), np.array([1.0, 2.0]))
    plain = Certainties(np.array([0.7, 0.7]), np.array([0.1, 0.2]))
    found = compare(ours, np.array([True, False]), plain, 0.6)
    assert found.gain.mean == -50
    assert not found.never_worse


def test_what_passes_where_nearly_all_are_kept() -> None:
    """The certainty that 95 % of the wanted reach is the bar."""
    assert passed_where_kept(np.arange(101.0), np.array([0.0, 4.0, 6.0, 50.0]), 0.95) == 50
