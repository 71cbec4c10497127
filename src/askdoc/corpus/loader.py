"""Reads a corpus folder: every file below it, each by the reader of its format."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from errno import EFBIG, EINVAL, EISDIR, ENAMETOOLONG
from io import FileIO
from pathlib import Path

from askdoc.corpus.jsonl import JsonlReader
from askdoc.corpus.reader import HEAD_LENGTH, Finding, Reader, RowResult
from askdoc.corpus.text_page.page import TextPage
from askdoc.errors import CorpusError
from askdoc.filename_escaping import readable
from askdoc.models import Question, Source

READERS: tuple[Reader, ...] = (TextPage(), JsonlReader())
"""The first that detects its format reads a file: one that goes by the head stands above those that go by the name."""
ESCAPED = "The file's name holds characters that cannot be shown; here and in ids they are written as escapes."
_NOTES = {".md", ".rst"}
"""Suffixes of files for the people who keep the corpus; they are no part of it."""
_JSON_SUFFIXES = (".json", ".ndjson", ".jsonlines", ".ldjson")
"""Other suffixes that files of records go by. They are not read, for such a file may be anything else, too."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The content of a corpus folder. ``files`` maps each file's path relative to the folder to its SHA-256.

    Paths, and the ids that are made of them, are written as ``askdoc.filename_escaping`` writes names. A file that
    was not read has its error in place of the hash. Every one of the ``rows`` is in ``questions`` or in ``rejected``.
    """

    questions: tuple[Question, ...]
    findings: tuple[Finding, ...]
    files: dict[str, str]
    rows: int

    @property
    def rejected(self) -> tuple[Finding, ...]:
        """The findings on rows that are left out."""
        return tuple(finding for finding in self.findings if not finding.kept)

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """The findings on text that is used."""
        return tuple(finding for finding in self.findings if finding.kept)


def paths(folder: Path) -> dict[str, Path]:
    """List the corpus files below a folder by relative path, sorted. Hidden files and notes are passed over."""
    if not folder.is_dir():
        raise CorpusError(f"There is no corpus folder {folder}. Put pages there, or name another with --corpus.")
    found: dict[str, Path] = {}

    def stop(error: OSError) -> None:
        advice = "Shorten it" if error.errno == ENAMETOOLONG else "Mend its permissions"
        raise CorpusError(f"{readable(str(error.filename))} cannot be read ({error.strerror}). {advice}.") from None

    for top, folders, names in os.walk(folder, onerror=stop):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [name for name in folders if os.path.islink(Path(top, name))]  # noqa: PTH114 - a path may be too long
        for name in [*names, *links]:
            path = Path(top, name)
            if not name.startswith(".") and path.suffix.lower() not in _NOTES:
                found[readable(path.relative_to(folder).as_posix())] = path
    return dict(sorted(found.items()))


def read(folder: Path) -> Corpus:
    """Read every file below a folder. Bad rows become findings; only a folder that cannot be listed raises."""
    collection = _Collection()
    files: dict[str, str] = {}
    for name, path in paths(folder).items():
        if name != path.relative_to(folder).as_posix():
            hint = "Rename the file if that is in the way."
            collection.findings.append(Finding(Source(name, 1), ESCAPED, hint, kept=True))
        files[name], results = _read_file(name, path)
        collection.add(name, results)
    return Corpus(tuple(collection.questions), tuple(collection.findings), files, collection.rows)


@dataclass(slots=True)
class _Collection:
    """The questions and findings of the files read so far, and where each id was first used."""

    questions: list[Question] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rows: int = 0
    ids: dict[str, Source] = field(default_factory=dict)

    def add(self, file: str, results: Iterable[RowResult | Finding]) -> None:
        """Add all results of a file, and check that each of its rows is used or rejected."""
        rows, questions, findings = self.rows, len(self.questions), len(self.findings)
        for result in results:
            if isinstance(result, RowResult):
                self._add_row(result)
            else:
                self.findings.append(result)
        rows, used = self.rows - rows, len(self.questions) - questions
        rejected = sum(not finding.kept for finding in self.findings[findings:])
        if rows != used + rejected or not rows + len(self.findings) - findings:
            raise AssertionError(f"{file}: {rows} rows, but {used} used and {rejected} rejected")

    def _add_row(self, row: RowResult) -> None:
        self.rows += 1
        outcome = row.outcome
        rejection = outcome if isinstance(outcome, Finding) else _repeated_id(outcome, self.ids)
        if rejection:
            self.findings.append(rejection)
        elif isinstance(outcome, Question):
            self.questions.append(outcome)
            self.ids.update(dict.fromkeys(_ids(outcome), outcome.source))
        self.findings += row.remarks


def _ids(question: Question) -> Iterator[str]:
    """The ids of a question and its answers, each behind the noun that it belongs to."""
    yield f"question {question.id}"
    for answer in question.answers:
        yield f"answer {answer.id}"


def _repeated_id(question: Question, ids: dict[str, Source]) -> Finding | None:
    """The rejection of a question that uses an id which another has already."""
    for name in _ids(question):
        if name in ids:
            noun, _, identifier = name.partition(" ")
            reason = f"The id of {noun} '{identifier}' is already used at {ids[name]}."
            return Finding(question.source, reason, "Give each its own id.")
    return None


def _read_file(name: str, path: Path) -> tuple[str, Iterable[RowResult | Finding]]:
    """The SHA-256 of a file, or why it has none, and the results of its rows."""
    try:
        _check_type(path)
        with path.open("rb", buffering=0) as file:
            return _read_open(name, file)
    except OSError as error:
        reason, hint = f"The file cannot be read ({error.strerror}).", "Mend or remove it."
        if error.errno == EFBIG:
            reason, hint = f"The file is too large: {error.strerror}.", "Part it into several files."
        return f"unreadable: {error.strerror}", [RowResult(Finding(Source(name, 1), reason, hint))]


def _check_type(path: Path) -> None:
    """Raise ``OSError`` for what is no file, before it is opened: reading a pipe would wait for ever."""
    if path.is_dir():
        raise IsADirectoryError(EISDIR, "it is a link to a folder; links to folders are not followed")
    if path.exists() and not path.is_file():
        raise OSError(EINVAL, "it is no regular file")


def _read_open(name: str, file: FileIO) -> tuple[str, Iterable[RowResult | Finding]]:
    """The SHA-256 and the results of a file that could be opened. One of no known format is never held in memory."""
    head = file.read(HEAD_LENGTH)
    file.seek(0)
    reader = next((reader for reader in READERS if reader.detects(name, head)), None)
    if reader is None:
        return hashlib.file_digest(file, "sha256").hexdigest(), [RowResult(_unknown_format(name))]
    size = os.fstat(file.fileno()).st_size
    if size > reader.largest:
        raise OSError(EFBIG, f"{size:,} bytes, and at most {reader.largest:,} are read")
    data = file.read()
    return hashlib.sha256(data).hexdigest(), reader.read(name, data)


def _unknown_format(name: str) -> Finding:
    known = ", ".join(reader.kind for reader in READERS)
    advice = " Give it such a name if it holds records." if name.lower().endswith(_JSON_SUFFIXES) else ""
    return Finding(Source(name, 1), "No reader knows this kind of file.", f"Known kinds: {known}.{advice}")
