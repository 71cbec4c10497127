"""One build at work: from the questions of a corpus to a finished generation."""

import errno
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from askdoc import __version__, durable
from askdoc.corpus import passages
from askdoc.corpus.loader import Corpus
from askdoc.embedder import ModelFiles
from askdoc.embedder.onnx_encoder import FILES, OnnxEncoder
from askdoc.embedder.protocol import Awaited, BatchCallback, Embedder, EncoderKind, Vectors, deferred
from askdoc.index import activation, documents, folder, generation, vocabulary
from askdoc.index.generation import Generation
from askdoc.index.manifest import Counts, Manifest, Model
from askdoc.index.row_map import RowMap
from askdoc.index.vectors import kinds
from askdoc.indexer import vector_cache
from askdoc.indexer.previous import PreviousGeneration
from askdoc.models import Passage, Question
from askdoc.safety import examples
from askdoc.text import visible

MANY = 2_000
"""Texts from which it is worth while to start a GPU."""
COMPARED, ALIKE = 50, 0.9975
"""So many of them are embedded on both; their cosines must be as near as packing leaves them (docs/speed.md)."""
PASSAGE_TOKENS = 200
"""The longest passage: with its title above it, it stays within the 256 tokens that the default model reads."""


class Trained(Protocol):
    """A model that can be embedded with and exported."""

    def encode(self, texts: Sequence[str], *, on_batch: BatchCallback | None = None) -> Vectors: ...
    def begin(self, texts: Sequence[str]) -> Awaited: ...
    def lengths(self, texts: Sequence[str]) -> list[int]: ...
    def has_token(self, word: str) -> bool: ...
    def export(self, typical: Sequence[str]) -> dict[str, bytes] | None: ...

    dimension: int
    max_tokens: int


class Encoder(Protocol):
    """Turns texts into unit vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors: ...
    def begin(self, texts: Sequence[str]) -> Awaited: ...


class Progress(Protocol):
    """Hears how the build goes."""

    def step(self, name: str) -> None:
        """A new part of the work begins."""
        ...

    def advanced(self, unit: str, done: int, of: int, *, work: int, of_work: int) -> None:
        """So many units are done, which was so much of the work: the time left goes by work."""
        ...


Load = Callable[[ModelFiles], "Trained | None"]
"""A model made ready, or None where it cannot be had."""
Trial = Callable[[Generation], None]
"""Asks a generation a few questions before it is activated; raises IndexUnusable where it does not answer them."""


@dataclass(frozen=True, slots=True)
class Remembering:
    """An encoder that asks the cache first: the questions of a calibration are mostly those of the one before."""

    embedder: Embedder
    known: vector_cache.VectorCache

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(texts, dimension) unit vectors."""
        found = [self.known.get(vector_cache.key(text)) for text in texts]
        new = [row for row, vector in enumerate(found) if vector is None]
        if new:
            vectors = self.embedder.encode([texts[row] for row in new])
            self.known.add([vector_cache.key(texts[row]) for row in new], vectors)
            for row, vector in zip(new, vectors, strict=True):
                found[row] = vector
        return np.array(found, np.float32)

    def begin(self, texts: Sequence[str]) -> Awaited:
        """They are made when they are asked for."""
        return deferred(self.encode, texts)


class Prepared(Protocol):
    """What relevance keeps in an index: files by name, and plain values for the manifest."""

    def files(self) -> dict[str, bytes]: ...
    def facts(self) -> dict[str, Any]: ...


class Prepare(Protocol):
    """Makes it, of the questions, their passages in order, the vectors of both, the embedder, and the model's name."""

    def __call__(
        self,
        questions: Sequence[Question],
        cut: Sequence[Passage],
        vectors: dict[str, Vectors],
        embedder: Encoder,
        model: str,
        *,
        carried: RowMap | None,
    ) -> Prepared: ...


