"""The cache gives back what it was given, or nothing."""

from pathlib import Path

import numpy as np
import pytest

from askdoc.index import cache
from askdoc.index.cache import VectorCache, key

NAMES = [key(text) for text in ("one", "two", "three")]
VECTORS = np.arange(12, dtype=np.float32).reshape(3, 4)


def opened(place: Path, fingerprint: str = "model", dimension: int = 4, encoder: str = "") -> VectorCache:
    return VectorCache.open(place, fingerprint, dimension, encoder=encoder)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A cache of three vectors, in batches of two and one."""
    known = opened(tmp_path)
    known.add(NAMES[:2], VECTORS[:2])
    known.add(NAMES[2:], VECTORS[2:])
    known.close()
    return tmp_path / "cache" / "model.vectors"


def known(place: Path) -> list[int]:
    """Which of the three are known, each compared with what was kept."""
    found = [opened(place).get(name) for name in NAMES]
    assert all(vector is None or np.array_equal(vector, VECTORS[row]) for row, vector in enumerate(found))
    return [row for row, vector in enumerate(found) if vector is not None]


def test_what_is_added_is_known(file: Path, tmp_path: Path) -> None:
    """Bit by bit, in a new process too, as nothing is held back in memory."""
    assert known(tmp_path) == [0, 1, 2]


def test_vectors_of_another_export_of_the_model_are_not_taken(file: Path, tmp_path: Path) -> None:
    """Its rounding differs: an index of both would not be what one build makes."""
    assert opened(tmp_path, encoder="another").get(NAMES[0]) is None


def test_a_killed_process_loses_no_finished_batch(tmp_path: Path) -> None:
    """A batch stands in the file once ``add`` returns, closed or not."""
    living = opened(tmp_path)
    living.add(NAMES[:2], VECTORS[:2])
    assert known(tmp_path) == [0, 1]
    living.close()


def test_every_single_damage_is_noticed(file: Path, tmp_path: Path) -> None:
    """Each byte flipped in turn: the record is passed over, or it is untouched. Never another vector."""
    whole = file.read_bytes()
    for place in range(len(whole)):
        data = bytearray(whole)
        data[place] ^= 0x10
        file.write_bytes(data)
        assert len(known(tmp_path)) == (2 if place >= cache.HEAD else 0)
        if place < cache.HEAD:
            assert not file.exists()


def test_a_torn_end_is_cut_off_and_written_anew(file: Path, tmp_path: Path) -> None:
    """At every length: the whole records stay known, and what is added then is known too."""
    whole = file.read_bytes()
    size = (len(whole) - cache.HEAD) // 3
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        rows = max(0, (length - cache.HEAD) // size)
        assert known(tmp_path) == list(range(rows))
        if rows:
            torn = opened(tmp_path)
            torn.add(NAMES[rows:], VECTORS[rows:])
            torn.close()
            assert file.read_bytes() == whole


@pytest.mark.parametrize(("fingerprint", "dimension"), [("other", 4), ("model", 3)])
def test_the_cache_of_another_model_is_not_used(file: Path, tmp_path: Path, fingerprint: str, dimension: int) -> None:
    """Neither under its own name nor renamed."""
    file.rename(file.with_name(f"{fingerprint}.vectors"))
    assert opened(tmp_path, fingerprint, dimension).get(NAMES[0]) is None


def test_something_else_in_its_place_is_replaced(file: Path, tmp_path: Path) -> None:
    """A link is not followed."""
    file.rename(tmp_path / "away")
    file.symlink_to(tmp_path / "away")
    assert known(tmp_path) == []
    assert (tmp_path / "away").exists()


def test_dead_vectors_are_dropped_once_they_are_the_half(file: Path, tmp_path: Path) -> None:
    """The live ones stay."""
    many = opened(tmp_path)
    names = [key(str(number)) for number in range(300)]
    many.add(names, np.ones((300, 4), np.float32))
    many.close()
    size = file.stat().st_size
    again = opened(tmp_path)
    again.prune([*NAMES, key("unknown")])
    assert file.stat().st_size < size / 10
    assert known(tmp_path) == [0, 1, 2]
