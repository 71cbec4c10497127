"""Every store gives the ids and the scores that plain numpy gives."""

from pathlib import Path

import numpy as np
import pytest

from askdoc.index.vectors import kinds
from askdoc.index.vectors.faiss_flat import FaissFlat
from askdoc.index.vectors.faiss_hnsw import FaissHnsw
from askdoc.index.vectors.protocol import VectorIndex, Vectors

STORES = list(kinds.KINDS.values())


def unit(rows: int, dimension: int, seed: int) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    found: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return found


@pytest.fixture(params=STORES, ids=lambda kind: kind.__name__)
def kind(request: pytest.FixtureRequest) -> type[VectorIndex]:
    found: type[VectorIndex] = request.param
    return found


def opened(kind: type[VectorIndex], vectors: Vectors, folder: Path) -> VectorIndex:
    path = folder / "vectors"
    path.write_bytes(kind.build(vectors).dump())
    return kind.open(str(path), rows=len(vectors), dimension=vectors.shape[1])


def test_search_agrees_with_numpy(kind: type[VectorIndex], tmp_path: Path) -> None:
    """The nearest rows, in order, with their scores, after writing and opening."""
    vectors, queries = unit(500, 48, 1), unit(7, 48, 2)
    scores, rows = opened(kind, vectors, tmp_path).search(queries, 10)
    truth = queries @ vectors.T
    assert scores.shape == rows.shape == (7, 10)
    np.testing.assert_allclose(scores, np.take_along_axis(truth, rows, 1), atol=1e-3)
    assert (np.diff(scores, axis=1) <= 0).all()
    best = np.sort(truth, axis=1)[:, ::-1][:, :10]
    np.testing.assert_allclose(scores, best, atol=1e-3)


def test_scores_of_named_rows_agree_with_search(kind: type[VectorIndex], tmp_path: Path) -> None:
    """Both ways of scoring are one scale."""
    vectors, queries = unit(50, 16, 3), unit(1, 16, 4)
    store = opened(kind, vectors, tmp_path)
    scores, rows = store.search(queries, 50)
    np.testing.assert_allclose(store.scores(queries[0], rows[0]), scores[0], atol=1e-5)


def test_several_questions_are_scored_at_once(kind: type[VectorIndex], tmp_path: Path) -> None:
    """One row of scores for each of them, the same as one by one."""
    vectors, queries = unit(50, 16, 3), unit(3, 16, 4)
    store = opened(kind, vectors, tmp_path)
    rows = np.array([7, 0, 49])
    together = store.scores(queries, rows)
    assert together.shape == (3, 3)
    np.testing.assert_allclose(together, [store.scores(query, rows) for query in queries], atol=1e-6)
    np.testing.assert_allclose(together, queries @ vectors[rows].T, atol=1e-3)


def test_a_search_for_several_gives_what_each_alone_gives(kind: type[VectorIndex], tmp_path: Path) -> None:
    """Company changes nothing."""
    store = opened(kind, unit(200, 16, 9), tmp_path)
    queries = unit(5, 16, 10)
    scores, rows = store.search(queries, 10)
    alone = [store.search(query[None], 10) for query in queries]
    np.testing.assert_array_equal(rows, [found[1][0] for found in alone])
    np.testing.assert_array_equal(scores, [found[0][0] for found in alone])


def test_asking_for_more_rows_than_there_are_gives_all(kind: type[VectorIndex], tmp_path: Path) -> None:
    """No row numbers that do not exist."""
    scores, rows = opened(kind, unit(3, 8, 5), tmp_path).search(unit(1, 8, 6), 10)
    assert sorted(rows[0].tolist()) == [0, 1, 2]
    assert scores.shape == (1, 3)


def test_a_file_of_another_shape_is_refused(kind: type[VectorIndex], tmp_path: Path) -> None:
    """The manifest says how many rows there must be."""
    path = tmp_path / "vectors"
    path.write_bytes(kind.build(unit(3, 8, 7)).dump())
    with pytest.raises(ValueError, match="3 × 8"):
        kind.open(str(path), rows=4, dimension=8)


def test_a_file_of_another_kind_is_refused(kind: type[VectorIndex], tmp_path: Path) -> None:
    """Even where the shape is right."""
    other = next(other for other in STORES if other is not kind)
    path = tmp_path / "vectors"
    path.write_bytes(other.build(unit(3, 8, 7)).dump())
    with pytest.raises(ValueError, match="holds a "):
        kind.open(str(path), rows=3, dimension=8)


def test_the_bytes_are_the_same_for_the_same_vectors(kind: type[VectorIndex]) -> None:
    """A build of the same corpus gives the same index."""
    assert bytes(kind.build(unit(9, 8, 8)).dump()) == bytes(kind.build(unit(9, 8, 8)).dump())


def test_the_kind_goes_by_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exact while that is quick, a graph beyond; the name says which, for the manifest."""
    monkeypatch.setattr(kinds, "MOST_FLAT", 20)
    assert [type(store) for _, store in map(kinds.build, (unit(20, 8, 1), unit(21, 8, 1)))] == [FaissFlat, FaissHnsw]
    assert [kinds.kind_for(rows) for rows in (0, 20, 21)] == ["flat", "flat", "graph"]


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    """A newer askdoc may know others."""
    with pytest.raises(ValueError, match="does not know"):
        kinds.open_kind("tree", str(tmp_path / "vectors"), rows=1, dimension=8)


def test_the_graph_finds_nearly_all_the_nearest(tmp_path: Path) -> None:
    """Of clustered vectors, as texts give them: 98 of 100 of the ten nearest, with exact scores, from a mapped file."""
    rng = np.random.default_rng(11)
    centres = unit(100, 48, 12)
    vectors = centres[rng.integers(0, 100, 4000)] + 0.1 * rng.normal(size=(4000, 48)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    queries = vectors[rng.integers(0, 4000, 50)] + 0.05 * rng.normal(size=(50, 48)).astype(np.float32)
    scores, rows = opened(FaissHnsw, vectors, tmp_path).search(queries, 10)
    truth = queries @ vectors.T
    exact = np.argsort(-truth, axis=1)[:, :10]
    found = [len(set(one) & set(other)) for one, other in zip(rows.tolist(), exact.tolist(), strict=True)]
    assert sum(found) >= 0.98 * 500
    np.testing.assert_allclose(scores, np.take_along_axis(truth, rows, 1), atol=2e-3)
