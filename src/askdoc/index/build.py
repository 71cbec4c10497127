"""Makes a new generation of the index from a corpus, embedding only what is new."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import numpy as np

from askdoc import __version__, corpus, durable
from askdoc.corpus import Corpus, passages
from askdoc.embedder import Embedder, Vectors, Weights
from askdoc.embedder.exported import FILES, ExportedEmbedder
from askdoc.errors import BuildError, CorpusError, IndexUnusable
from askdoc.index import cache, folder, generation, texts
from askdoc.index.folder import Checked
from askdoc.index.manifest import Counts, Manifest, Model
from askdoc.models import Passage, Question
from askdoc.store.faiss_flat import FaissFlat

PASSAGE_TOKENS = 200
"""The longest passage: with its title above it, it stays within the 256 tokens that the default model reads."""


class Trained(Protocol):
    """A model that can be embedded with and exported."""

    def encode(
        self, texts: Sequence[str], *, finished: Callable[[list[int], Vectors], None] | None = None
    ) -> Vectors: ...
    def lengths(self, texts: Sequence[str]) -> list[int]: ...
    def export(self) -> dict[str, bytes] | None: ...

    dimension: int
    max_tokens: int


class Progress(Protocol):
    """Hears how the build goes."""

    def step(self, name: str) -> None:
        """A new part of the work begins."""
        ...

    def embedded(self, texts: int, of_texts: int, tokens: int, of_tokens: int) -> None:
        """So many texts and tokens are embedded, of those that are new."""
        ...


@dataclass(frozen=True, slots=True)
class Report:
    """What a build read and made. ``embedded`` counts the texts that the cache did not know."""

    manifest: Manifest
    corpus: Corpus
    path: Path
    changed: bool
    embedded: int


def build(
    corpus_folder: Path,
    index_folder: Path,
    *,
    weights: Weights,
    load: Callable[[Weights], Trained],
    progress: Progress,
    full: bool = False,
) -> Report:
    """Bring the index up to the corpus and activate it; a corpus that has not changed changes nothing.

    Raises CorpusError where nothing can be used, BuildError where the disk or the memory fails; the active
    generation stays as it was in either case.
    """
    with folder.builder(index_folder), _plain_errors(index_folder):
        folder.sweep(index_folder)
        progress.step("Reading the corpus")
        read = corpus.read(corpus_folder)
        if not any(question.answers for question in read.questions):
            raise CorpusError(
                f"No page in {corpus_folder} could be used ({len(read.rejected)} rejected). "
                "The index is as it was. See corpus/README.md for the formats."
            )
        old = _active(index_folder)
        if old and not full and _same(old.manifest, read, weights):
            folder.point(index_folder, old.path.name)
            return Report(old.manifest, read, old.path, changed=False, embedded=0)
        work = _Work(index_folder, weights, load, progress, full=full)
        try:
            return work.run(read, old)
        finally:
            shutil.rmtree(work.path, ignore_errors=True)


@contextmanager
def _plain_errors(where: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BuildError(f"The index in {where} could not be written: {reason}. The active one is as it was.") from error
    except MemoryError as error:
        raise BuildError("The memory is not enough for this corpus. The active index is as it was.") from error


def _active(index_folder: Path) -> Checked | None:
    try:
        return folder.active(index_folder)
    except IndexUnusable:
        return None


def _same(manifest: Manifest, read: Corpus, weights: Weights) -> bool:
    return (manifest.corpus, manifest.model.name, manifest.model.fingerprint, manifest.askdoc) == (
        read.files,
        weights.name,
        weights.fingerprint,
        __version__,
    )


class _Work:
    """One build, from the questions to the active generation."""

    def __init__(
        self,
        index_folder: Path,
        weights: Weights,
        load: Callable[[Weights], Trained],
        progress: Progress,
        *,
        full: bool,
    ) -> None:
        self.created = _free_name(index_folder)
        self.path = index_folder / f"gen-{self.created}.tmp"
        self._folder = index_folder
        self._weights = weights
        self._load = load
        self._progress = progress
        self._full = full
        self._files: dict[str, tuple[str, int]] = {}
        self._embedded = 0

    def run(self, read: Corpus, old: Checked | None) -> Report:
        self.path.mkdir()
        embedder, exported = self._encoder(old)
        self._progress.step("Cutting passages")
        cut = [
            passage
            for question in read.questions
            for passage in passages.cut(question, measure=embedder.lengths, limit=min(PASSAGE_TOKENS, embedder.max_tokens))
        ]
        self._write(texts.NAME, texts.dump(read.questions, cut))
        fields = _fields(read.questions, cut)
        vectors = self._vectors(fields, embedder)
        self._progress.step("Writing the index")
        for field, rows in vectors.items():
            self._write(generation.file_of(field), FaissFlat.build(rows).dump())
        manifest = self._manifest(read, len(cut), embedder, exported=exported, fields=vectors)
        finished = folder.activate(self._folder, self.path, manifest)
        folder.sweep(self._folder)
        return Report(manifest, read, finished, changed=True, embedded=self._embedded)

    def _write(self, name: str, data: bytes | memoryview) -> None:
        self._files[name] = durable.write(self.path / name, [data])

    def _encoder(self, old: Checked | None) -> tuple[Embedder, bool]:
        """The encoder to embed with, written into the generation where it can be exported.

        That of the active generation is taken over if it is of the same model, which spares loading the model.
        """
        model = old.manifest.model if old and not self._full else None
        if old and model and model.exported and model.fingerprint == self._weights.fingerprint:
            for name in FILES:
                self._write(name, (old.path / name).read_bytes())
            return ExportedEmbedder.open(self.path), True
        self._progress.step(f"Loading the model {self._weights.name}")
        trained = self._load(self._weights)
        self._progress.step("Exporting the encoder")
        files = trained.export()
        if files is None:
            self._progress.step("This model cannot be exported; questions will need sentence-transformers")
            return trained, False
        for name in FILES:
            self._write(name, files[name])
        return ExportedEmbedder.open(self.path), True

    def _vectors(self, fields: dict[str, list[str]], embedder: Embedder) -> dict[str, Vectors]:
        """The vectors of every field, each distinct text embedded once and only if the cache does not have it."""
        known = cache.VectorCache.open(self._folder / "cache", self._weights.fingerprint, embedder.dimension)
        found: dict[str, Vectors] = {}
        new: list[str] = []
        for text in dict.fromkeys(text for texts_ in fields.values() for text in texts_):
            vector = None if self._full else known.get(cache.key(text))
            if vector is None:
                new.append(text)
            else:
                found[text] = vector
        try:
            found.update(self._embed(new, embedder, known))
            known.prune(cache.key(text) for text in found)
        finally:
            known.close()
        return {field: np.array([found[text] for text in texts_], np.float32) for field, texts_ in fields.items()}

    def _embed(self, new: list[str], embedder: Embedder, known: cache.VectorCache) -> dict[str, Vectors]:
        if not new:
            return {}
        self._progress.step("Embedding")
        lengths = embedder.lengths(new)
        done = [0, 0]
        found: dict[str, Vectors] = {}

        def finished(places: list[int], vectors: Vectors) -> None:
            names = [cache.key(new[place]) for place in places]
            known.add(names, vectors)
            found.update(zip((new[place] for place in places), vectors, strict=True))
            done[0] += len(places)
            done[1] += sum(lengths[place] for place in places)
            self._progress.embedded(done[0], len(new), done[1], sum(lengths))

        embedder.encode(new, finished=finished)
        self._embedded = len(new)
        return found

    def _manifest(
        self, read: Corpus, cut: int, embedder: Embedder, *, exported: bool, fields: dict[str, Vectors]
    ) -> Manifest:
        weights = self._weights
        return Manifest(
            created=self.created,
            askdoc=__version__,
            model=Model(
                weights.name, weights.sha256, weights.fingerprint, embedder.dimension, embedder.max_tokens, exported
            ),
            counts=Counts(
                pages=read.rows,
                questions=len(read.questions),
                answers=sum(len(question.answers) for question in read.questions),
                passages=cut,
                rejected=len(read.rejected),
            ),
            corpus=read.files,
            passage_tokens=min(PASSAGE_TOKENS, embedder.max_tokens),
            fields={field: len(rows) for field, rows in fields.items()},
            files=self._files,
        )


def _fields(questions: Sequence[Question], cut: Sequence[Passage]) -> dict[str, list[str]]:
    """The texts to embed, by field; see ``generation.FIELDS``."""
    return {
        "question": [question.title for question in questions],
        "both": [f"{passage.question.title}\n{passage.text}" for passage in cut],
    }


def _free_name(index_folder: Path) -> str:
    """The time of this build in UTC, to the millisecond, later than that of every generation there is."""
    now = datetime.now(UTC)
    created = f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03}Z"
    newest = max((name.split("-")[1] for name in folder.generations(index_folder)), default="")
    if created > newest:
        return created
    digits = int(newest[9:18]) + 1
    return f"{newest[:9]}{digits:09}Z"
