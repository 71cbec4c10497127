"""Codec of arrays: ``.npy`` for one, ``.npz`` for several by name.

Pickled objects are refused in either, as they could run code.
"""

import io
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def dump(array: NDArray[Any]) -> bytes:
    """Give the bytes of a ``.npy`` file; the same array always gives the same."""
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(array), allow_pickle=False)
    return buffer.getvalue()


def load(data: bytes) -> NDArray[Any]:
    """Read what ``dump`` wrote, without a copy: the array cannot be written to. Raises ValueError."""
    file = io.BytesIO(data)
    if (version := np.lib.format.read_magic(file)) != (1, 0):
        raise ValueError(f"version {version} of the array format is not read")
    shape, column_major, dtype = np.lib.format.read_array_header_1_0(file)
    if dtype.hasobject or column_major:
        raise ValueError("arrays of objects, and those in column order, are not read")
    array: NDArray[Any] = np.frombuffer(data, dtype, count=prod(shape), offset=file.tell()).reshape(shape)
    return array


def mapped(path: Path) -> NDArray[Any]:
    """Map a ``.npy`` file: its pages are read as they are needed. Raises OSError or ValueError."""
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError:  # NumPy cannot map an empty array; a damaged one fails again
        array = np.load(path, allow_pickle=False)
    # A plain view: numpy's own class for mapped arrays costs a microsecond at every slice.
    plain: NDArray[Any] = array.view(np.ndarray)
    return plain


def dump_named(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Give the bytes of a ``.npz`` file; the same arrays always give the same."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def load_named(data: bytes) -> dict[str, NDArray[Any]]:
    """Read what ``dump_named`` wrote. Raises ValueError."""
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        return dict(archive)
