"""Fails every call of a build in turn, and looks whether an index is left that is old or new, and whole.

    python -m tests.reliability.fault_injection [--every N] [--kinds EIO,ENOSPC,exit,power]
    python -m tests.reliability.fault_injection --guards [--last N]

Runs in children of a process that has not used FAISS, whose threads a fork would not carry over. With
``--guards``, each of ``GUARDS`` is taken out in turn and a rebuild loses its power, to show that it is missed.
"""

import argparse
import contextlib
import json
import logging
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import faiss

from askdoc import durable
from askdoc.errors import AskdocError
from askdoc.index import activation, generation
from askdoc.index.activation import IndexWriter
from askdoc.index.folder import IndexFolder
from askdoc.indexer.build import BuildReport
from tests import making, tiny
from tests.reliability import faults

OLD, NEW = "The first wording stays here.", "The second wording is here."
NO_MORE, NOT_PLAIN, BAD = 50, 51, 52
NEVER = 1 << 40
GUARDS: dict[str, Callable[[], contextlib.AbstractContextManager[object]]] = {
    "fsync of files": lambda: mock.patch.object(faults.Disk, "flushes_files", False),
    "fsync of folders": lambda: mock.patch.object(durable, "sync_folder"),
    "atomic replace": lambda: mock.patch.object(durable, "replace", _written_in_place),
    "CURRENT last": lambda: mock.patch.object(IndexWriter, "activate", _named_first),
    "tidying": lambda: mock.patch.object(IndexFolder, "leftovers", return_value=[]),
}


def _written_in_place(path: Path, data: bytes) -> None:
    path.unlink(missing_ok=True)
    durable.write(path, [data])


def _named_first(writer: IndexWriter, building: Path, name: str, **_: object) -> Path:
    writer.point(name)
    return building.rename(writer.folder.path / name)


