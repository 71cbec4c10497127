"""Changes which generation is active; only the builder that holds the lock may.

HELD names a generation that ``rollback`` left, so that the next build does not bring the same thing back
unasked. It counts while that generation is on the disk and newer than the active one.
"""

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
from askdoc.index import folder
from askdoc.index.folder import CURRENT, Taken
from askdoc.index.manifest import NAME, Manifest

log = logging.getLogger("askdoc")
HELD = "HELD"
LOCK = "lock"
PATIENCE_S = 1.0
"""How long a builder waits for the lock: a server that tidies up holds it for a moment."""

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


@contextmanager
def builder(index: Path) -> Iterator[None]:
    """Hold the builder's lock. Raises BuildError where another process holds it, and for what the disk refuses.

    Where nothing comes of it, the lock file and the folders that were made for it are taken away again.
    """
    lock = FileLock(index / LOCK, timeout=PATIENCE_S)
    made: list[Path] = []
    try:
        made += [place for place in (index / LOCK, index, *index.parents) if not place.exists()]
        index.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise BuildError(f"Another askdoc index is at work in {index}. Wait for it to end.") from None
    except OSError as error:
        _take_away(made)
        advice = _ADVICE.get(error.errno or 0, "Name another folder with --index.")
        raise BuildError(f"{index} cannot be written ({error.strerror}). {advice}") from None
    try:
        with _plain_errors(index):
            yield
    except BaseException:
        _take_away(made)  # while the lock is held: whoever waits for it notices, and makes a new one
        raise
    finally:
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
def _plain_errors(where: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        advice = _ADVICE.get(getattr(error, "errno", None) or 0, "Run: askdoc index")
        raise BuildError(
            f"The index in {where} could not be written: {reason}. What is served stays whole. {advice}"
        ) from error
    except MemoryError as error:
        raise BuildError(
            "The memory is not enough for this corpus. What is served stays whole. "
            "Free some memory, then run: askdoc index"
        ) from error


def tidy(index: Path) -> None:
    """Remove what killed builds left, unless a builder is at work or the folder cannot be written."""
    lock = FileLock(index / LOCK, timeout=0)
    with contextlib.suppress(Timeout, OSError):
        if leftovers(index):
            lock.acquire()
            remove_leftovers(index)
    lock.release()


def leftovers(index: Path) -> list[Path]:
    """What builds that were killed have left: everything called ``*.tmp``."""
    found = []
    for place in (index, index / folder.CACHE):
        with contextlib.suppress(FileNotFoundError):
            found += [path for path in place.iterdir() if path.name.endswith(".tmp")]
    return sorted(found)


def remove_leftovers(index: Path) -> None:
    """Remove them. The caller holds the lock."""
    for path in leftovers(index):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def seal(building: Path, manifest: Manifest) -> str:
    """Write the manifest as the last file of a generation and flush the folder; the name that the generation gets."""
    data = manifest.dump()
    durable.write(building / NAME, [data])
    durable.sync_folder(building)
    return folder.generation_name(manifest.created, data)


def activate(index: Path, building: Path, name: str, *, before: str | None) -> Path:
    """Make a sealed generation the active one: the rename, then CURRENT, each flushed before the next.

    Of the others, the one ``before`` stays.
    """
    finished = index / name
    os.rename(building, finished)
    durable.sync_folder(index)
    point(index, finished.name)
    keep(index, {finished.name, before or finished.name})
    return finished


def point(index: Path, generation: str) -> None:
    """Make a generation the active one, in one step."""
    durable.replace(index / CURRENT, f"{generation}\n".encode())


def keep(index: Path, names: Collection[str]) -> None:
    """Remove every generation but these. What cannot be removed is only said.

    A server may still have one of them mapped: its pages stay until it lets go. Renamed first, so that one that
    is half removed is never taken for a generation.
    """
    try:
        if not held(index):
            (index / HELD).unlink(missing_ok=True)
        for name in folder.generations(index):
            if name not in names:
                shutil.rmtree((index / name).rename(index / f"{name}.tmp"))
    except (OSError, IndexUnusable) as error:
        log.warning("An old generation in %s was not removed (%s). It does no harm; the next build will.", index, error)


def worth_keeping(index: Path, active: str) -> set[str]:
    """The active generation, the one before it to fall back on, and one that a rollback has left.

    What is newer and was not left is from a build that was killed before its last step.
    """
    older = [name for name in folder.generations(index) if name < active]
    return {active, *older[:1], *filter(None, [held(index)])}


def held(index: Path) -> str | None:
    """The generation that a rollback has left, while it is newer than the active one."""
    name, now = folder.current(index, HELD), folder.current(index)
    return name if name and now and name > now and (index / name).is_dir() else None


def rollback(index: Path, take: Callable[[Path], Taken]) -> tuple[str | None, Taken]:
    """Make the newest older generation that ``take`` takes the active one.

    Gives the name of the one left, and what was taken. Raises IndexUnusable where there is none.
    """
    names = folder.generations(index)
    now = folder.current(index)
    wrong: list[str] = []
    for name in names:
        if now and name >= now:
            continue
        try:
            taken = take(index / name)
        except IndexUnusable as error:
            wrong.append(str(error))
            continue
        if now:
            durable.replace(index / HELD, f"{now}\n".encode())
        point(index, name)
        return now, taken
    if held(index):
        raise IndexUnusable(
            f"{index} holds no index older than {now}, the one you went back to. "
            "To take the newer one again, run: askdoc rollback --undo"
        )
    raise IndexUnusable(f"There is no older index in {index} to go back to. {' '.join(wrong)}".rstrip())


def undo(index: Path, take: Callable[[Path], Taken]) -> tuple[str, Taken]:
    """Take back the last rollback. Raises IndexUnusable where there was none since the last build."""
    name = held(index)
    if not name:
        raise IndexUnusable(f"There is no rollback to undo in {index}.")
    taken = take(index / name)
    point(index, name)
    (index / HELD).unlink(missing_ok=True)
    return name, taken