class Build:
    """One build, from the questions to the active generation."""

    def __init__(
        self,
        index_folder: Path,
        weights: ModelFiles,
        load: Callable[[ModelFiles], Trained],
        progress: Progress,
        prepare: Prepare,
        *,
        old: PreviousGeneration | None,
        full: bool,
        faster: Load | None = None,
    ) -> None:
        self.created = _free_name(index_folder)
        self.path = index_folder / f"gen-{self.created}.tmp"
        self._folder = index_folder
        self._weights = weights
        self._load = load
        self._progress = progress
        self._prepare = prepare
        self._old = None if old is None or full or old.other else old
        self._full = full
        self._faster = faster
        self._files: dict[str, tuple[str, int]] = {}
        self._kinds: dict[str, str] = {}
        self.embedded = 0

    def run(self, read: Corpus) -> tuple[str, Generation]:
        """Write every file of the generation, its manifest last, and open it as every reader opens one.

        Gives the name that it gets. Raises IndexUnusable where what was written cannot be read back.
        """
        self.path.mkdir()
        embedder, kind = self._encoder()
        cut = self._cut(read.questions, embedder)
        wanted = generation.embedded(read.questions, cut)
        encoder = "".join(self._files[name][0] for name in FILES if name in self._files)
        known = vector_cache.VectorCache.open(
            self._folder, self._weights.fingerprint, embedder.dimension, encoder=encoder
        )
        try:
            vectors = self._vectors(wanted, embedder, known)
            self._progress.step("Weighing the words and calibrating the confidence")
            carried = self._old.carried(read.questions, cut) if self._old else None
            counted = self._vocabulary(read.questions)
            asking = embedder if self._full else Remembering(embedder, known)
            with ThreadPoolExecutor(1) as aside:  # much of the rest lets go of the interpreter
                words = aside.submit(documents.dump, read.questions, cut)
                prepared = self._prepare(read.questions, cut, vectors, asking, self._weights.name, carried=carried)
        finally:
            known.close()
        self._progress.step("Writing the index")
        self._write(documents.NAME, words.result())
        self._write(vocabulary.NAME, counted)
        self._examples(embedder)
        for field, rows in vectors.items():
            self._kinds[field], store = kinds.build(rows)
            self._write(generation.file_of(field), store.dump())
        for name, data in prepared.files().items():
            self._write(name, data)
        extra = {**prepared.facts(), "safety": examples.TABLE_VERSION}
        # The manifest names and vouches for all that is written.
        manifest = self._manifest(read, len(cut), embedder, kind=kind, vectors=vectors, extra=extra)
        name = activation.seal(self.path, manifest)
        return name, Generation.open(folder.check(self.path, name=name), encoder=lambda _: embedder)

    def _vocabulary(self, questions: Sequence[Question]) -> bytes:
        if self._old:
            return vocabulary.dump(questions, before=self._old.vocabulary(), pages=self._old.pages)
        return vocabulary.dump(questions)

    def _write(self, name: str, data: bytes | memoryview) -> None:
        self._files[name] = durable.write(self.path / name, [data])

    def _encoder(self) -> tuple[Embedder, EncoderKind]:
        """The encoder to embed with, written into the generation where it can be exported.

        That of the active generation is taken over if it is of the same model, which spares loading the model.
        """
        if self._old and self._old.manifest.model.exported:
            for name in FILES:
                self._take_over(self._old, name)
            return self._opened()
        self._progress.step(f"Loading the model {self._weights.name}")
        trained = self._load(self._weights)
        self._progress.step("Exporting the encoder")
        files = trained.export(examples.sentences())
        if files is None:
            self._progress.step("This model cannot be exported; questions will need sentence-transformers")
            return trained, EncoderKind.SENTENCE_TRANSFORMERS
        for name in FILES:
            self._write(name, files[name])
        return self._opened()

    def _opened(self) -> tuple[Embedder, EncoderKind]:
        embedder = OnnxEncoder.open(self.path)
        return embedder, embedder.kind

    def _examples(self, embedder: Embedder) -> None:
        """The vectors of the safety gate's examples; those of the active generation are of the same sentences."""
        if self._old:
            self._take_over(self._old, generation.SAFETY)
        else:
            self._write(generation.SAFETY, generation.dump_array(embedder.begin(examples.sentences())().inner))

    def _take_over(self, old: PreviousGeneration, name: str) -> None:
        self._write(name, durable.content(old.path / name))
        if self._files[name] != old.manifest.files[name]:
            raise OSError(errno.EIO, f"{old.path.name}/{name} changed while it was read", name)

    def _cut(self, questions: Sequence[Question], embedder: Embedder) -> list[Passage]:
        """The passages; the bounds of an answer that has not changed are those it had."""
        self._progress.step("Cutting passages")
        limit = min(PASSAGE_TOKENS, embedder.max_tokens)

        def measure(texts: Sequence[str]) -> Sequence[int]:
            return embedder.lengths([visible(text) for text in texts])

        if self._old and self._old.manifest.passage_tokens != limit:
            self._old = None  # its passages are other ones
        known = self._old.spans() if self._old else {}
        total = sum(len(answer.body) for question in questions for answer in question.answers)
        answers = sum(len(question.answers) for question in questions)
        cut: list[Passage] = []
        done = letters = 0
        for question in questions:
            for answer in question.answers:
                spans = known.get(answer.body) or passages.spans(answer.body, measure=measure, limit=limit)
                cut += [passages.restore(question, answer, start, end) for start, end in spans]
                done, letters = done + 1, letters + len(answer.body)
                self._progress.advanced("answers", done, answers, work=letters, of_work=total)
        return cut

    def _vectors(
        self, wanted: dict[str, list[str]], embedder: Embedder, known: vector_cache.VectorCache
    ) -> dict[str, Vectors]:
        """The vectors of every field, each distinct text embedded once and only if the cache does not have it."""
        found: dict[str, Vectors] = {}
        new: list[str] = []
        names = {text: vector_cache.key(text) for rows in wanted.values() for text in rows}
        for text, name in names.items():
            vector = None if self._full else known.get(name)
            if vector is None:
                new.append(text)
            else:
                found[text] = vector
        found.update(self._embed(new, embedder, known))
        known.prune(names.values())
        return {field: np.array([found[text] for text in rows], np.float32) for field, rows in wanted.items()}

    def _embed(self, new: list[str], embedder: Embedder, known: vector_cache.VectorCache) -> dict[str, Vectors]:
        if not new:
            return {}
        self._progress.step("Embedding")
        lengths = embedder.lengths(new)
        tokens = sum(lengths)
        done = [0, 0]
        found: dict[str, Vectors] = {}

        def on_batch(places: list[int], vectors: Vectors) -> None:
            names = [vector_cache.key(new[place]) for place in places]
            known.add(names, vectors)
            found.update(zip((new[place] for place in places), vectors, strict=True))
            done[0] += len(places)
            done[1] += sum(lengths[place] for place in places)
            self._progress.advanced("texts", done[0], len(new), work=done[1], of_work=tokens)

        (self._for_many(new, embedder) or embedder).encode(new, on_batch=on_batch)
        self.embedded = len(new)
        return found

    def _for_many(self, new: Sequence[str], embedder: Embedder) -> Trained | None:
        """The same model where it is faster, if there are many texts and it gives what ``embedder`` gives."""
        faster = self._faster(self._weights) if self._faster and len(new) >= MANY else None
        if faster is None:
            return None
        some = new[:: len(new) // COMPARED]
        alike = float((faster.encode(some) * embedder.encode(some)).sum(axis=1).mean())
        if alike < ALIKE:
            self._progress.step(f"The GPU computes otherwise (cosine {alike:.4f}) and is left alone")
            return None
        self._progress.step("Embedding on the GPU")
        return faster

    def _manifest(
        self,
        read: Corpus,
        cut: int,
        embedder: Embedder,
        *,
        kind: EncoderKind,
        vectors: dict[str, Vectors],
        extra: dict[str, Any],
    ) -> Manifest:
        weights = self._weights
        return Manifest(
            created=self.created,
            askdoc=__version__,
            model=Model(
                weights.name, weights.sha256, weights.fingerprint, embedder.dimension, embedder.max_tokens, kind
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
            fields={field: len(rows) for field, rows in vectors.items()},
            kinds=self._kinds,
            files=self._files,
            extra=extra,
        )


def _free_name(index_folder: Path) -> str:
    """The time of this build in UTC, to the millisecond, later than that of every generation there is."""
    now = datetime.now(UTC)
    created = f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03}Z"
    newest = max(map(folder.created, folder.generations(index_folder)), default="")
    if created > newest:
        return created
    digits = int(newest[9:18]) + 1
    return f"{newest[:9]}{digits:09}Z"
