"""Looks for everything that could be wrong with an index: its files, and each passage against the corpus."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from askdoc.corpus import passages
from askdoc.corpus.loader import Corpus
from askdoc.corpus.loader import read as read_corpus
from askdoc.errors import BuildError, CorpusError, IndexUnusable
from askdoc.index import checked, documents
from askdoc.index.checked import CheckedGeneration
from askdoc.index.documents import DocumentStore
from askdoc.index.folder import TRIES, IndexFolder
from askdoc.index.manifest import NAME
from askdoc.models import Question

ROWS = 50
"""How many vectors of each field are compared with their texts embedded again."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """Outcome of a verification. ``wrong`` is damage; ``remarks`` do no harm to an answer.

    ``checked`` is the active generation, if it is whole; ``up_to_date`` is None where the corpus cannot be read.
    """

    checked: CheckedGeneration | None
    wrong: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    up_to_date: bool | None = None
    files: int = 0
    passages: int = 0
    asked: int = 0

    def with_wrong(self, sentences: Iterable[str], *, asked: int = 0) -> "VerificationReport":
        """Add what else is wrong, after ``asked`` more questions."""
        return replace(self, wrong=(*self.wrong, *sentences), asked=self.asked + asked)


def steadily(folder: IndexFolder, verify: Callable[[], VerificationReport]) -> VerificationReport:
    """Run ``verify``, and run it again where a builder changed the index meanwhile and something seems wrong.

    A builder removes old generations, and what it takes away is no damage. Raises BuildError where that goes on.
    """
    for _ in range(TRIES):
        before = _state(folder)
        try:
            report = verify()
        except (OSError, sqlite3.Error, IndexUnusable):
            if _state(folder) == before:
                raise
            continue
        if not report.wrong or _state(folder) == before:
            return report
    raise BuildError(
        f"The index in {folder.path} was changed again and again while it was looked at. "
        "When no build is at work, run: askdoc verify"
    )


def _state(folder: IndexFolder) -> tuple[str | None, list[str]]:
    return folder.current(), folder.generations()


def files(folder: IndexFolder) -> VerificationReport:
    """Hash every file of every generation. Raises IndexUnusable where there is no index at all."""
    names = folder.generations()
    current = folder.current()
    if not names and not current:
        raise IndexUnusable(f"There is no index in {folder.path}. Run: askdoc index")
    wrong = [] if current else [f"{folder.current_file} names no generation. Run: askdoc index"]
    remarks = [
        f"{path} is of a build at work, or of one that was stopped; the next one removes it."
        for path in folder.leftovers()
    ]
    active: CheckedGeneration | None = None
    count = 0
    for name in sorted({*names, *filter(None, [current])}, reverse=True):
        path = folder.path / name
        try:
            manifest = checked.read_manifest(path)
        except IndexUnusable as error:
            wrong.append(str(error))
            continue
        damage = checked.damage(path, manifest)
        wrong += damage
        count += 1 + len(manifest.files)
        known = {NAME, checked.STAMPS, *manifest.files}
        strangers = sorted(file.name for file in path.iterdir() if file.name not in known)
        remarks += [f"{name}/{stranger} is no part of the index; nothing reads it." for stranger in strangers]
        if not damage and (name == current or (current is None and active is None)):
            active = CheckedGeneration(path, manifest)
    return VerificationReport(active, tuple(wrong), tuple(remarks), files=count)


def corpus(report: VerificationReport, corpus_folder: Path) -> VerificationReport:
    """Read the corpus again and compare every stored page and passage with it.

    A file of the corpus that has changed since is no damage: it is told as a remark, and not compared.
    """
    if report.checked is None:
        return report
    try:
        read = read_corpus(corpus_folder)
    except CorpusError as error:
        remark = f"The passages could not be compared with the corpus. {error}"
        return replace(report, remarks=(*report.remarks, remark))
    then, now = report.checked.manifest.corpus, read.files
    moved = sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))
    remarks = list(report.remarks)
    if moved:
        some = ", ".join(moved[:3]) + (" …" if len(moved) > 3 else "")
        remarks.append(f"The corpus has changed since ({len(moved)} files: {some}). Run: askdoc index")
    store = DocumentStore.open(report.checked.file(documents.NAME))
    try:
        spans = store.spans()
        wrong = list(_differences(store.pages(), spans, _unchanged(read, set(moved)), set(moved)))
    finally:
        store.close()
    return replace(
        report,
        wrong=(*report.wrong, *wrong),
        remarks=tuple(remarks),
        up_to_date=not moved,
        passages=sum(map(len, spans.values())),
    )


def _unchanged(read: Corpus, moved: set[str]) -> dict[str, Question]:
    return {page.id: page for page in read.questions if page.source.file not in moved}


def _differences(
    stored: Iterable[Question], spans: dict[str, list[Span]], pages: dict[str, Question], moved: set[str]
) -> Iterator[str]:
    """A sentence for every page that is not stored as it stands in the corpus."""
    left = dict(pages)
    for page in stored:
        if page.source.file in moved:
            left.pop(page.id, None)
            continue
        source = left.pop(page.id, None)
        if source is None:
            yield f"The page {page.id} is in the index and not in {page.source.file}."
            continue
        if page != source:
            yield f"The page {page.id} is not stored as it stands in {page.source}."
        bodies = {answer.id: answer.body for answer in source.answers}
        for answer in page.answers:
            bounds = spans.get(answer.id, [])
            if any(_bytes(answer.body, at) != _bytes(bodies.get(answer.id, ""), at) for at in bounds):
                yield f"A passage of {answer.id} is not a piece of its page, byte for byte."
            if not _covers(bounds, answer.body, page.title):
                yield f"The passages of {answer.id} do not hold every word of it once."
    for page_id, page in left.items():
        yield f"The page {page_id} of {page.source.file} is not in the index."


def _bytes(body: str, at: Span) -> bytes:
    return body[at[0] : at[1]].encode()


def _covers(bounds: list[Span], body: str, title: str) -> bool:
    """Whether the passages do not overlap and leave out white space, a repeated title, sources, and nothing else."""
    edges = [passages.begin(body, title), *(edge for span in bounds for edge in span), passages.end(body)]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return all(start <= end and not body[start:end].strip() for start, end in gaps)
