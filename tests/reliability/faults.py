"""Makes a build fail at its N-th call to the system: with an error, by sudden exit, or by a loss of power.

A loss of power forgets what was not flushed: bytes written since the last fsync of their file, and new names since
the last fsync of their folder; of those, a seeded choice survives, as on a real disk.
"""

import contextlib
import errno
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CALLS = ("open", "read", "write", "fsync", "ftruncate", "mkdir", "rename", "replace", "unlink", "rmdir")
KINDS = ("EIO", "ENOSPC", "exit", "power")
EXITED = 77


class Disk:
    """Stands between a build and the system: counts the calls, and fails the N-th."""

    flushes_files = True
    """Whether an fsync of a file counts; switched off, it is as if the build did not call it."""

    def __init__(self, kind: str, at: int, spare: Path) -> None:
        self.count = 0
        self._kind = kind
        self._at = at
        self._spare = spare
        self._real = {name: getattr(os, name) for name in CALLS}
        self._paths: dict[int, Path] = {}
        self._unflushed: set[Path] = set()
        self._names: list[tuple[Path, Callable[[Path], None]]] = []

    @contextmanager
    def failing(self) -> Iterator["Disk"]:
        """Fail calls while this is open."""
        try:
            for name in CALLS:
                setattr(os, name, self._wrapped(name))
            yield self
        finally:
            for name, call in self._real.items():
                setattr(os, name, call)

    def _wrapped(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            self.count += 1
            if self.count == self._at:
                self._fail(name)
            self._before(name, args, named)
            result = self._real[name](*args, **named)
            self._after(name, args, named, result)
            return result

        return call

    def _fail(self, name: str) -> None:
        if self._kind == "power":
            self._lose()
        if self._kind in {"exit", "power"}:
            os._exit(EXITED)
        number = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC}[self._kind]
        raise OSError(number, os.strerror(number), name)

    def _before(self, name: str, args: tuple[Any, ...], named: dict[str, Any]) -> None:
        """Note how a new name would be lost, and keep what it would have to be put back from."""
        if self._kind != "power" or named.get("dir_fd") is not None:
            return
        if name == "replace":
            kept = self._spare / f"replaced-{self.count}"
            if Path(args[1]).exists():
                os.link(args[1], kept)
            self._names.append((Path(args[1]), lambda path: self._real["replace"](kept, path)))
        elif name == "rename":
            self._names.append((Path(args[1]), lambda path: self._real["rename"](path, args[0])))
        elif name == "open" and args[1] & os.O_CREAT and not Path(args[0]).exists():
            self._names.append((Path(args[0]), lambda path: self._real["unlink"](path)))

    def _after(self, name: str, args: tuple[Any, ...], named: dict[str, Any], result: Any) -> None:
        if name == "open" and named.get("dir_fd") is None:
            self._paths[result] = Path(args[0])
        elif name == "write" and args[0] in self._paths:
            self._unflushed.add(self._paths[args[0]])
        elif name == "fsync" and args[0] in self._paths:
            flushed = self._paths[args[0]]
            if self.flushes_files:
                self._unflushed.discard(flushed)
            self._names = [(path, undo) for path, undo in self._names if path.parent != flushed]
        elif name in {"rename", "replace"}:
            old, new = Path(args[0]), Path(args[1])
            self._unflushed = {_moved(path, old, new) for path in self._unflushed}
            # A name that lasted until it was given away was there: only the giving can still be lost.
            self._names = [(_moved(path, old, new), undo) for path, undo in self._names if path != old]

    def _lose(self) -> None:
        """Forget what was not flushed."""
        chosen = random.Random(self._at)
        for path in sorted(self._unflushed):
            if path.exists():
                path.chmod(0o644)
                os.truncate(path, 0)
        for path, undo in reversed(self._names):
            if chosen.random() < 0.5:
                with contextlib.suppress(OSError):
                    undo(path)


def _moved(path: Path, old: Path, new: Path) -> Path:
    return new / path.relative_to(old) if path.is_relative_to(old) else path


def in_child(job: Callable[[], int]) -> int:
    """Run a job in a child process; its exit status."""
    child = os.fork()
    if child == 0:
        status = 99
        try:
            status = job()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def fresh(start: Path, place: Path) -> Path:
    """A copy of a folder, in place of whatever was there."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(start, place)
    return place
