"""Summarises latencies by percentiles; needs nothing but Python, so that every system can be measured with it."""

from collections.abc import Sequence


def percentile(values: Sequence[float], percent: float) -> float:
    """Interpolate between the two nearest ranks, as numpy does unless told otherwise; ``values`` are not empty."""
    ordered = sorted(values)
    position = (len(ordered) - 1) * percent / 100
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])


def summary(seconds: Sequence[float], *, percents: Sequence[int] = (50, 95), digits: int = 2) -> dict[str, float]:
    """Summarise times as ``{"p50_ms": …, "p95_ms": …}``, in milliseconds; nothing where there are no times."""
    return {f"p{percent}_ms": round(1e3 * percentile(seconds, percent), digits) for percent in percents if seconds}
