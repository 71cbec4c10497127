"""What every reader of corpus files takes and gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from askdoc.models import Question, Source

_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the person who keeps the corpus should know about one place in it.

    A finding that is not ``kept`` is a row left out; the others are remarks on rows that are used.
    """

    source: Source
    reason: str
    hint: str
    kept: bool = False

    def __str__(self) -> str:
        return f"{self.source}: {self.reason} {self.hint}"


class Unclear(Exception):
    """The page can be read in more than one way; ``line`` is where the doubt is, ``hint`` what settles it."""

    def __init__(self, line: int, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.line = line
        self.hint = hint


class Reader(Protocol):
    """Reads one format. Gives one question or one finding that is not kept for each row, and any number of remarks."""

    suffix: str
    largest: int
    """The most bytes of a file. A larger one is told of without being read."""

    def rows(self, data: bytes) -> int:
        """How many rows the file holds, counted without reading them."""
        ...

    def read(self, file: str, data: bytes) -> Iterator[Question | Finding]:
        """Read the rows of a file. ``file`` is its path relative to the corpus folder. Never raises for bad data."""
        ...


def shown(name: str) -> str:
    """A text from a file as a finding can carry it: one line, no control characters, of sane length."""
    text = name if len(name) <= _LONGEST_SHOWN else name[:_LONGEST_SHOWN] + "…"
    return ascii(text) if not text.isprintable() else f"'{text}'"
