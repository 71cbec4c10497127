"""The summary of latencies that every benchmark prints."""

import numpy as np
import pytest

from benchmarks.speed import percentiles


@pytest.mark.parametrize("count", [1, 2, 20, 101])
def test_a_percentile_is_that_of_numpy(count: int) -> None:
    """A percentile equals numpy's, between two ranks as well as on one."""
    values = np.random.default_rng(count).exponential(size=count).tolist()
    for percent in (0, 50, 95, 99, 100):
        assert percentiles.percentile(values, percent) == pytest.approx(np.percentile(values, percent))


def test_a_summary_is_in_milliseconds_and_says_nothing_of_nothing() -> None:
    """A summary is in milliseconds, rounded as asked, and empty where there are no times."""
    assert percentiles.summary([0.001, 0.0026, 0.002], percents=(50, 99), digits=1) == {"p50_ms": 2.0, "p99_ms": 2.6}
    assert percentiles.summary([]) == {}
