"""The protocol of corpus readers: one reader for each format, one result for each row.

A new format is one class that satisfies ``Reader`` and one line in ``loader.READERS``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from askdoc.models import Question, Source

HEAD_LENGTH = 4096
"""How many of a file's first bytes a reader sees before it says whether it reads the file: room for any signature."""
_LONGEST_QUOTED = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the person who keeps the corpus should know about one place in it.

    A finding that is ``kept`` is a remark on text that is used; any other is the rejection of a row, which is left out.
    """

    source: Source
    reason: str
    hint: str
    kept: bool = False

    def __str__(self) -> str:
        return f"{self.source}: {self.reason} {self.hint}"


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row: its question or its rejection, and remarks on it. A row cannot be both, or neither."""

    outcome: Question | Finding
    remarks: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.outcome, Finding) and self.outcome.kept:
            raise ValueError(f"a row is used or rejected, and this is a remark: {self.outcome}")
        if rejection := next((remark for remark in self.remarks if not remark.kept), None):
            raise ValueError(f"a row is rejected in place of its question, not beside it: {rejection}")


class Reader(Protocol):
    """Reads the files of one format."""

    kind: str
    """The format as people know it, such as ``*.txt``."""
    largest: int
    """The most bytes of a file. A larger one is reported without being read."""

    def detects(self, name: str, head: bytes) -> bool:
        """Whether a file has this format, judged by its name and its first ``HEAD_LENGTH`` bytes."""
        ...

    def read(self, file: str, data: bytes) -> Iterator[RowResult | Finding]:
        """Read a file whose path relative to the corpus folder is ``file``. Never raises for bad data.

        Gives one result for each row. A finding outside of a row is a remark on the file as a whole.
        """
        ...


def quoted(text: str) -> str:
    """Quote a text from a file in a finding: on one line, without control characters, shortened to 60 characters."""
    short = text if len(text) <= _LONGEST_QUOTED else text[:_LONGEST_QUOTED] + "…"
    return f"'{short}'" if short.isprintable() else ascii(short)
