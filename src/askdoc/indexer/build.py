"""Makes a new generation of the index from a corpus, embedding only what is new."""

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from askdoc.corpus import Corpus, loader
from askdoc.embedder import ModelFiles
from askdoc.errors import BuildError, CorpusError, IndexUnusable
from askdoc.index import activation, folder
from askdoc.index.generation import Generation
from askdoc.index.manifest import Manifest
from askdoc.indexer import changes
from askdoc.indexer.changes import Changes
from askdoc.indexer.pipeline import Build, Load, Prepare, Progress, Trained, Trial
from askdoc.indexer.previous import PreviousGeneration

log = logging.getLogger("askdoc")


class NothingUsable(CorpusError):
    """Nothing in the corpus can be answered from; ``corpus`` has the reasons."""

    def __init__(self, sentence: str, read: Corpus) -> None:
        super().__init__(sentence)
        self.corpus = read


@dataclass(frozen=True, slots=True)
class Report:
    """What a build read and made. ``embedded`` counts the texts that the cache did not know.

    ``held`` names the generation that has this corpus already and was left by a rollback.
    """

    manifest: Manifest
    corpus: Corpus
    path: Path
    changes: Changes
    changed: bool
    embedded: int = 0
    held: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build would do. ``anew`` says why it would use nothing again, where so; ``held`` as in ``Report``."""

    corpus: Corpus
    changes: Changes
    anew: str | None
    held: str | None


def plan(corpus_folder: Path, index_folder: Path, *, weights: ModelFiles) -> Plan:
    """Tell what a build would do, and write nothing."""
    read = _read(corpus_folder)
    old = _old(index_folder, weights)
    held = _held(index_folder, read, weights) if old else None
    return Plan(read, _changes(old, read), old.other if old else "There is no index yet.", held)


def build(
    corpus_folder: Path,
    index_folder: Path,
    *,
    weights: ModelFiles,
    load: Callable[[ModelFiles], Trained],
    prepare: Prepare,
    trial: Trial,
    progress: Progress,
    full: bool = False,
    faster: Load | None = None,
) -> Report:
    """Bring the index up to the corpus and activate it; a corpus that has not changed changes nothing.

    ``faster`` gives the model on a GPU, if there is one; it is asked where many texts are new.

    Raises NothingUsable where nothing can be used, BuildError where the disk or the memory fails; the active
    generation stays as it was in either case.
    """
    with activation.builder(index_folder):
        activation.remove_leftovers(index_folder)
        progress.step("Reading the corpus")
        read = _read(corpus_folder)
        old = _old(index_folder, weights)
        if old and not full and (report := _nothing_to_do(index_folder, old, read, weights)):
            return report
        work = Build(index_folder, weights, load, progress, prepare, old=old, full=full, faster=faster)
        try:
            name, generation = _tried(work, read, trial, progress)
            found = _changes(old, read)
            path = activation.activate(index_folder, work.path, name, before=old.path.name if old else None)
            return Report(generation.manifest, read, path, found, changed=True, embedded=work.embedded)
        finally:
            shutil.rmtree(work.path, ignore_errors=True)


def _tried(work: Build, read: Corpus, trial: Trial, progress: Progress) -> tuple[str, Generation]:
    """The new generation, read back from the disk and tried out, with the name that it gets."""
    try:
        name, generation = work.run(read)
        progress.step("Trying it out")
        trial(generation)
    except IndexUnusable as error:
        raise BuildError(f"The new index does not work and was not taken. {error}") from error
    return name, generation


def _read(corpus_folder: Path) -> Corpus:
    read = loader.read(corpus_folder)
    if not any(question.answers for question in read.questions):
        raise NothingUsable(
            f"No page in {corpus_folder} could be used ({len(read.rejected):,} rejected). "
            "The index is as it was. See corpus/README.md for the formats.",
            read,
        )
    return read


def _old(index_folder: Path, weights: ModelFiles) -> PreviousGeneration | None:
    try:
        return PreviousGeneration(folder.active(index_folder), weights)
    except IndexUnusable as error:
        if folder.generations(index_folder):
            log.warning("%s Everything is built anew.", error)
        return None


def _nothing_to_do(index_folder: Path, old: PreviousGeneration, read: Corpus, weights: ModelFiles) -> Report | None:
    """The report where the active generation, or one that a rollback has left, holds this corpus already."""
    none = changes.between((), ())
    if old.manifest.corpus == read.files and not old.other:
        if folder.current(index_folder) != old.path.name:
            activation.point(index_folder, old.path.name)
        activation.keep(index_folder, activation.worth_keeping(index_folder, old.path.name))
        return Report(old.manifest, read, old.path, none, changed=False)
    held = _held(index_folder, read, weights)
    return Report(old.manifest, read, old.path, none, changed=False, held=held) if held else None


def _held(index_folder: Path, read: Corpus, weights: ModelFiles) -> str | None:
    """The generation that a rollback has left, if it is whole and of this very corpus."""
    name = activation.held(index_folder)
    try:
        left = PreviousGeneration(folder.check(index_folder / name), weights) if name else None
    except IndexUnusable:
        return None
    return name if left and left.manifest.corpus == read.files and not left.other else None


def _changes(old: PreviousGeneration | None, read: Corpus) -> Changes:
    return changes.between(old.pages if old else (), read.questions)
