"""Cache of embeddings by content: a repeated or interrupted build embeds only what is new.

One file for each model, ``cache/<model fingerprint>.vectors``: a head of 48 bytes (a mark, the dimension, SHA-256 of
all that decides what comes out), then records of a fixed size: the key of the text, the vector as float32, and a CRC-32
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
from askdoc.embedder.prompts import NO_PROMPT, Prompt

log = logging.getLogger("askdoc")
MARK = b"askdoc-vec2\n"
HEAD = 48
SPARE = 100
"""The most dead records that are never worth writing a file anew."""
Vector = NDArray[np.float32]
Records = NDArray[np.void]


def key(text: str, prompt: Prompt = NO_PROMPT) -> bytes:
    """Key of a text's vector: SHA-256 of the text, behind that of what the model is told before it."""
    before = hashlib.sha256(repr(tuple(prompt)).encode()).digest() if prompt != NO_PROMPT else b""
    return hashlib.sha256(before + text.encode()).digest()


class VectorCache:
    """Vectors of one model: those that stand in its file, and those added since it was opened."""

    def __init__(self, path: Path, head: bytes, records: Records) -> None:
        self._path = path
        self._head = head
        self._record_type = records.dtype
        self._records = records
        self._rows = {name: row for row, name in enumerate(_names(records))}
        self._added: dict[bytes, Vector] = {}
        self._file: int | None = None

    @classmethod
    def open(cls, folder: Path, fingerprint: str, dimension: int, *, encoder: str = "") -> "VectorCache":
        """Open or begin the cache of a model in the folder of the caches. A file that is not one is begun anew.

        So is one by another ``encoder``, the hashes of what the model was exported to: an export rounds in its own way.
        """
        path = folder / f"{fingerprint[:32]}.vectors"
        head = MARK + dimension.to_bytes(4, "little") + hashlib.sha256((fingerprint + encoder).encode()).digest()
        data = _content(path)
        if data[:HEAD] != head:
            path.unlink(missing_ok=True)
            data = head
        return cls(path, head, _records(data, _record_type(dimension)))

    def get(self, name: bytes) -> Vector | None:
        """The vector of a text, or None where it is not known or its record is damaged."""
        added = self._added.get(name)
        if added is not None:
            return added
        row = self._rows.get(name)
        return self._records[row]["vector"] if row is not None and _is_whole(self._records[row]) else None

    def add(self, names: Iterable[bytes], vectors: NDArray[np.float32]) -> None:
        """Append a finished batch: once this returns, a killed process loses nothing of it."""
        names = list(names)
        if self._file is None:
            self._file = self._begin()
        try:
            durable.write_all(self._file, _packed(names, vectors))
        except BaseException:
            with contextlib.suppress(OSError):
                self.close()  # a part of the batch may stand there: the next one begins by cutting it off
            raise
        self._added.update(zip(names, vectors, strict=True))

    def prune(self, live: Iterable[bytes]) -> None:
        """Write the file anew with the texts of ``live`` alone, where that halves it. A disk that fails puts it off.

        Records are copied from the file as they stand, with the checksums that they were written with, and only those
        that are whole: a checksum made anew would vouch for damage.
        """
        wanted = set(live)
        if not self._is_worth_it(len(wanted)):
            return
        try:
            records = self._written()
            self.close()
            durable.replace(self._path, self._head + records[_live(records, wanted)].tobytes())
        except OSError as error:
            log.warning("%s was not shortened (%s). It does no harm.", self._path, error.strerror)

    def _is_worth_it(self, live: int) -> bool:
        """Whether at least half of the records can go where ``live`` of them stay."""
        size = self._path.stat().st_size if self._path.exists() else HEAD
        return (size - HEAD) // self._record_type.itemsize >= 2 * live + SPARE

    def close(self) -> None:
        """Flush what was appended to the disk."""
        if self._file is not None:
            file, self._file = self._file, None
            try:
                os.fsync(file)
            finally:
                os.close(file)

    def _written(self) -> Records:
        """The records that stand in the file now; none where it is another model's."""
        data = durable.content(self._path)
        return _records(data if data[:HEAD] == self._head else self._head, self._record_type)

    def _begin(self) -> int:
        """Open the file for appending, a torn record at its end cut off. What others appended meanwhile stays."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644)
        try:
            if os.read(file, HEAD) != self._head:
                os.ftruncate(file, 0)
                durable.write_all(file, self._head)
            torn = (os.fstat(file).st_size - HEAD) % self._record_type.itemsize
            if torn:
                os.ftruncate(file, os.fstat(file).st_size - torn)
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


def _records(data: bytes, record_type: np.dtype[np.void]) -> Records:
    """The whole records behind a head; a torn one at the end is passed over."""
    return np.frombuffer(data, record_type, count=(len(data) - HEAD) // record_type.itemsize, offset=HEAD)


def _names(records: Records) -> list[bytes]:
    return [name.tobytes() for name in records["key"]]


def _live(records: Records, wanted: set[bytes]) -> list[int]:
    """The rows of the last whole record of each text that is wanted."""
    rows = {name: row for row, name in enumerate(_names(records)) if name in wanted and _is_whole(records[row])}
    return sorted(rows.values())


def _is_whole(record: np.void) -> bool:
    """Whether a record's checksum is that of its name and its vector."""
    return zlib.crc32(record["vector"].tobytes(), zlib.crc32(record["key"].tobytes())) == int(record["crc"])


def _record_type(dimension: int) -> np.dtype[np.void]:
    return np.dtype([("key", "V32"), ("vector", "<f4", (dimension,)), ("crc", "<u4")])