def write_corpus(place: Path, wording: str) -> Path:
    """Five questions; the wording of one answer is given."""
    place.mkdir(parents=True, exist_ok=True)
    rows = [
        {"id": f"q{n}", "title": f"Is number {n} safe?", "answers": [{"body": f"Number {n} is."}]} for n in range(4)
    ]
    rows.append({"id": "worded", "title": "Which wording is it?", "answers": [{"body": wording}]})
    (place / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return place


def make(corpus: Path, index: Path) -> BuildReport:
    """Build with the tiny model."""
    return making.make(corpus, index)


def opened(index: Path) -> generation.Generation:
    """The index as a command opens it, tried out. Falls back from a broken CURRENT as readers do."""
    made = making.opened(index)
    making.looked_at(made)
    return made


def wording(index: Path) -> str:
    """What the generation that CURRENT names answers. Raises AskdocError where that one is not whole."""
    name = IndexFolder(index).current()
    if name is None:
        raise AskdocError("CURRENT names nothing")
    made = generation.open_at(index / name, model="tiny", load=lambda _: tiny.TinyEmbedder())
    return made.documents.passage(len(made.documents.answer_of) - 1).text


def _expect(claim: bool, otherwise: str) -> None:
    if not claim:
        raise AssertionError(otherwise)


class Crashes:
    """One operation on an index, failed again and again."""

    def __init__(
        self, place: Path, name: str, operation: Callable[[Path], object], *, start: Path, allowed: set[str]
    ) -> None:
        self.name = name
        self._place = place
        self._operation = operation
        self._start = start
        self._allowed = allowed
        self._final = write_corpus(place / "final", NEW)

    def run(self, kind: str, at: int) -> int:
        """Fail call ``at``; 0 where an allowed and whole index is left, NO_MORE where there is no such call."""
        index = faults.fresh(self._start, self._place / "index")
        spare = self._place / "spare"
        faults.fresh(self._place / "none", spare)
        status = faults.in_child(lambda: self._fail(index, spare, kind, at))
        if status in {0, faults.EXITED}:
            return faults.in_child(lambda: self._whole(index, kind, at))
        return status

    def calls(self) -> int:
        """How many calls the operation makes."""
        index, told = faults.fresh(self._start, self._place / "index"), self._place / "calls"

        def counted() -> int:
            with faults.Disk("EIO", NEVER, self._place).failing() as disk:
                self._operation(index)
            told.write_text(str(disk.count))
            return 0

        faults.in_child(counted)
        return int(told.read_text())

    def _fail(self, index: Path, spare: Path, kind: str, at: int) -> int:
        disk = faults.Disk(kind, at, spare)
        with disk.failing():
            try:
                self._operation(index)
            except AskdocError:
                pass
            except BaseException as error:
                print(f"  {self.name} {kind} at {at}: {type(error).__name__}: {error}", file=sys.stderr)
                return NOT_PLAIN
        return NO_MORE if disk.count < at else 0

    def _whole(self, index: Path, kind: str, at: int) -> int:
        try:
            folder = IndexFolder(index)
            first = IndexFolder(self._start).current_file.exists() or folder.current()
            if first:
                _expect(wording(index) in self._allowed, "another wording")
            activation.tidy(folder)
            _expect(not list(index.rglob("*.tmp")), "temporary files are left")
            make(self._final, index)
            _expect(wording(index) == NEW, "the next build does not bring the new wording")
            _expect(not list(index.rglob("*.tmp")), "temporary files are left by the next build")
            _expect(len(folder.generations()) <= 2, "generations pile up")
        except Exception as error:
            print(f"  {self.name} {kind} at {at}: {type(error).__name__}: {error}", file=sys.stderr)
            return BAD
        return 0


def prepare(place: Path) -> list[Crashes]:
    """A first build, a rebuild that pushes out an old generation, and a rollback."""
    (place / "none").mkdir()
    old, new = write_corpus(place / "old", OLD), write_corpus(place / "new", NEW)
    other = write_corpus(place / "other", "?")

    def started() -> int:
        make(other, place / "two")
        make(old, place / "two")
        return 0

    faults.in_child(started)
    return [
        Crashes(place, "first build", lambda index: make(new, index), start=place / "none", allowed={NEW}),
        Crashes(place, "rebuild", lambda index: make(new, index), start=place / "two", allowed={OLD, NEW}),
        Crashes(place, "rollback", making.rolled_back, start=place / "two", allowed={OLD, "?"}),
    ]


def _quietly() -> None:
    faiss.omp_set_num_threads(1)
    logging.getLogger("askdoc").setLevel(logging.CRITICAL)


def run(every: int, kinds: list[str], operation: str = "", last: int = NEVER) -> dict[str, dict[str, int]]:
    """How many calls were failed, by operation, and what came of it. Only the ``last`` calls of each are."""
    found = {}
    with tempfile.TemporaryDirectory() as place:
        for crash in prepare(Path(place)):
            if operation not in crash.name:
                continue
            tally = {"failed": 0, "bad": 0, "not plain": 0}
            for kind in kinds:
                at = max(1, crash.calls() - last)
                while (status := crash.run(kind, at)) != NO_MORE:
                    tally["failed"] += 1
                    tally["bad"] += status not in {0, NOT_PLAIN}
                    tally["not plain"] += status == NOT_PLAIN
                    at += every
            found[crash.name] = tally
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="fail only every N-th call")
    parser.add_argument("--kinds", default=",".join(faults.KINDS))
    parser.add_argument("--operation", default="", help="only this one")
    parser.add_argument("--last", type=int, default=NEVER, help="fail only the last so many calls")
    parser.add_argument("--guards", action="store_true", help="take each guard out in turn; it must be missed")
    given = parser.parse_args()
    _quietly()
    if given.guards:
        missed = {}
        for name, without in GUARDS.items():
            with without():
                missed[name] = run(1, ["power"], "rebuild", given.last)["rebuild"]["bad"]
        print(json.dumps(missed))
        sys.exit(not all(missed.values()))
    found = run(given.every, given.kinds.split(","), given.operation, given.last)
    print(json.dumps(found))
    sys.exit(any(tally["bad"] or tally["not plain"] for tally in found.values()))


if __name__ == "__main__":
    main()
