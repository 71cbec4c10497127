"""Remembers embeddings by content, so that a repeated or interrupted build embeds only what is new.

One file for each model, ``cache/<model fingerprint>.vectors``: 16 bytes of head (a mark and the dimension),
then records of a fixed size: SHA-256 of the text, the vector as float32, and a CRC-32 of both. Records are only
appended; a torn or altered record is passed over and its text embedded again.
"""

import hashlib
import os
import zlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from askdoc import durable

MARK = b"askdoc-vec1\n"
HEAD = 16


def key(text: str) -> bytes:
    """The name under which a text's vector is kept."""
    return hashlib.sha256(text.encode()).digest()


class VectorCache:
    """The vectors of one model."""

    def __init__(self, path: Path, dimension: int, records: NDArray[np.void]) -> None:
        self._path = path
        self._dimension = dimension
        self._records = records
        self._rows = {name.tobytes(): row for row, name in enumerate(records["key"])}
        self._file: int | None = None

    @classmethod
    def open(cls, folder: Path, fingerprint: str, dimension: int) -> "VectorCache":
        """Open or begin the cache of a model. A file that is not one is begun anew."""
        path = folder / f"{fingerprint[:32]}.vectors"
        kind = _kind(dimension)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            data = b""
        if data[:HEAD] != _head(dimension):
            path.unlink(missing_ok=True)
            data = b""
        whole = (len(data) - HEAD) // kind.itemsize if data else 0
        records = np.frombuffer(data, kind, count=max(0, whole), offset=HEAD if data else 0)
        return cls(path, dimension, records)

    def get(self, name: bytes) -> NDArray[np.float32] | None:
        """The vector of a text, or None where it is not known or its record is damaged."""
        row = self._rows.get(name)
        if row is None:
            return None
        record = self._records[row]
        vector: NDArray[np.float32] = record["vector"]
        return vector if zlib.crc32(vector.tobytes(), zlib.crc32(name)) == int(record["crc"]) else None

    def add(self, names: Iterable[bytes], vectors: NDArray[np.float32]) -> None:
        """Append a finished batch: once this returns, a killed process loses nothing of it."""
        if self._file is None:
            self._file = self._begin()
        data = self._pack(names, vectors)
        while data:
            data = data[os.write(self._file, data) :]

    def prune(self, live: Iterable[bytes]) -> None:
        """Write the file anew with the live texts alone, where that halves it."""
        wanted = sorted(set(live) & set(self._rows))
        if len(self._records) < 2 * len(wanted) + 100:
            return
        rows = [self._rows[name] for name in wanted]
        data = self._pack(wanted, self._records["vector"][rows])
        self.close()
        durable.replace(self._path, _head(self._dimension) + data)

    def close(self) -> None:
        """Flush what was appended to the disk."""
        if self._file is not None:
            os.fsync(self._file)
            os.close(self._file)
            self._file = None

    def _begin(self) -> int:
        """Open for appending, a torn record at the end cut off."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o644)
        size = HEAD + len(self._records) * _kind(self._dimension).itemsize
        if os.fstat(file).st_size < HEAD:
            os.ftruncate(file, 0)
            os.write(file, _head(self._dimension))
            size = HEAD
        os.ftruncate(file, size)
        os.lseek(file, size, os.SEEK_SET)
        return file

    def _pack(self, names: Iterable[bytes], vectors: NDArray[np.float32]) -> bytes:
        parts = []
        for name, vector in zip(names, vectors, strict=True):
            values = np.ascontiguousarray(vector, "<f4").tobytes()
            parts.append(name + values + zlib.crc32(values, zlib.crc32(name)).to_bytes(4, "little"))
        return b"".join(parts)


def _kind(dimension: int) -> np.dtype[np.void]:
    return np.dtype([("key", "V32"), ("vector", "<f4", (dimension,)), ("crc", "<u4")])


def _head(dimension: int) -> bytes:
    return MARK + dimension.to_bytes(4, "little")
