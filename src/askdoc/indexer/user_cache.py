"""Cache of what depends on the model alone, shared by all index folders of a user.

An entry is one file, named by its key: a mark, SHA-256 of the key and of what follows, a line of JSON (length by name),
the contents. It is written under a temporary name and renamed, so two builders that make the same entry at once leave
one that is whole; nobody waits, and there is no lock that could be left over. Nothing is flushed to the disk: what a
crash tears fails its hash, and is made anew.

No build needs it. Where the folder cannot be used, or others could have written what is in it, a build does without.
"""

import contextlib
import errno
import hashlib
import json
import logging
import os
import re
import stat
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Self

import platformdirs

from askdoc import durable
from askdoc.filename_escaping import readable

log = logging.getLogger("askdoc")
MARK = b"askdoc-entry1\n"
HEAD = len(MARK) + hashlib.sha256().digest_size
MOST_ENTRIES = 8
"""How many entries are kept, those last used: the export and the examples of four models or versions."""
MOST_BYTES = 1 << 30
"""How many bytes are kept in all; the default model's export and examples take 38 MB."""
ABANDONED_S = 3600.0
"""Age from which a temporary file is one that a killed build has left: a living one is seconds old."""
_NAME = re.compile(r"[0-9a-f]{64}(\.\w+\.tmp)?")
"""The names of entries and of their temporary files; nothing else in the folder is touched."""


def key_of(**parts: Any) -> str:
    """Key of an entry: SHA-256, in hexadecimal, of all that decides its contents, as JSON holds it."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class UserCache:
    """Files by name, kept under keys in a private folder."""

    folder: Path

    @classmethod
    def located(cls) -> Self | None:
        """The cache of this user, where the platform has caches (``XDG_CACHE_HOME``); None where there is no home."""
        try:
            return cls(platformdirs.user_cache_path("askdoc", appauthor=False))
        except RuntimeError:
            return None

    def get(self, key: str) -> dict[str, bytes] | None:
        """The files of an entry; None where there is none, it is damaged, or others could have written it."""
        path = self.folder / key
        try:
            _refuse_foreign(self.folder)
            _refuse_foreign(path)
            files = _unpacked(key, durable.content(path))
        except OSError:
            return None
        with contextlib.suppress(OSError):  # a cache that can only be read is one all the same
            os.utime(path)  # used now, so pruned last
        return files

    def put(self, key: str, files: Mapping[str, bytes]) -> None:
        """Keep an entry, and prune the others. Where it cannot be kept, a line in the log says so."""
        try:
            self._make_folder()
            self._write(key, _packed(key, files))
            self._prune()
        except OSError as error:
            log.warning(
                "The cache %s cannot be used (%s), so the next new index prepares the model again. It does no harm.",
                readable(str(self.folder)),
                error.strerror,
            )

    def _make_folder(self) -> None:
        """Make the folder, private, unless it is there. Raises OSError where others could write in it.

        Nothing is made in another user's home, who could not remove what root leaves there.
        """
        if not self.folder.exists():
            above = next(parent for parent in self.folder.parents if parent.exists())
            _refuse_owner(above, above.stat())
            self.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.mkdir(mode=0o700, exist_ok=True)
        _refuse_foreign(self.folder)

    def _write(self, key: str, data: bytes) -> None:
        descriptor, temporary = tempfile.mkstemp(dir=self.folder, prefix=f"{key}.", suffix=".tmp")
        try:
            try:
                durable.write_all(descriptor, data)
            finally:
                os.close(descriptor)
            os.replace(temporary, self.folder / key)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def _prune(self) -> None:
        """Remove what killed builds have left, and beyond the bounds the entries that were used longest ago."""
        found = {path: status for path in self.folder.iterdir() if (status := _status(path))}
        entries = sorted((path for path in found if not path.suffix), key=lambda path: -found[path].st_mtime)
        sizes = accumulate(found[path].st_size for path in entries)
        too_many = [path for n, (path, size) in enumerate(zip(entries, sizes, strict=True)) if _beyond(n, size)]
        abandoned = [path for path in found if path.suffix and found[path].st_mtime < time.time() - ABANDONED_S]
        for path in too_many + abandoned:
            path.unlink(missing_ok=True)


def _beyond(newer: int, size: int) -> bool:
    """Whether an entry goes that has so many ``newer`` ones, and with them takes ``size`` bytes."""
    return newer >= MOST_ENTRIES or size > MOST_BYTES


def _status(path: Path) -> os.stat_result | None:
    """The status of an entry or a temporary file; None for anything else, and for what is gone meanwhile."""
    try:
        return path.lstat() if _NAME.fullmatch(path.name) else None
    except FileNotFoundError:
        return None


def _refuse_foreign(path: Path) -> None:
    """Raise OSError where somebody else than this user or root could have written a file or into a folder."""
    status = path.stat()
    _refuse_owner(path, status)
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise OSError(errno.EPERM, "Others can write to it", str(path))


def _refuse_owner(path: Path, status: os.stat_result) -> None:
    if status.st_uid not in (os.geteuid(), 0):
        raise OSError(errno.EPERM, "It is another user's", str(path))


def _packed(key: str, files: Mapping[str, bytes]) -> bytes:
    lengths = json.dumps({name: len(data) for name, data in files.items()}).encode() + b"\n"
    body = b"".join([lengths, *files.values()])
    return MARK + _digest(key, body) + body


def _unpacked(key: str, data: bytes) -> dict[str, bytes]:
    """The files of an entry. Raises OSError where it is not as it was packed."""
    body = memoryview(data)[HEAD:]
    if data[:HEAD] != MARK + _digest(key, body):
        raise OSError(errno.EIO, "It is damaged", key)
    start = data.index(b"\n", HEAD) + 1
    files = {}
    for name, length in json.loads(data[HEAD:start]).items():
        files[name] = data[start : start + length]
        start += length
    return files


def _digest(key: str, body: bytes | memoryview) -> bytes:
    digest = hashlib.sha256(key.encode())
    digest.update(body)
    return digest.digest()
