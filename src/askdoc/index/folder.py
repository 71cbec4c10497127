"""The index folder as readers see it: which generations there are, and which of them is active.

::

    CURRENT                    one line: the active generation
    gen-<utc>-<hash>/          a generation; the hash is of its manifest
    gen-<utc>.tmp/             a build at work, or what a killed one left
    cache/                     vectors by content, see ``askdoc.indexer.vector_cache``
    HELD                       after a rollback: the generation that was left
    lock                       held by the one builder, see ``askdoc.index.activation``; freed when the builder dies

A generation is written whole, flushed, read back, renamed, and only then named in CURRENT, so a reader that
starts at any moment finds the old one or the new one. Readers need no lock and write nothing.
"""

import contextlib
import errno
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from askdoc import durable
from askdoc.errors import IndexUnusable, OtherModel
from askdoc.index import checked
from askdoc.index.checked import CheckedGeneration

log = logging.getLogger("askdoc")
Opened = TypeVar("Opened")
CURRENT = "CURRENT"
HELD = "HELD"
TRIES = 5
"""Times that a reader looks at CURRENT at most, where builders change it while a generation is opened."""


@dataclass(frozen=True, slots=True)
class IndexFolder:
    """Reads an index folder, which need not exist; to change it takes an ``askdoc.index.activation.IndexWriter``."""

    path: Path

    @property
    def cache(self) -> Path:
        """The folder of the vectors that builds have embedded."""
        return self.path / "cache"

    @property
    def current_file(self) -> Path:
        """The file that names the active generation."""
        return self.path / CURRENT

    @property
    def held_file(self) -> Path:
        """The file that names the generation which a rollback has left."""
        return self.path / HELD

    def generations(self) -> list[str]:
        """The finished generations, newest first. Links are passed over: what they lead to may change or vanish."""
        try:
            with os.scandir(self.path) as entries:
                names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        except FileNotFoundError:
            return []
        except OSError as error:
            advice = "Name a folder with --index" if error.errno == errno.ENOTDIR else "Mend its permissions"
            raise IndexUnusable(f"{self.path} cannot be read ({error.strerror}). {advice}.") from None
        return sorted(filter(checked.is_generation_name, names), reverse=True)

    def current(self) -> str | None:
        """The name in CURRENT, or None where there is none or it is no generation's name."""
        return _named_in(self.current_file)

    def held(self) -> str | None:
        """The generation that a rollback has left, while it is on the disk and newer than the active one.

        The next build of the same corpus does not bring it back unasked.
        """
        name, current = _named_in(self.held_file), self.current()
        return name if name and current and name > current and (self.path / name).is_dir() else None

    def worth_keeping(self, active: str) -> set[str]:
        """The active generation, the one before it to fall back on, and one that a rollback has left.

        A newer one that no rollback has left is from a build that was killed before its last step.
        """
        older = [name for name in self.generations() if name < active]
        return {active, *older[:1], *filter(None, [self.held()])}

    def leftovers(self) -> list[Path]:
        """The files and folders that killed builds have left: everything called ``*.tmp``."""
        paths = []
        for place in (self.path, self.cache):
            with contextlib.suppress(FileNotFoundError):
                paths += [path for path in place.iterdir() if path.name.endswith(".tmp")]
        return sorted(paths)

    def check(self, name: str) -> CheckedGeneration:
        """Compare every byte of a generation with its manifest. Raises IndexUnusable."""
        return checked.check(self.path / name)

    def active(self) -> CheckedGeneration:
        """The generation to serve: the one that CURRENT names, or, said loudly, the newest that is whole."""
        generation, problem = self.choose(checked.check)
        return replace(generation, problem=problem)

    def choose(self, open_at: Callable[[Path], Opened]) -> tuple[Opened, str | None]:
        """Open the generation that CURRENT names, or, said loudly, the newest other that can be opened.

        With it comes what is wrong with the one named, if anything. ``open_at`` raises IndexUnusable for a generation
        that cannot be used; OtherModel is passed on, for falling back would hide a wrong setting.
        """
        for _ in range(TRIES):
            current = self.current()
            problems: list[str] = []
            for name in self._candidates(current, problems):
                try:
                    opened = open_at(self.path / name)
                except OtherModel:
                    raise
                except IndexUnusable as error:
                    problems.append(str(error))
                    if self.current() != current:
                        break
                    continue
                if problems:
                    log.error("%s Using %s instead.", problems[0], name)
                return opened, problems[0] if problems else None
            if self.current() == current:
                break
        raise IndexUnusable(problems[0] if problems else f"There is no index in {self.path}. Run: askdoc index")

    def _candidates(self, current: str | None, problems: list[str]) -> list[str]:
        """The generations to try in order; what is wrong with CURRENT itself is added to ``problems``."""
        generations = self.generations()
        if current:
            return [current, *(name for name in generations if name != current)]
        if self.current_file.is_symlink() or self.current_file.exists():
            problems.append(f"{self.current_file} names no generation. Run: askdoc index")
        elif generations:
            problems.append(f"{self.current_file} is missing. Run: askdoc index")
        return generations


def _named_in(path: Path) -> str | None:
    """The generation that a file names, or None where there is no such file or it holds no generation's name."""
    try:
        name = durable.content(path, most=200).decode("ascii").removesuffix("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return name if checked.is_generation_name(name) else None
