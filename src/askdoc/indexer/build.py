"""Makes a new generation of the index from a corpus, embedding only what is new."""

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from askdoc.corpus import loader
from askdoc.corpus.loader import Corpus
from askdoc.errors import BuildError, CorpusError, IndexUnusable
from askdoc.index import activation
from askdoc.index.activation import IndexWriter
from askdoc.index.folder import IndexFolder
from askdoc.index.generation import Generation
from askdoc.index.manifest import Manifest
from askdoc.indexer import changes
from askdoc.indexer.changes import Changes
from askdoc.indexer.pipeline import UNTITLED, Build, EmbeddingModel
from askdoc.indexer.previous import PreviousGeneration
from askdoc.indexer.progress import Progress

log = logging.getLogger("askdoc")
Trial = Callable[[Generation], None]
"""Asks a generation a few questions before it is activated; raises IndexUnusable where it does not answer them."""


class NothingUsable(CorpusError):
    """Raised where nothing in the corpus can be answered from; ``corpus`` has the reasons."""

    def __init__(self, sentence: str, corpus: Corpus) -> None:
        super().__init__(sentence)
        self.corpus = corpus


@dataclass(frozen=True, slots=True)
class BuildReport:
    """Outcome of a build. ``embedded`` counts the texts that the cache did not know.

    ``held`` names the generation that has this corpus already and was left by a rollback.
    """

    manifest: Manifest
    corpus: Corpus
    path: Path
    changes: Changes
    changed: bool
    embedded: int = 0
    held: str | None = None

    @property
    def untitled_example(self) -> str | None:
        """A title of the index that says nothing of its answers, if there is one."""
        example: str | None = self.manifest.extra.get(UNTITLED)
        return example


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """Outcome that a build would have; ``held`` as in ``BuildReport``.

    ``anew`` says why it would use nothing of the index again, where so.
    """

    corpus: Corpus
    changes: Changes
    anew: str | None
    held: str | None


@dataclass(frozen=True, slots=True)
class Indexer:
    """Brings an index up to a corpus."""

    corpus_folder: Path
    folder: IndexFolder
    model: EmbeddingModel

    def plan(self) -> BuildPlan:
        """Tell what a build would do, and write nothing. Raises NothingUsable."""
        corpus = self._read()
        previous = self._previous()
        held = self._held(corpus) if previous else None
        reason = previous.mismatch if previous else "There is no index yet."
        return BuildPlan(corpus, _changes(previous, corpus), reason, held)

    def build(self, *, trial: Trial, progress: Progress, full: bool = False) -> BuildReport:
        """Bring the index up to the corpus and activate it; a corpus that has not changed changes nothing.

        With ``full``, nothing is used again. Raises NothingUsable where nothing can be used, BuildError where the disk
        or the memory fails; the active generation stays as it was in either case.
        """
        with activation.locked(self.folder) as writer:
            writer.remove_leftovers()
            progress.step("Reading the corpus")
            corpus = self._read()
            previous = self._previous()
            if previous and not full and (report := self._nothing_to_do(writer, previous, corpus)):
                return report
            build = Build(writer, self.model, progress, previous=previous, full=full)
            try:
                name, generation = _tried(build, corpus, trial, progress)
                differences = _changes(previous, corpus)
                before = previous.generation.name if previous else None
                path = writer.activate(build.path, name, before=before)
                return BuildReport(
                    generation.manifest, corpus, path, differences, changed=True, embedded=build.embedded
                )
            finally:
                shutil.rmtree(build.path, ignore_errors=True)

    def _read(self) -> Corpus:
        corpus = loader.read(self.corpus_folder)
        if not any(question.answers for question in corpus.questions):
            raise NothingUsable(
                f"No page in {self.corpus_folder} could be used ({len(corpus.rejected):,} rejected). "
                "The index is as it was. See corpus/README.md for the formats.",
                corpus,
            )
        return corpus

    def _previous(self) -> PreviousGeneration | None:
        try:
            return PreviousGeneration(self.folder.active(), self.model.weights, self.model.tables)
        except IndexUnusable as error:
            if self.folder.generations():
                log.warning("%s Everything is built anew.", error)
            return None

    def _nothing_to_do(self, writer: IndexWriter, previous: PreviousGeneration, corpus: Corpus) -> BuildReport | None:
        """The report where the active generation, or one that a rollback has left, holds this corpus already."""
        none = changes.between((), ())
        manifest, path = previous.manifest, previous.generation.path
        if manifest.corpus == corpus.files and not previous.mismatch:
            if self.folder.current() != path.name:
                writer.point(path.name)
            writer.keep(self.folder.worth_keeping(path.name))
            return BuildReport(manifest, corpus, path, none, changed=False)
        held = self._held(corpus)
        return BuildReport(manifest, corpus, path, none, changed=False, held=held) if held else None

    def _held(self, corpus: Corpus) -> str | None:
        """The generation that a rollback has left, if it is whole and of this very corpus."""
        name = self.folder.held()
        try:
            left = PreviousGeneration(self.folder.check(name), self.model.weights, self.model.tables) if name else None
        except IndexUnusable:
            return None
        return name if left and left.manifest.corpus == corpus.files and not left.mismatch else None


def _tried(build: Build, corpus: Corpus, trial: Trial, progress: Progress) -> tuple[str, Generation]:
    """Make the new generation, read it back from the disk and try it out; its name, and the generation."""
    try:
        name, generation = build.run(corpus)
        progress.step("Trying it out")
        trial(generation)
    except IndexUnusable as error:
        raise BuildError(f"The new index does not work and was not taken. {error}") from error
    return name, generation


def _changes(previous: PreviousGeneration | None, corpus: Corpus) -> Changes:
    return changes.between(previous.questions if previous else (), corpus.questions)
