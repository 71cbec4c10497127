"""Integrity check: every byte of a generation is compared with its manifest before any of it is read."""

import hashlib
import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from askdoc import durable
from askdoc.errors import IndexUnusable
from askdoc.index.manifest import NAME, Manifest

_GENERATION = re.compile(r"gen-(?P<created>\d{8}T\d{9}Z)-(?P<hash>[0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class CheckedGeneration:
    """A generation whose every byte was compared with its manifest.

    ``problem`` says why it is not the one that CURRENT names, where it is not.
    """

    path: Path
    manifest: Manifest
    problem: str | None = None

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.path.name

    def file(self, name: str) -> Path:
        """The path of a file that the manifest names. Raises KeyError for any other, as nothing vouches for it."""
        if name not in self.manifest.files:
            raise KeyError(name)
        return self.path / name


def generation_name(created: str, manifest: bytes) -> str:
    """The folder name of a generation: when it was made, in UTC, and the hash of its manifest."""
    return f"gen-{created}-{hashlib.sha256(manifest).hexdigest()[:16]}"


def is_generation_name(name: str) -> bool:
    """Whether a name is one that ``generation_name`` gives."""
    return _GENERATION.fullmatch(name) is not None


def created(generation: str) -> str:
    """The time of a generation, in UTC, out of its name."""
    return generation.split("-")[1]


def read_manifest(path: Path, *, name: str | None = None) -> Manifest:
    """Read a generation's manifest. Raises IndexUnusable where it is missing or not the one the folder is named for.

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


def damage(path: Path, manifest: Manifest) -> Sequence[str]:
    """Sentences about the files of a generation that are missing, changed or of another length, sorted by file."""
    by_size = sorted(manifest.files, key=lambda name: -manifest.files[name][1])
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        results = pool.map(lambda name: _problem(path / name, manifest.files[name]), by_size)
        problems = dict(zip(by_size, results, strict=True))
    return [f"{path.name}/{name} {problems[name]}. Run: askdoc index" for name in sorted(problems) if problems[name]]


def _problem(path: Path, expected: tuple[str, int]) -> str | None:
    """How a file differs from the SHA-256 and the length that are expected of it, or None."""
    try:
        if path.lstat().st_size == expected[1] and durable.digest(path, follow=False) == expected:
            return None
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return "is damaged"


def check(path: Path, *, name: str | None = None) -> CheckedGeneration:
    """Compare every file of a generation with its manifest, before anything else reads a byte of it.

    Raises IndexUnusable with the name of the first file that is missing, changed or of another length. ``name`` as in
    ``read_manifest``.
    """
    manifest = read_manifest(path, name=name)
    for sentence in damage(path, manifest):
        raise IndexUnusable(sentence)
    return CheckedGeneration(path, manifest)
