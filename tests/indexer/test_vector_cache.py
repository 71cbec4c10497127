"""The cache gives back what it was given, or nothing."""

import contextlib
import functools
import hashlib
import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from askdoc.embedder.prompts import NO_PROMPT, Prompt
from askdoc.indexer import vector_cache
from askdoc.indexer.vector_cache import VectorCache, key
from tests.reliability import faults

NAMES = [key(text) for text in ("one", "two", "three")]
VECTORS = np.arange(12, dtype=np.float32).reshape(3, 4)


def test_a_prompt_is_part_of_the_key() -> None:
    """What is told before a text and what is left out of it; without any, the key is the text's hash."""
    prompts = [NO_PROMPT, Prompt("query: "), Prompt("query: ", 4), Prompt(task="query")]
    assert len({key("tea", prompt) for prompt in prompts} | {key("query: tea")}) == 5
    assert key("tea") == hashlib.sha256(b"tea").digest()


def opened(place: Path, fingerprint: str = "model", dimension: int = 4, encoder: str = "") -> VectorCache:
    return VectorCache.open(place / "cache", fingerprint, dimension, encoder=encoder)


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
        assert len(known(tmp_path)) == (2 if place >= vector_cache.HEAD else 0)
        if place < vector_cache.HEAD:
            assert not file.exists()


