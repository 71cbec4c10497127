"""The index folder: which generation is active, and how another takes its place.

::

    CURRENT                    one line: the active generation
    gen-<utc>-<hash>/          a generation; the hash is of its manifest
    gen-<utc>.tmp/             a build at work, or what a killed one left
    cache/                     vectors by content, see ``askdoc.index.cache``
    lock                       held by the one builder; the system frees it when the builder dies

A generation is written whole, flushed, read back, renamed, and only then named in CURRENT, so a reader that
starts at any moment finds the old one or the new one. Readers need no lock.
"""

import hashlib
import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from askdoc import durable
from askdoc.errors import BuildError, IndexUnusable
from askdoc.index.manifest import NAME, Manifest

log = logging.getLogger("askdoc")
CURRENT = "CURRENT"
KEPT = 2
"""How many generations stay: the active one, and the one before it to fall back on."""
_GENERATION = re.compile(r"gen-\d{8}T\d{6}(?:\d{3})?Z-(?P<hash>[0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Checked:
    """A generation whose every byte was compared with its manifest."""

    path: Path
    manifest: Manifest


def generation_name(created: str, manifest: bytes) -> str:
    """The folder name of a generation: when it was made, in UTC, and the hash of its manifest."""
    return f"gen-{created}-{hashlib.sha256(manifest).hexdigest()[:16]}"


def generations(folder: Path) -> list[str]:
    """The finished generations, newest first."""
    try:
        names = [entry.name for entry in os.scandir(folder) if entry.is_dir()]
    except OSError:
        return []
    return sorted((name for name in names if _GENERATION.fullmatch(name)), reverse=True)


def current(folder: Path) -> str | None:
    """The name in CURRENT, or None where there is none or it is no generation's name."""
    try:
        name = (folder / CURRENT).read_bytes()[:200].decode("ascii").removesuffix("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return name if _GENERATION.fullmatch(name) else None


def check(path: Path) -> Checked:
    """Compare every file of a generation with its manifest, before anything else reads a byte of it.

    Raises IndexUnusable with the name of the first file that is missing, changed or of another length.
    """
    try:
        data = (path / NAME).read_bytes()
    except OSError as error:
        raise IndexUnusable(f"{path.name}/{NAME} cannot be read ({error.strerror}). Run: askdoc index") from None
    named = _GENERATION.fullmatch(path.name)
    if not named or hashlib.sha256(data).hexdigest()[:16] != named["hash"]:
        raise IndexUnusable(f"{path.name}/{NAME} is damaged. Run: askdoc index")
    manifest = Manifest.load(data)
    for name, (sha256, size) in manifest.files.items():
        try:
            found = durable.digest(path / name) if (path / name).stat().st_size == size else None
        except OSError as error:
            raise IndexUnusable(f"{path.name}/{name} cannot be read ({error.strerror}). Run: askdoc index") from None
        if found != (sha256, size):
            raise IndexUnusable(f"{path.name}/{name} is damaged. Run: askdoc index")
    return Checked(path, manifest)


def active(folder: Path) -> Checked:
    """The generation to serve: the one that CURRENT names, or, said loudly, the newest that is whole."""
    name = current(folder)
    wrong: list[str] = []
    if name:
        try:
            return check(folder / name)
        except IndexUnusable as error:
            wrong.append(str(error))
    elif (folder / CURRENT).exists():
        wrong.append(f"{folder / CURRENT} names no generation. Run: askdoc index")
    for other in generations(folder):
        if other == name:
            continue
        try:
            checked = check(folder / other)
        except IndexUnusable as error:
            wrong.append(str(error))
            continue
        log.error("%s Serving %s instead.", wrong[0] if wrong else f"{folder / CURRENT} is missing.", other)
        return checked
    if wrong:
        raise IndexUnusable(wrong[0])
    raise IndexUnusable(f"There is no index in {folder}. Run: askdoc index")


def activate(folder: Path, building: Path, manifest: Manifest) -> Path:
    """Finish a generation: manifest last, then the rename, then CURRENT; each step flushed before the next."""
    data = manifest.dump()
    durable.write(building / NAME, [data])
    durable.sync_folder(building)
    finished = folder / generation_name(manifest.created, data)
    os.rename(building, finished)
    durable.sync_folder(folder)
    point(folder, finished.name)
    return finished


def point(folder: Path, generation: str) -> None:
    """Make a generation the active one, in one step."""
    durable.replace(folder / CURRENT, f"{generation}\n".encode())


def sweep(folder: Path) -> None:
    """Remove what killed builds left, and all generations but the active one and the newest others kept."""
    for entry in list(os.scandir(folder)):
        if entry.name.endswith(".tmp"):
            path = Path(entry.path)
            shutil.rmtree(path) if entry.is_dir(follow_symlinks=False) else path.unlink()
    name = current(folder)
    others = [other for other in generations(folder) if other != name]
    for other in others[KEPT - (1 if name else 0) :]:
        shutil.rmtree(folder / other)


@contextmanager
def builder(folder: Path) -> Iterator[None]:
    """Hold the builder's lock. Raises BuildError where another process holds it or the folder cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock", timeout=0)
        lock.acquire()
    except Timeout:
        raise BuildError(f"Another askdoc index is at work in {folder}. Wait for it to end.") from None
    except OSError as error:
        raise BuildError(f"{folder} cannot be written ({error.strerror}). Mend its permissions.") from None
    try:
        yield
    finally:
        lock.release()
