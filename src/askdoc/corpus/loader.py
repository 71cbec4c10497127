"""Reads a folder of pages and records into questions with their doctors' answers."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from errno import EFBIG, EINVAL, EISDIR, ENAMETOOLONG
from pathlib import Path

from askdoc.corpus.jsonl import JsonlReader
from askdoc.corpus.reader import Finding, Reader
from askdoc.corpus.text_page.page import TextPage
from askdoc.errors import CorpusError
from askdoc.filenames import readable
from askdoc.models import Question, Source

READERS: tuple[Reader, ...] = (TextPage(), JsonlReader())
ESCAPED = "The file's name holds characters that cannot be shown; here and in ids they are written as escapes."
_NOT_PAGES = {".md", ".rst"}  # notes to the people who keep the corpus
_ALSO_RECORDS = (".json", ".ndjson", ".jsonlines", ".ldjson")


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a folder holds. ``files`` gives the SHA-256 of every file read, by its path relative to the folder.

    Paths, and the ids that are made of them, are written as ``askdoc.filenames`` writes names.
    """

    questions: tuple[Question, ...]
    findings: tuple[Finding, ...]
    files: dict[str, str]
    rows: int

    @property
    def rejected(self) -> tuple[Finding, ...]:
        """The rows left out, with reasons."""
        return tuple(finding for finding in self.findings if not finding.kept)

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """What should be looked at in rows that are used."""
        return tuple(finding for finding in self.findings if finding.kept)


def fingerprint(files: dict[str, str]) -> str:
    """One hash for a whole corpus: of every file's path and content."""
    lines = "".join(f"{files[name]}  {name}\n" for name in sorted(files))
    return hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()


def paths(folder: Path) -> dict[str, Path]:
    """The corpus files below a folder, by relative path, in sorted order. Hidden files and notes are passed over."""
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
            if not name.startswith(".") and path.suffix.lower() not in _NOT_PAGES:
                found[readable(path.relative_to(folder).as_posix())] = path
    return dict(sorted(found.items()))


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every corpus file by relative path; a file that cannot be read has its error in place of a hash."""
    return {name: _file(name, path).digest for name, path in paths(folder).items()}


def read(folder: Path) -> Corpus:
    """Read every file below ``folder``. Bad rows become findings; only an unreadable folder raises."""
    questions: list[Question] = []
    findings: list[Finding] = []
    files: dict[str, str] = {}
    rows = 0
    taken: dict[str, Source] = {}
    for name, path in paths(folder).items():
        held = _file(name, path)
        data, files[name] = held.data, held.digest
        before = len(questions), sum(not finding.kept for finding in findings)
        if name != path.relative_to(folder).as_posix():
            findings.append(Finding(Source(name, 1), ESCAPED, "Rename the file if that is in the way.", kept=True))
        for item in _rows(name, data):
            if isinstance(item, Question) and (twin := _twin(item, taken)):
                findings.append(twin)
            elif isinstance(item, Question):
                taken.update(dict.fromkeys(_names(item), item.source))
                questions.append(item)
            else:
                findings.append(item)
        here = _row_count(name, data)
        kept, rejected = len(questions) - before[0], sum(not finding.kept for finding in findings) - before[1]
        if here != kept + rejected:
            raise AssertionError(f"{name}: {here} rows, but {kept} kept and {rejected} rejected")
        rows += here
    return Corpus(tuple(questions), tuple(findings), files, rows)


def _reader(name: str) -> Reader | None:
    return next((reader for reader in READERS if name.lower().endswith(reader.suffix)), None)


def _row_count(name: str, data: bytes | OSError) -> int:
    reader = _reader(name)
    if reader is None or isinstance(data, OSError):
        return 1
    return reader.rows(data)


def _rows(name: str, data: bytes | OSError) -> Iterator[Question | Finding]:
    reader = _reader(name)
    if isinstance(data, OSError) and data.errno == EFBIG:
        yield Finding(Source(name, 1), f"The file is too large: {data.strerror}.", "Part it into several files.")
    elif isinstance(data, OSError):
        yield Finding(Source(name, 1), f"The file cannot be read ({data.strerror}).", "Mend or remove it.")
    elif reader is None:
        known = ", ".join(f"*{reader.suffix}" for reader in READERS)
        also = " Give it such a name if it holds records." if name.lower().endswith(_ALSO_RECORDS) else ""
        yield Finding(Source(name, 1), "No reader knows this kind of file.", f"Known kinds: {known}.{also}")
    else:
        yield from reader.read(name, data)


def _names(question: Question) -> Iterator[str]:
    yield f"question {question.id}"
    for answer in question.answers:
        yield f"answer {answer.id}"


def _twin(question: Question, taken: dict[str, Source]) -> Finding | None:
    """A finding where a question uses an id that another has already."""
    for name in _names(question):
        if name in taken:
            kind, _, given = name.partition(" ")
            reason = f"The id of {kind} '{given}' is already used at {taken[name]}."
            return Finding(question.source, reason, "Give each its own id.")
    return None


@dataclass(frozen=True, slots=True)
class _File:
    """What a file holds and its hash. Files of no known kind are hashed without being held in memory."""

    data: bytes | OSError
    digest: str


def _file(name: str, path: Path) -> _File:
    reader = _reader(name)
    try:
        error = _unfit(path, reader)
        if error is None and reader:
            data = path.read_bytes()
            return _File(data, hashlib.sha256(data).hexdigest())
        if error is None:
            with path.open("rb") as unknown:
                return _File(b"", hashlib.file_digest(unknown, "sha256").hexdigest())
    except OSError as raised:
        error = raised
    return _File(error, f"unreadable: {error.strerror}")


def _unfit(path: Path, reader: Reader | None) -> OSError | None:
    """Why a file is not to be opened, if so."""
    if path.is_dir():
        return IsADirectoryError(EISDIR, "it is a link to a folder; links to folders are not followed")
    if not path.exists():
        return None
    if not path.is_file():
        return OSError(EINVAL, "it is no regular file")  # reading a pipe would wait for ever
    size = path.stat().st_size
    if reader and size > reader.largest:
        return OSError(EFBIG, f"{size:,} bytes, and at most {reader.largest:,} are read")
    return None
