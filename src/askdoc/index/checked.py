"""Integrity check: a generation is compared with its manifest before any of it is read.

Every byte of every file is hashed, but for the large files of an index of a million passages, which would take seconds
at each start: the build that has hashed them puts down their stamps (times and inode, which any later write changes)
in ``stamps.json``, and while a file is as it was stamped, it is not hashed again by those who open it. A server hashes
it once it is ready, ``askdoc verify`` always. A copied index has other stamps and is hashed whole.
"""

import contextlib
import hashlib
import json
import os
import re
import stat
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from askdoc import durable
from askdoc.errors import IndexUnusable
from askdoc.index.manifest import NAME, Manifest

STAMPS = "stamps.json"
"""``{file: [time of change, time of change of its inode, inode]}`` of the large files, if there are any."""
LARGE = 64 << 20
"""The length from which a file is stamped: to hash it takes 0.04 s of one core, or half a second from a cold disk."""
_GENERATION = re.compile(r"gen-(?P<created>\d{8}T\d{9}Z)-(?P<hash>[0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class CheckedGeneration:
    """A generation that was compared with its manifest: every byte but of the large files named in ``stamped``.

    ``problem`` says why it is not the one that CURRENT names, where it is not.
    """

    path: Path
    manifest: Manifest
    problem: str | None = None
    stamped: frozenset[str] = frozenset()

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


def damage(path: Path, manifest: Manifest, *, names: Collection[str] | None = None, threads: int = 4) -> Sequence[str]:
    """Sentences about the files of a generation that are missing, changed or of another length, sorted by file.

    Of all files, unless ``names`` are given.
    """
    files = manifest.files if names is None else names
    by_size = sorted(files, key=lambda name: -manifest.files[name][1])
    with ThreadPoolExecutor(min(threads, os.cpu_count() or 1)) as pool:
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
    """Compare the files of a generation with its manifest, before anything else reads a byte of them.

    Large ones that are as they were stamped are not hashed. Raises IndexUnusable with the name of the first file that
    is missing, changed or of another length. ``name`` as in ``read_manifest``.
    """
    manifest = read_manifest(path, name=name)
    stamped = _as_stamped(path, manifest)
    for sentence in damage(path, manifest, names=manifest.files.keys() - stamped):
        raise IndexUnusable(sentence)
    return CheckedGeneration(path, manifest, stamped=stamped)


def check_written(path: Path, *, name: str) -> CheckedGeneration:
    """Check a generation that was just written, every byte of it, and stamp its large files. Raises OSError as well."""
    manifest = read_manifest(path, name=name)
    stamps = _stamps(path, manifest)  # before a byte is hashed: what changes meanwhile has another stamp
    for sentence in damage(path, manifest):
        raise IndexUnusable(sentence)
    if stamps:
        durable.write(path / STAMPS, [json.dumps(stamps).encode()])
    return CheckedGeneration(path, manifest)


def _as_stamped(path: Path, manifest: Manifest) -> frozenset[str]:
    """The large files that are as they were stamped."""
    try:
        then = json.loads(durable.content(path / STAMPS))
        return frozenset(name for name, stamp in _stamps(path, manifest).items() if then.get(name) == stamp)
    except (OSError, ValueError, AttributeError):  # none, or damaged: then everything is hashed
        return frozenset()


def _stamps(path: Path, manifest: Manifest) -> dict[str, list[int]]:
    """The stamps of the large files that are there, each a regular file of the length that it must have."""
    stamps = {}
    for name, (_, length) in manifest.files.items():
        with contextlib.suppress(OSError):
            found = (path / name).lstat()
            if found.st_size == length >= LARGE and stat.S_ISREG(found.st_mode):
                stamps[name] = [found.st_mtime_ns, found.st_ctime_ns, found.st_ino]
    return stamps
