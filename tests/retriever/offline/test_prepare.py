"""What a build searches while it calibrates."""

import numpy as np
import pytest

from askdoc.retriever.offline import prepare
from askdoc.retriever.offline.prepare import InMemory


def test_a_large_matrix_is_searched_for_a_few_queries_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scores of all queries with a million rows would take gigabytes; what is found is the same."""
    random = np.random.default_rng(0)
    rows, queries = random.normal(size=(40, 8)).astype(np.float32), random.normal(size=(7, 8)).astype(np.float32)
    index = InMemory({"passage": rows})
    scores, nearest = index.search("passage", queries, 5)
    monkeypatch.setattr(prepare, "MAX_SCORES", 100)
    in_parts = index.search("passage", queries, 5)
    np.testing.assert_allclose(in_parts[0], scores, rtol=1e-5)
    assert in_parts[1].tolist() == nearest.tolist()
