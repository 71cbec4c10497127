"""Writes files that are whole after a crash, each read back from the disk."""

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path

CHUNK = 1 << 20
"""Bytes that are read at once."""


def digest(path: Path, *, follow: bool = True) -> tuple[str, int]:
    """Hash a file: its SHA-256 in hexadecimal, and its length in bytes.

    Raises OSError where it cannot be read, is no regular file, or is a link and ``follow`` is false.
    """
    total = hashlib.sha256()
    length = 0
    descriptor = _opened(path, follow=follow)
    try:
        while chunk := os.read(descriptor, CHUNK):
            total.update(chunk)
            length += len(chunk)
    finally:
        os.close(descriptor)
    return total.hexdigest(), length


def content(path: Path, *, most: int | None = None) -> bytes:
    """Read a file, or its first ``most`` bytes. Raises OSError for a link or anything else that is no regular file."""
    pieces = []
    left = most if most is not None else path.lstat().st_size + CHUNK
    descriptor = _opened(path, follow=False)
    try:
        while left > 0 and (piece := os.read(descriptor, min(left, CHUNK))):
            pieces.append(piece)
            left -= len(piece)
    finally:
        os.close(descriptor)
    return b"".join(pieces)


def write(path: Path, pieces: Iterable[bytes | memoryview]) -> tuple[str, int]:
    """Write a new, read-only file durably: its SHA-256 in hexadecimal, and its length in bytes.

    It is flushed to the disk and read back. Raises OSError where it exists, the disk is full, or the bytes read back
    are not those written.
    """
    total = hashlib.sha256()
    length = 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o444)
    try:
        for piece in pieces:
            view = memoryview(piece).cast("B")
            total.update(view)
            length += len(view)
            write_all(descriptor, view)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if digest(path, follow=False) != (total.hexdigest(), length):
        raise OSError(errno.EIO, "The disk gave back other bytes than were written", str(path))
    return total.hexdigest(), length


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """Write every byte; ``os.write`` may take fewer than it is given."""
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def replace(path: Path, data: bytes) -> None:
    """Replace a small file atomically: a reader sees the old one or the new one, whole. Raises OSError."""
    temporary = path.with_name(f"{path.name}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        write(temporary, [data])
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Flush a folder's directory entries to the disk: until then a crash may lose a new name in it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _opened(path: Path, *, follow: bool) -> int:
    """Open a regular file for reading. Raises OSError for a pipe or a device, from which reading might never end."""
    if not follow and path.is_symlink():
        raise OSError(errno.EINVAL, "It is a link, not a file", str(path))
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "It is not a regular file", str(path))
    return descriptor
