"""The index folder as readers see it: which generation is active, and whether every byte of it is as written.

::

    CURRENT                    one line: the active generation
    gen-<utc>-<hash>/          a generation; the hash is of its manifest
    gen-<utc>.tmp/             a build at work, or what a killed one left
    cache/                     vectors by content, see ``askdoc.indexer.vector_cache``
    HELD                       after a rollback: the generation that was left, see ``askdoc.index.activation``
    lock                       held by the one builder; the system frees it when the builder dies

A generation is written whole, flushed, read back, renamed, and only then named in CURRENT, so a reader that
starts at any moment finds the old one or the new one. Readers need no lock and write nothing.
"""

import errno
import hashlib
import logging
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from askdoc import durable
from askdoc.errors import IndexUnusable, OtherModel
from askdoc.index.manifest import NAME, Manifest

log = logging.getLogger("askdoc")
Taken = TypeVar("Taken")
CURRENT = "CURRENT"
CACHE = "cache"
"""The folder of the vectors that builds have embedded."""
TRIES = 5
"""How often a reader looks again when builders change CURRENT under its eyes."""
_GENERATION = re.compile(r"gen-(?P<created>\d{8}T\d{9}Z)-(?P<hash>[0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Checked:
    """A generation whose every byte was compared with its manifest.

    ``problem`` says why it is not the one that CURRENT names, where it is not.
    """

    path: Path
    manifest: Manifest
    problem: str | None = None


def generation_name(created: str, manifest: bytes) -> str:
    """The folder name of a generation: when it was made, in UTC, and the hash of its manifest."""
    return f"gen-{created}-{hashlib.sha256(manifest).hexdigest()[:16]}"


def created(generation: str) -> str:
    """When a generation was made, out of its name."""
    return generation.split("-")[1]


def generations(folder: Path) -> list[str]:
    """The finished generations, newest first. Links are passed over: what they lead to may change or vanish."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return []
    except OSError as error:
        advice = "Name a folder with --index" if error.errno == errno.ENOTDIR else "Mend its permissions"
        raise IndexUnusable(f"{folder} cannot be read ({error.strerror}). {advice}.") from None
    return sorted((name for name in names if _GENERATION.fullmatch(name)), reverse=True)


def current(folder: Path, file: str = CURRENT) -> str | None:
    """The name in CURRENT, or None where there is none or it is no generation's name."""
    try:
        name = durable.content(folder / file, most=200).decode("ascii").removesuffix("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return name if _GENERATION.fullmatch(name) else None


def manifest_of(path: Path, *, name: str | None = None) -> Manifest:
    """The manifest of a generation. Raises IndexUnusable where it is missing or not the one the folder is named for.

    ``name`` is the name that a generation gets which is still being built in another folder.
    """
    if path.is_symlink() or not path.is_dir():
        raise IndexUnusable(f"{path.name} is missing, or no folder. Run: askdoc index")
    try:
        data = durable.content(path / NAME)
    except OSError as error:
        raise IndexUnusable(f"{path.name}/{NAME} cannot be read ({error.strerror}). Run: askdoc index") from None
    named = _GENERATION.fullmatch(name or path.name)
    if not named or hashlib.sha256(data).hexdigest()[:16] != named["hash"]:
        raise IndexUnusable(f"{path.name}/{NAME} is damaged. Run: askdoc index")
    manifest = Manifest.load(data)
    if manifest.created != named["created"]:
        raise IndexUnusable(f"{path.name} was renamed: its {NAME} says {manifest.created}. Run: askdoc index")
    return manifest


def damage(path: Path, manifest: Manifest) -> list[str]:
    """A sentence for every file of a generation that is missing, changed or of another length, in sorted order."""
    by_size = sorted(manifest.files, key=lambda name: -manifest.files[name][1])
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        wrong = pool.map(lambda name: _wrong(path / name, manifest.files[name]), by_size)
        found = dict(zip(by_size, wrong, strict=True))
    return [f"{path.name}/{name} {found[name]}. Run: askdoc index" for name in sorted(found) if found[name]]


def _wrong(path: Path, expected: tuple[str, int]) -> str | None:
    try:
        if path.lstat().st_size == expected[1] and durable.digest(path, follow=False) == expected:
            return None
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return "is damaged"


def check(path: Path, *, name: str | None = None) -> Checked:
    """Compare every file of a generation with its manifest, before anything else reads a byte of it.

    Raises IndexUnusable with the name of the first file that is missing, changed or of another length. ``name`` as in
    ``manifest_of``.
    """
    manifest = manifest_of(path, name=name)
    for sentence in damage(path, manifest):
        raise IndexUnusable(sentence)
    return Checked(path, manifest)


def choose(folder: Path, take: Callable[[Path], Taken]) -> tuple[Taken, str | None]:
    """What ``take`` makes of the generation that CURRENT names, or, said loudly, of the newest other it can take.

    With it comes what is wrong with the one named, if anything. ``take`` raises IndexUnusable for a generation that
    cannot be used; OtherModel is passed on, for falling back would hide a wrong setting.
    """
    for _ in range(TRIES):
        name = current(folder)
        wrong: list[str] = []
        for other in _candidates(folder, name, wrong):
            try:
                taken = take(folder / other)
            except OtherModel:
                raise
            except IndexUnusable as error:
                wrong.append(str(error))
                if current(folder) != name:
                    break
                continue
            if wrong:
                log.error("%s Using %s instead.", wrong[0], other)
            return taken, wrong[0] if wrong else None
        if current(folder) == name:
            break
    raise IndexUnusable(wrong[0] if wrong else f"There is no index in {folder}. Run: askdoc index")


def _candidates(folder: Path, name: str | None, wrong: list[str]) -> list[str]:
    others = generations(folder)
    if name:
        return [name, *(other for other in others if other != name)]
    if (folder / CURRENT).is_symlink() or (folder / CURRENT).exists():
        wrong.append(f"{folder / CURRENT} names no generation. Run: askdoc index")
    elif others:
        wrong.append(f"{folder / CURRENT} is missing. Run: askdoc index")
    return others


def active(folder: Path) -> Checked:
    """The generation to serve: the one that CURRENT names, or, said loudly, the newest that is whole."""
    checked, problem = choose(folder, check)
    return replace(checked, problem=problem)
