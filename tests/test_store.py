"""Every store gives the ids and the scores that plain numpy gives."""

from pathlib import Path

import numpy as np
import pytest

from askdoc.store import Store, Vectors
from askdoc.store.faiss_flat import FaissFlat

STORES: list[type[Store]] = [FaissFlat]


def unit(rows: int, dimension: int, seed: int) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    found: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return found


@pytest.fixture(params=STORES, ids=lambda kind: kind.__name__)
def kind(request: pytest.FixtureRequest) -> type[Store]:
    found: type[Store] = request.param
    return found


def opened(kind: type[Store], vectors: Vectors, folder: Path) -> Store:
    path = folder / "vectors"
    path.write_bytes(kind.build(vectors).dump())
    return kind.open(str(path), rows=len(vectors), dimension=vectors.shape[1])


def test_search_agrees_with_numpy(kind: type[Store], tmp_path: Path) -> None:
    """The nearest rows, in order, with their scores, after writing and opening."""
    vectors, queries = unit(500, 48, 1), unit(7, 48, 2)
    scores, rows = opened(kind, vectors, tmp_path).search(queries, 10)
    truth = queries @ vectors.T
    assert scores.shape == rows.shape == (7, 10)
    np.testing.assert_allclose(scores, np.take_along_axis(truth, rows, 1), atol=1e-3)
    assert (np.diff(scores, axis=1) <= 0).all()
    best = np.sort(truth, axis=1)[:, ::-1][:, :10]
    np.testing.assert_allclose(scores, best, atol=1e-3)


def test_scores_of_named_rows_agree_with_search(kind: type[Store], tmp_path: Path) -> None:
    """Both ways of scoring are one scale."""
    vectors, queries = unit(50, 16, 3), unit(1, 16, 4)
    store = opened(kind, vectors, tmp_path)
    scores, rows = store.search(queries, 50)
    np.testing.assert_allclose(store.scores(queries[0], rows[0]), scores[0], atol=1e-5)


def test_asking_for_more_rows_than_there_are_gives_all(kind: type[Store], tmp_path: Path) -> None:
    """No row numbers that do not exist."""
    scores, rows = opened(kind, unit(3, 8, 5), tmp_path).search(unit(1, 8, 6), 10)
    assert sorted(rows[0].tolist()) == [0, 1, 2]
    assert scores.shape == (1, 3)


def test_a_file_of_another_shape_is_refused(kind: type[Store], tmp_path: Path) -> None:
    """The manifest says how many rows there must be."""
    path = tmp_path / "vectors"
    path.write_bytes(kind.build(unit(3, 8, 7)).dump())
    with pytest.raises(ValueError, match="3 × 8"):
        kind.open(str(path), rows=4, dimension=8)


def test_the_bytes_are_the_same_for_the_same_vectors(kind: type[Store]) -> None:
    """A build of the same corpus gives the same index."""
    assert bytes(kind.build(unit(9, 8, 8)).dump()) == bytes(kind.build(unit(9, 8, 8)).dump())
