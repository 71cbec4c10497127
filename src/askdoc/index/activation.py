"""Changes an index folder: only the builder's lock gives the writer that can."""

import contextlib
import errno
import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from askdoc import durable
from askdoc.errors import BuildError, IndexUnusable
from askdoc.index import checked
from askdoc.index.folder import IndexFolder, Opened
from askdoc.index.manifest import NAME, Manifest

log = logging.getLogger("askdoc")
LOCK = "lock"
PATIENCE_S = 1.0
"""Seconds that a builder waits for the lock: a server that tidies up holds it for a moment."""

_ADVICE = {
    errno.ENOSPC: "Free some space on its disk, then run: askdoc index",
    errno.EDQUOT: "Free some space in your quota, then run: askdoc index",
    errno.EACCES: "Mend its permissions, then run: askdoc index",
    errno.EPERM: "Mend its permissions, then run: askdoc index",
    errno.ENOTDIR: "Name a folder with --index.",
    errno.EEXIST: "Name a folder with --index.",
    errno.ENAMETOOLONG: "Name a folder with a shorter path with --index.",
    errno.EROFS: "Name a folder that can be written with --index.",
}


class IndexWriter:
    """The only thing that changes an index folder. Every step raises RuntimeError where the lock is not held."""

    def __init__(self, folder: IndexFolder, lock: FileLock) -> None:
        """Take a folder and its lock, which is held: ``locked`` gives both."""
        self.folder = folder
        self._lock = lock
        self._owned()

    def _owned(self) -> Path:
        """The folder's path. Raises RuntimeError where its lock is not held."""
        path = self.folder.path
        if not self._lock.is_locked or Path(self._lock.lock_file) != path / LOCK:
            raise RuntimeError(f"The lock of {path} is not held. Take it with askdoc.index.activation.locked")
        return path

    def remove_leftovers(self) -> None:
        """Remove what builds that were killed have left."""
        self._owned()
        for path in self.folder.leftovers():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()

    def seal(self, building: Path, manifest: Manifest) -> str:
        """Write the manifest as the last file of a generation, flushed; gives the name that the generation gets."""
        self._owned()
        data = manifest.dump()
        durable.write(building / NAME, [data])
        durable.sync_folder(building)
        return checked.generation_name(manifest.created, data)

    def activate(self, building: Path, name: str, *, before: str | None) -> Path:
        """Make a sealed generation the active one: the rename, then CURRENT, each flushed before the next.

        Of the others, the one ``before`` stays.
        """
        path = self._owned()
        finished = path / name
        os.rename(building, finished)
        durable.sync_folder(path)
        self.point(finished.name)
        self.keep({finished.name, before or finished.name})
        return finished

    def point(self, generation: str) -> None:
        """Make a generation the active one, in one step."""
        self._owned()
        durable.replace(self.folder.current_file, f"{generation}\n".encode())

    def keep(self, names: Collection[str]) -> None:
        """Remove every generation but the named ones. What cannot be removed is logged.

        A server may still have a removed one mapped: its pages stay until the server lets go. Each is renamed first,
        so that one that is half removed is never taken for a generation.
        """
        path = self._owned()
        try:
            if not self.folder.held():
                self.folder.held_file.unlink(missing_ok=True)
            for name in self.folder.generations():
                if name not in names:
                    shutil.rmtree((path / name).rename(path / f"{name}.tmp"))
        except (OSError, IndexUnusable) as error:
            log.warning(
                "An old generation in %s was not removed (%s). It does no harm; the next build will.", path, error
            )

    def rollback(self, open_at: Callable[[Path], Opened]) -> tuple[str | None, Opened]:
        """Make the newest older generation that ``open_at`` opens the active one.

        Gives the name of the one left, and what was opened. Raises IndexUnusable where there is none.
        """
        path, current = self._owned(), self.folder.current()
        problems: list[str] = []
        for name in self.folder.generations():
            if current and name >= current:
                continue
            try:
                opened = open_at(path / name)
            except IndexUnusable as error:
                problems.append(str(error))
                continue
            if current:
                durable.replace(self.folder.held_file, f"{current}\n".encode())
            self.point(name)
            return current, opened
        if self.folder.held():
            raise IndexUnusable(
                f"{path} holds no index older than {current}, the one you went back to. "
                "To take the newer one again, run: askdoc rollback --undo"
            )
        raise IndexUnusable(f"There is no older index in {path} to go back to. {' '.join(problems)}".rstrip())

    def undo(self, open_at: Callable[[Path], Opened]) -> tuple[str, Opened]:
        """Take back the last rollback. Raises IndexUnusable where there was none since the last build."""
        path, name = self._owned(), self.folder.held()
        if not name:
            raise IndexUnusable(f"There is no rollback to undo in {path}.")
        opened = open_at(path / name)
        self.point(name)
        self.folder.held_file.unlink(missing_ok=True)
        return name, opened


@contextmanager
def locked(folder: IndexFolder) -> Iterator[IndexWriter]:
    """Hold the builder's lock and give the writer.

    Raises BuildError where another process holds it, and for what the disk refuses. Where nothing comes of it, the
    lock file and the folders that were made for it are taken away again.
    """
    path = folder.path
    lock = FileLock(path / LOCK, timeout=PATIENCE_S)
    made: list[Path] = []
    try:
        made += [place for place in (path / LOCK, path, *path.parents) if not place.exists()]
        path.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise BuildError(f"Another askdoc index is at work in {path}. Wait for it to end.") from None
    except OSError as error:
        _take_away(made)
        advice = _ADVICE.get(error.errno or 0, "Name another folder with --index.")
        raise BuildError(f"{path} cannot be written ({error.strerror}). {advice}") from None
    try:
        with _plain_errors(path):
            yield IndexWriter(folder, lock)
    except BaseException:
        _take_away(made)  # while the lock is held: whoever waits for it notices, and makes a new one
        raise
    finally:
        lock.release()


def tidy(folder: IndexFolder) -> None:
    """Remove what killed builds left, unless a builder is at work or the folder cannot be written."""
    lock = FileLock(folder.path / LOCK, timeout=0)
    with contextlib.suppress(Timeout, OSError):
        if folder.leftovers():
            lock.acquire()
            IndexWriter(folder, lock).remove_leftovers()
    lock.release()


def _take_away(made: Iterable[Path]) -> None:
    """Remove the lock file, and the folders above it that are empty."""
    with contextlib.suppress(OSError):
        for place in made:
            if place.name == LOCK:
                place.unlink(missing_ok=True)
            else:
                place.rmdir()


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    """Turn what the disk and the memory refuse into BuildErrors that say what to do."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        advice = _ADVICE.get(getattr(error, "errno", None) or 0, "Run: askdoc index")
        raise BuildError(
            f"The index in {path} could not be written: {reason}. What is served stays whole. {advice}"
        ) from error
    except MemoryError as error:
        raise BuildError(
            "The memory is not enough for this corpus. What is served stays whole. "
            "Free some memory, then run: askdoc index"
        ) from error