def test_a_torn_end_is_cut_off_and_written_anew(file: Path, tmp_path: Path) -> None:
    """At every length: the whole records stay known, and what is added then is known too."""
    whole = file.read_bytes()
    size = (len(whole) - vector_cache.HEAD) // 3
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        rows = max(0, (length - vector_cache.HEAD) // size)
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


NO_MORE = 50
DEAD = [key(str(number)) for number in range(300)]


@pytest.fixture
def crowded(file: Path, tmp_path: Path) -> Path:
    """The three vectors, and three hundred that nothing needs any more."""
    many = opened(tmp_path)
    many.add(DEAD, np.ones((300, 4), np.float32))
    many.close()
    return file


def same(vector: NDArray[np.float32] | None, wanted: object) -> bool:
    return vector is not None and np.array_equal(vector, np.array(wanted, np.float32))


def record_size(file: Path) -> int:
    return (file.stat().st_size - vector_cache.HEAD) // 303


def damaged(file: Path, row: int, place: int = 40) -> None:
    """Flip a bit of the vector of one record."""
    data = bytearray(file.read_bytes())
    data[vector_cache.HEAD + row * record_size(file) + place] ^= 0x10
    file.write_bytes(data)


def test_pruning_keeps_what_this_build_has_embedded(crowded: Path, tmp_path: Path) -> None:
    """All of it: a build that is killed later, or the next one, need not embed it again."""
    names = [key(f"new {number}") for number in range(50)]
    vectors = np.arange(200, dtype=np.float32).reshape(50, 4)
    building = opened(tmp_path)
    building.add(names, vectors)
    building.prune([*NAMES[:1], *names])
    building.close()
    again = opened(tmp_path)
    assert [same(again.get(name), row) for name, row in zip(names, vectors, strict=True)] == [True] * 50
    assert known(tmp_path) == [0]
    assert crowded.stat().st_size == vector_cache.HEAD + 51 * (32 + 4 * 4 + 4)


@pytest.mark.parametrize("place", [0, 31, 32, 47, 48, 51])
@pytest.mark.parametrize("pruned", [False, True])
def test_a_damaged_record_is_never_vouched_for(crowded: Path, tmp_path: Path, place: int, pruned: bool) -> None:
    """Neither as it stands nor after the file is written anew, whichever of its parts is damaged."""
    damaged(crowded, row=1, place=place)
    if pruned:
        opened(tmp_path).prune(NAMES)
        assert crowded.stat().st_size == vector_cache.HEAD + 2 * (32 + 4 * 4 + 4)
    assert known(tmp_path) == [0, 2]


def test_what_was_damaged_while_it_was_open_is_not_vouched_for_either(crowded: Path, tmp_path: Path) -> None:
    """The file is written anew from what stands there, and its memory may be the whole one."""
    living = opened(tmp_path)
    living.add([key("new")], np.ones((1, 4), np.float32))
    size = (crowded.stat().st_size - vector_cache.HEAD) // 304
    data = bytearray(crowded.read_bytes())
    data[vector_cache.HEAD + 303 * size + 40] ^= 0x10
    crowded.write_bytes(data)
    living.prune([*NAMES, key("new")])
    assert opened(tmp_path).get(key("new")) is None
    assert known(tmp_path) == [0, 1, 2]


def test_after_pruning_more_can_be_added(crowded: Path, tmp_path: Path) -> None:
    """It stands behind what was kept, without a gap and without cutting anything off."""
    living = opened(tmp_path)
    living.prune(NAMES)
    living.add([key("later")], np.full((1, 4), 7, np.float32))
    living.close()
    assert known(tmp_path) == [0, 1, 2]
    assert same(opened(tmp_path).get(key("later")), [7, 7, 7, 7])
    assert crowded.stat().st_size == vector_cache.HEAD + 4 * (32 + 4 * 4 + 4)


def test_what_was_just_added_is_known(tmp_path: Path) -> None:
    """The calibration of a first build asks for the titles that the same build has embedded."""
    living = opened(tmp_path)
    living.add(NAMES, VECTORS)
    assert same(living.get(NAMES[1]), VECTORS[1])
    living.close()


def test_the_last_of_two_records_of_a_text_counts(file: Path, tmp_path: Path) -> None:
    """With --full every text is embedded anew; one that is damaged then is not replaced by what it replaced."""
    living = opened(tmp_path)
    living.add(NAMES[:1], VECTORS[2:])
    living.close()
    assert same(opened(tmp_path).get(NAMES[0]), VECTORS[2])
    data = bytearray(file.read_bytes())
    data[-5] ^= 0x10
    file.write_bytes(data)
    assert opened(tmp_path).get(NAMES[0]) is None


def test_two_writers_do_not_cut_off_each_others_records(tmp_path: Path) -> None:
    """Where a file system has no locks, each appends to what stands there, in whatever order they were opened."""
    one, other = opened(tmp_path), opened(tmp_path)
    one.add(NAMES[:1], VECTORS[:1])
    other.add(NAMES[1:2], VECTORS[1:2])
    one.add(NAMES[2:], VECTORS[2:])
    one.close()
    other.close()
    assert known(tmp_path) == [0, 1, 2]


def test_a_reader_beside_a_writer_sees_whole_records(file: Path, tmp_path: Path) -> None:
    """Whatever part of the writer's batch stands there, a reader knows what is whole, and changes nothing."""
    size = (file.stat().st_size - vector_cache.HEAD) // 3
    whole = file.read_bytes()
    for length in range(vector_cache.HEAD, len(whole)):
        file.write_bytes(whole[:length])
        assert known(tmp_path) == list(range((length - vector_cache.HEAD) // size))
        assert file.read_bytes() == whole[:length]


def test_a_write_that_stops_half_way_leaves_no_gap(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up takes a part of a record; what is added once there is room again is known."""
    real, room = os.write, [30]

    def filling(descriptor: int, data: bytes) -> int:
        if not room[0]:
            raise OSError(28, "No space left on device")
        taken = real(descriptor, data[: room[0]])
        room[0] -= taken
        return taken

    living = opened(tmp_path)
    living.add([key("before")], np.ones((1, 4), np.float32))
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", filling)
        with pytest.raises(OSError, match="No space"):
            living.add([key("lost")], np.ones((1, 4), np.float32))
    assert living.get(key("lost")) is None
    living.add([key("after")], np.ones((1, 4), np.float32))
    living.close()
    again = opened(tmp_path)
    assert [again.get(key(text)) is None for text in ("before", "lost", "after")] == [False, True, False]
    assert known(tmp_path) == [0, 1, 2]


def test_no_failing_call_loses_or_alters_what_was_kept(crowded: Path, tmp_path: Path) -> None:
    """Each call of a prune between two batches fails in turn: no vector is wrong, and none that was flushed is lost."""
    place = crowded.parent
    kept, spare, none = faults.fresh(place, tmp_path / "kept"), tmp_path / "spare", tmp_path / "none"
    none.mkdir()

    def building(kind: str, at: int) -> int:
        living = opened(tmp_path)
        disk = faults.Disk(kind, at, spare)
        with disk.failing(), contextlib.suppress(OSError):
            try:
                living.add([key("first")], np.full((1, 4), 5, np.float32))
                living.prune([*NAMES, key("first")])
                living.add([key("second")], np.full((1, 4), 6, np.float32))
            finally:
                living.close()
        return NO_MORE if disk.count < at else 0

    for kind in faults.KINDS:
        status, at = 0, 0
        while status != NO_MORE:
            at += 1
            faults.fresh(kept, place)
            faults.fresh(none, spare)
            status = faults.in_child(functools.partial(building, kind, at))
            assert status in {0, NO_MORE, faults.EXITED}
            assert known(tmp_path) == [0, 1, 2] or kind == "power"
            again = opened(tmp_path)
            for text, value in (("first", 5), ("second", 6)):
                vector = again.get(key(text))
                assert vector is None or np.array_equal(vector, np.full(4, value))
        assert at > 10
