"""Writes files that a crash cannot leave half-written, and checks what was written."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

CHUNK = 1 << 20


def digest(path: Path) -> tuple[str, int]:
    """SHA-256 in hexadecimal and length in bytes of a file."""
    total = hashlib.sha256()
    length = 0
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            total.update(chunk)
            length += len(chunk)
    return total.hexdigest(), length


def write(path: Path, pieces: Iterable[bytes | memoryview]) -> tuple[str, int]:
    """Write a new file, flush it to the disk and read it back; SHA-256 and length of what stands there.

    Raises OSError where the disk is full or gives back other bytes than it was given.
    """
    total = hashlib.sha256()
    length = 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
    try:
        for piece in pieces:
            total.update(piece)
            length += len(piece)
            _write_all(descriptor, memoryview(piece))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if digest(path) != (total.hexdigest(), length):
        raise OSError(5, "The disk gave back other bytes than were written", str(path))
    return total.hexdigest(), length


def replace(path: Path, data: bytes) -> None:
    """Put a small file in the place of another in one step: a reader sees the old one or the new one, whole."""
    temporary = path.with_name(f"{path.name}.tmp")
    temporary.unlink(missing_ok=True)
    write(temporary, [data])
    os.replace(temporary, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Flush a folder's own list of names to the disk, where the system can."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: memoryview) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
