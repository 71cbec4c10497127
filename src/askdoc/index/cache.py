"""Remembers embeddings by content, so that a repeated or interrupted build embeds only what is new.

One file for each model, ``cache/<model fingerprint>.vectors``: a head of 48 bytes (a mark, the dimension, SHA-256 of
all that decides what comes out), then records of a fixed size: SHA-256 of the text, the vector as float32, and a CRC-32
of both. Records are only appended; a torn or altered record is passed over and its text embedded again.
"""

import contextlib
import errno
import hashlib
import logging
import os
import zlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from askdoc import durable

log = logging.getLogger("askdoc")
FOLDER = "cache"
MARK = b"askdoc-vec2\n"
HEAD = 48


def key(text: str) -> bytes:
    """The name under which a text's vector is kept."""
    return hashlib.sha256(text.encode()).digest()


class VectorCache:
    """The vectors of one model."""

    def __init__(self, path: Path, head: bytes, records: NDArray[np.void]) -> None:
        self._path = path
        self._head = head
        self._records = records
        self._rows = {name.tobytes(): row for row, name in enumerate(records["key"])}
        self._file: int | None = None

    @classmethod
    def open(cls, index: Path, fingerprint: str, dimension: int, *, encoder: str = "") -> "VectorCache":
        """Open or begin the cache of a model in an index folder. A file that is not one is begun anew.

        So is one by another ``encoder``, the hashes of what the model was exported to: an export rounds in its own way.
        """
        path = index / FOLDER / f"{fingerprint[:32]}.vectors"
        head = MARK + dimension.to_bytes(4, "little") + hashlib.sha256((fingerprint + encoder).encode()).digest()
        kind = _kind(dimension)
        data = _content(path)
        if data[:HEAD] != head:
            path.unlink(missing_ok=True)
            data = head
        records = np.frombuffer(data, kind, count=(len(data) - HEAD) // kind.itemsize, offset=HEAD)
        return cls(path, head, records)

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
        durable.write_all(self._file, _packed(names, vectors))

    def prune(self, live: Iterable[bytes]) -> None:
        """Write the file anew with the live texts alone, where that halves it. A full disk only puts it off."""
        wanted = sorted(set(live) & set(self._rows))
        if len(self._records) < 2 * len(wanted) + 100:
            return
        data = _packed(wanted, self._records["vector"][[self._rows[name] for name in wanted]])
        self.close()
        try:
            durable.replace(self._path, self._head + data)
        except OSError as error:
            log.warning("%s was not shortened (%s). It does no harm.", self._path, error.strerror)

    def close(self) -> None:
        """Flush what was appended to the disk."""
        if self._file is not None:
            file, self._file = self._file, None
            try:
                os.fsync(file)
            finally:
                os.close(file)

    def _begin(self) -> int:
        """Open for appending, a torn record at the end cut off."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            size = HEAD + self._records.nbytes
            if os.fstat(file).st_size < HEAD:
                os.ftruncate(file, 0)
                durable.write_all(file, self._head)
            os.ftruncate(file, size)
            os.lseek(file, size, os.SEEK_SET)
        except BaseException:
            os.close(file)
            raise
        return file


def _content(path: Path) -> bytes:
    """The bytes of a cache file; none where it cannot be read because the disk or the file is damaged."""
    try:
        return durable.content(path)
    except FileNotFoundError:
        return b""
    except OSError as error:
        if error.errno not in {errno.EIO, errno.EINVAL}:
            raise
        log.warning("%s cannot be read (%s) and is begun anew.", path, error.strerror)
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        return b""


def _packed(names: Iterable[bytes], vectors: NDArray[np.float32]) -> bytes:
    parts = []
    for name, vector in zip(names, vectors, strict=True):
        values = np.ascontiguousarray(vector, "<f4").tobytes()
        parts.append(name + values + zlib.crc32(values, zlib.crc32(name)).to_bytes(4, "little"))
    return b"".join(parts)


def _kind(dimension: int) -> np.dtype[np.void]:
    return np.dtype([("key", "V32"), ("vector", "<f4", (dimension,)), ("crc", "<u4")])
