"""The query adapter and its file."""

import numpy as np

from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.query_adapter import QueryAdapter, normalized
from askdoc.retriever.topicality import Topicality
from tests.retriever.test_learned_tables import read_back


def test_an_adapter_survives_its_file_and_keeps_length_one() -> None:
    """The adapter read back moves vectors as the one written, but for the rounding to bytes."""
    draw = np.random.default_rng(0)
    adapter = QueryAdapter(draw.normal(size=(8, 2)).astype(np.float32), draw.normal(size=(2, 8)).astype(np.float32))
    again = QueryAdapter(**read_back(down=adapter.down, up=adapter.up))
    vectors = normalized(draw.normal(size=(3, 8)))
    np.testing.assert_allclose(np.linalg.norm(again(vectors), axis=1), 1, rtol=1e-5)
    assert (again(vectors) * adapter(vectors)).sum(axis=1).min() > 0.99


def test_a_model_without_tables_of_its_own_has_no_adapter() -> None:
    """The shipped adapter and the shipped table of topicality fit one model."""
    for table in (QueryAdapter, Topicality):
        assert table.of(ModelTables.plain()) is None
        assert table.of(ModelTables.default()) is not None
