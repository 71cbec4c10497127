"""Arrays come back as they were written, and nothing else does."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from askdoc.index import array_codec

ARRAYS: list[NDArray[Any]] = [
    np.arange(6, dtype=np.float32).reshape(2, 3),
    np.zeros(0, np.int32),
    np.zeros((0, 4), np.uint16),
]


@pytest.mark.parametrize("array", ARRAYS, ids=str)
def test_an_array_is_read_and_mapped_as_it_was_written(array: NDArray[Any], tmp_path: Path) -> None:
    """Values, shape and kind, empty ones too; the same array gives the same bytes."""
    data = array_codec.dump(array)
    assert data == array_codec.dump(array.copy())
    (tmp_path / "a.npy").write_bytes(data)
    for read in (array_codec.load(data), array_codec.mapped(tmp_path / "a.npy")):
        assert (read.dtype, read.shape) == (array.dtype, array.shape)
        np.testing.assert_array_equal(read, array)


@pytest.mark.parametrize("data", [b"", b"x" * 200, array_codec.dump(ARRAYS[0])[:-1]])
def test_what_is_no_array_is_a_value_error(data: bytes) -> None:
    """Nothing, something else, and an array that was cut short."""
    with pytest.raises(ValueError, match=r"EOF|magic|buffer"):
        array_codec.load(data)


def test_named_arrays_are_read_as_they_were_written() -> None:
    """Each under its name; the same arrays give the same bytes."""
    named = {"one": ARRAYS[0], "two": ARRAYS[1]}
    data = array_codec.dump_named(named)
    assert data == array_codec.dump_named(dict(named))
    read = array_codec.load_named(data)
    assert list(read) == ["one", "two"]
    for name, array in named.items():
        np.testing.assert_array_equal(read[name], array)


def test_objects_are_refused(tmp_path: Path) -> None:
    """They could run code when they are read: neither written nor read, nor mapped."""
    objects = np.array([{}], object)
    with pytest.raises(ValueError, match="allow_pickle"):
        array_codec.dump(objects)
    np.save(tmp_path / "a.npy", objects, allow_pickle=True)
    with pytest.raises(ValueError, match="objects"):
        array_codec.load((tmp_path / "a.npy").read_bytes())
    with pytest.raises(ValueError, match=r"allow_pickle|objects"):
        array_codec.mapped(tmp_path / "a.npy")
