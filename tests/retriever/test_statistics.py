"""Collection statistics and their file."""

import numpy as np
import pytest

from askdoc.retriever.query_adapter import normalized
from askdoc.retriever.statistics import PASSAGE, CollectionStatistics, ScoreDistribution
from tests.retriever.toys import AXES, generator


def test_statistics_survive_their_file() -> None:
    """Everything is read back, and equal statistics give equal bytes."""
    statistics = generator([["a b", "c"], ["d"]], ["q", "r"], AXES[:3], AXES[:2]).statistics
    again = CollectionStatistics.load(statistics.dump())
    assert again.dump() == statistics.dump()
    assert again.passage_starts.tolist() == [0, 2, 3]
    moments = [some.distributions[PASSAGE].mean_and_deviation(AXES[:1]) for some in (again, statistics)]
    assert moments[0] == moments[1]


def test_mean_and_deviation_are_those_of_all_scores() -> None:
    """Mean and deviation of a query's scores follow from those of the vectors."""
    vectors = normalized(np.random.default_rng(1).normal(size=(50, 6)))
    distribution = ScoreDistribution.build(vectors, np.arange(50, dtype=np.int32))
    scores = vectors @ vectors[7]
    mean, deviation = distribution.mean_and_deviation(vectors[7:8])
    assert (mean[0, 0], deviation[0, 0]) == pytest.approx((scores.mean(), scores.std()), rel=1e-4)
