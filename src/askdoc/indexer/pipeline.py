"""One build at work: from the questions of a corpus to a finished generation."""

import errno
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol

import numpy as np

from askdoc import __version__, durable
from askdoc.corpus import passages
from askdoc.corpus.loader import Corpus
from askdoc.embedder import ModelFiles, Side
from askdoc.embedder.onnx_encoder import FILES, OnnxEncoder
from askdoc.embedder.protocol import Embedder, EncoderKind, ShareCallback, Vectors, unheard
from askdoc.errors import IndexUnusable, ModelError
from askdoc.index import array_codec, checked, documents, field_texts, generation, word_counts
from askdoc.index.activation import IndexWriter
from askdoc.index.folder import IndexFolder
from askdoc.index.generation import Generation
from askdoc.index.manifest import Counts, Manifest, Model
from askdoc.index.vectors import kinds
from askdoc.indexer import export_recipe, vector_cache
from askdoc.indexer.previous import PreviousGeneration
from askdoc.indexer.progress import PERCENT, Progress
from askdoc.indexer.user_cache import UserCache
from askdoc.indexer.vector_cache import VectorCache
from askdoc.models import Passage, Question
from askdoc.retriever.artifacts import PreparedArtifacts
from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.offline.calibration import TextEncoder
from askdoc.retriever.offline.prepare import EmbeddedCorpus, prepare
from askdoc.safety import examples
from askdoc.text import visible

GPU_FROM = 2_000
"""Texts from which it is worth while to start a GPU."""
GPU_COMPARED, GPU_ALIKE = 50, 0.9975
"""Texts that are embedded on both, and the least mean cosine of the two: what quantising leaves (docs/speed.md)."""
AT_ONCE = 150
"""How many examples are embedded between two reports of progress."""
UNTITLED = "untitled"
"""The key of the manifest's ``extra`` that holds an example of a title that says nothing, or None."""
PASSAGE_TOKENS = 200
"""The longest passage: with its title above it, it stays within the 256 tokens that the default model reads."""
LEAST_TOKENS = 16
"""A model that reads fewer tokens of a passage is refused: they hold no sentence."""


class ExportableEmbedder(Embedder, Protocol):
    """An embedder that can be exported into an index."""

    def export(self, typical: Sequence[str], on_share: ShareCallback = unheard) -> dict[str, bytes] | None:
        """The files of ``askdoc.embedder.onnx_encoder``, fitted to typical texts, or None where there are none."""
        ...


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """Embedding model of an index with the tables that were learned for it, and the ways to load it.

    ``load`` makes it ready; ``load_on_gpu`` does on a GPU, or gives None where there is none. ``cache`` keeps what is
    made of it for other index folders; None keeps nothing.
    """

    weights: ModelFiles
    tables: ModelTables
    load: Callable[[ModelFiles], ExportableEmbedder]
    load_on_gpu: Callable[[ModelFiles], ExportableEmbedder | None] | None = None
    cache: UserCache | None = None


@dataclass(frozen=True, slots=True)
class CachingEncoder:
    """Encoder that asks the cache first: a calibration mostly asks the questions of the previous one."""

    embedder: Embedder
    cache: VectorCache

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(texts, dimension) unit vectors, as of questions that are asked."""
        prompt = self.embedder.prompts[Side.QUERY]
        keys = [vector_cache.key(text, prompt) for text in texts]
        vectors = [self.cache.get(key) for key in keys]
        missing = [row for row, vector in enumerate(vectors) if vector is None]
        if missing:
            made = self.embedder.encode([texts[row] for row in missing])
            self.cache.add([keys[row] for row in missing], made)
            for row, vector in zip(missing, made, strict=True):
                vectors[row] = vector
        return np.array(vectors, np.float32)


class Build:
    """One build, from the questions of a corpus to a generation that can be activated.

    ``path`` is the folder that it writes to; ``embedded`` counts the texts that the cache did not know.
    """

    def __init__(
        self,
        writer: IndexWriter,
        model: EmbeddingModel,
        progress: Progress,
        *,
        previous: PreviousGeneration | None,
        full: bool,
    ) -> None:
        self._writer = writer
        self._model = model
        self._progress = progress
        self._previous = None if previous is None or full or previous.mismatch else previous
        self._full = full
        self._created = _free_name(writer.folder)
        self._files: dict[str, tuple[str, int]] = {}
        self._kinds: dict[str, str] = {}
        self.path = writer.folder.path / f"gen-{self._created}.tmp"
        self.embedded = 0

    def run(self, corpus: Corpus) -> tuple[str, Generation]:
        """Write every file of the generation, its manifest last, and open it as every reader opens one.

        Gives the name that it gets. Raises IndexUnusable where what was written cannot be read back.
        """
        self.path.mkdir()
        embedder, kind = self._encoder()
        pieces = self._passages(corpus.questions, embedder)
        cache = self._cache(embedder)
        try:
            vectors = self._vectors(field_texts.texts(corpus.questions, pieces), embedder, cache)
            self._progress.step("Weighing the words and calibrating the confidence")
            rows = EmbeddedCorpus(corpus.questions, pieces, vectors).assessed()
            texts, artifacts = self._prepare(rows, embedder if self._full else CachingEncoder(embedder, cache))
        finally:
            cache.close()
        del cache, vectors  # gigabytes, where there are a million texts
        self._progress.step("Writing the index")
        while texts:
            self._write(*texts.popitem())
        self._write_examples(embedder)
        for field, matrix in rows.fields().items():
            self._kinds[field], store = kinds.build(matrix)
            self._write(field_texts.file_of(field), store.dump())
        for name, data in artifacts.files().items():
            self._write(name, data)
        # The manifest names and vouches for all that is written.
        manifest = self._manifest(corpus, rows, embedder, kind=kind, facts=artifacts.facts())
        name = self._writer.seal(self.path, manifest)
        return name, Generation.open(checked.check_written(self.path, name=name), encoder=lambda _: embedder)

    def _write(self, name: str, data: bytes | memoryview) -> None:
        self._files[name] = durable.write(self.path / name, [data])

    def _prepare(self, corpus: EmbeddedCorpus, encoder: TextEncoder) -> tuple[dict[str, bytes], PreparedArtifacts]:
        """Make the files of texts and words by name, and what relevance keeps of the corpus."""
        questions, pieces = corpus.questions, corpus.passages
        row_map = self._previous.row_map(questions, pieces) if self._previous else None
        words = self._vocabulary(questions)
        with ThreadPoolExecutor(1) as aside:  # much of the rest lets go of the interpreter
            texts = aside.submit(documents.dump, questions, pieces)
            artifacts = prepare(corpus, encoder=encoder, tables=self._model.tables, row_map=row_map)
        return {documents.NAME: texts.result(), word_counts.NAME: words}, artifacts

    def _vocabulary(self, questions: Sequence[Question]) -> bytes:
        if self._previous is None:
            return word_counts.dump(questions)
        return word_counts.dump(
            questions, previous=self._previous.word_counts(), previous_questions=self._previous.questions
        )

    def _encoder(self) -> tuple[Embedder, EncoderKind]:
        """Load the encoder to embed with, and write it into the generation where it can be exported.

        That of the active generation is taken over if it is of the same model, which spares loading the model.
        """
        if self._previous and self._previous.manifest.model.exported:
            for name in FILES:
                self._take_over(self._previous, name)
            return self._opened()
        key = export_recipe.export_key(self._model.weights, examples.sentences())
        return self._kept_export(key) or self._new_export(key)

    def _kept_export(self, key: str) -> tuple[Embedder, EncoderKind] | None:
        """The export that another index folder's build has made, if it computes here what it did there."""
        files = self._kept(key)
        if files is None:
            return None
        self._progress.step("Taking the exported encoder from the cache")
        try:
            return self._exported(files)
        except IndexUnusable:
            for name in FILES:
                (self.path / name).unlink()
                del self._files[name]
            return None

    def _new_export(self, key: str) -> tuple[Embedder, EncoderKind]:
        self._progress.step(f"Loading the model {self._model.weights.name}")
        embedder = self._model.load(self._model.weights)
        files = None
        if not self._previous:  # what could not be exported then cannot be now
            self._progress.step("Exporting the encoder, which takes a while and is kept for other index folders")
            files = embedder.export(examples.sentences(), self._on_share)
        if files is None:
            self._progress.step("This model cannot be exported; questions will need sentence-transformers")
            return embedder, EncoderKind.SENTENCE_TRANSFORMERS
        self._keep(key, files)
        return self._exported(files)

    def _on_share(self, share: float) -> None:
        percent = round(100 * share)
        self._progress.advanced(PERCENT, percent, 100, work=percent, of_work=100)

    def _kept(self, key: str) -> dict[str, bytes] | None:
        """What the user's cache has under a key; a full build makes everything anew."""
        return self._model.cache.get(key) if self._model.cache and not self._full else None

    def _keep(self, key: str, files: dict[str, bytes]) -> None:
        if self._model.cache:
            self._model.cache.put(key, files)

    def _exported(self, files: dict[str, bytes]) -> tuple[Embedder, EncoderKind]:
        """Write an export into the generation and open it there. Raises IndexUnusable."""
        for name in FILES:
            self._write(name, files[name])
        return self._opened()

    def _opened(self) -> tuple[Embedder, EncoderKind]:
        embedder = OnnxEncoder.open(self.path)
        return embedder, embedder.kind

    def _write_examples(self, embedder: Embedder) -> None:
        """Write the vectors of the safety gate's examples; a previous generation has the same sentences."""
        if self._previous:
            self._take_over(self._previous, generation.SAFETY)
        else:
            self._write(generation.SAFETY, self._examples(embedder))

    def _examples(self, embedder: Embedder) -> bytes:
        """Embed the examples, or take what another index folder's build has made of them with the same encoder."""
        encoder = [self._files[name][0] for name in FILES if name in self._files]
        key = export_recipe.examples_key(self._model.weights, encoder, examples.sentences())
        kept = self._kept(key)
        if kept is None:
            kept = {generation.SAFETY: array_codec.dump(self._inner_vectors(embedder, examples.sentences()))}
            self._keep(key, kept)
        return kept[generation.SAFETY]

    def _inner_vectors(self, embedder: Embedder, texts: Sequence[str]) -> Vectors:
        """Embed texts a part at a time, shortest first, so that little is padded and it can be said how far it is."""
        self._progress.step(f"Embedding the {len(texts):,} examples of the safety gate")
        lengths = embedder.lengths(texts)
        order = sorted(range(len(texts)), key=lengths.__getitem__)
        parts: list[Vectors] = []
        tokens = 0
        for start in range(0, len(order), AT_ONCE):
            part = order[start : start + AT_ONCE]
            parts.append(embedder.begin([texts[place] for place in part])().inner)
            tokens += sum(lengths[place] for place in part)
            self._progress.advanced("texts", start + len(part), len(order), work=tokens, of_work=sum(lengths))
        vectors: Vectors = np.concatenate(parts)[np.argsort(order)]
        return vectors

    def _take_over(self, previous: PreviousGeneration, name: str) -> None:
        """Copy a file of the previous generation, byte for byte."""
        self._write(name, durable.content(previous.generation.file(name)))
        if self._files[name] != previous.manifest.files[name]:
            raise OSError(errno.EIO, f"{previous.generation.name}/{name} changed while it was read", name)

    def _passages(self, questions: Sequence[Question], embedder: Embedder) -> list[Passage]:
        """Cut the passages; the bounds of an answer that has not changed are those it had."""
        self._progress.step("Cutting passages")
        limit = self._passage_tokens(embedder)

        def measure(texts: Sequence[str]) -> Sequence[int]:
            return embedder.lengths([visible(text) for text in texts])

        if self._previous and self._previous.manifest.passage_tokens != limit:
            self._previous = None  # its passages are other ones
        known_spans = self._previous.spans() if self._previous else {}
        total = sum(len(answer.body) for question in questions for answer in question.answers)
        answers = sum(len(question.answers) for question in questions)
        pieces: list[Passage] = []
        done = letters = 0
        for question in questions:
            for answer in question.answers:
                spans = known_spans.get((question.title, answer.body)) or passages.spans(
                    answer.body, title=question.title, measure=measure, limit=limit
                )
                pieces += [passages.restore(question, answer, start, end) for start, end in spans]
                done, letters = done + 1, letters + len(answer.body)
                self._progress.advanced("answers", done, answers, work=letters, of_work=total)
        return pieces

    def _passage_tokens(self, embedder: Embedder) -> int:
        """How long a passage may be. Raises ModelError where the model's prompt leaves it hardly any room."""
        if embedder.document_tokens < LEAST_TOKENS:
            raise ModelError(
                f"The model {self._model.weights.name} reads {embedder.max_tokens} tokens, of which its prompt leaves "
                f"{max(0, embedder.document_tokens)} for a passage. Choose another with ASKDOC_MODEL."
            )
        return min(PASSAGE_TOKENS, embedder.document_tokens)

    def _cache(self, embedder: Embedder) -> VectorCache:
        """Open the cache of this model as it is exported here."""
        exported = "".join(self._files[name][0] for name in FILES if name in self._files)
        fingerprint = self._model.weights.fingerprint
        return VectorCache.open(self._writer.folder.cache, fingerprint, embedder.dimension, encoder=exported)

    def _vectors(self, texts: dict[str, list[str]], embedder: Embedder, cache: VectorCache) -> dict[str, Vectors]:
        """Embed the texts of every field, each distinct one once, and only if the cache does not have it."""
        sides = {embedder.prompts[side]: side for side in Side}  # one alone, where the model embeds alike on both
        keys: dict[str, list[bytes]] = {}
        vectors: dict[bytes, Vectors] = {}
        missing: dict[Side, dict[bytes, str]] = {side: {} for side in sides.values()}
        for field, rows in texts.items():
            prompt = embedder.prompts[field_texts.SIDES[field]]
            keys[field] = [vector_cache.key(text, prompt) for text in rows]
            for key, text in zip(keys[field], rows, strict=True):
                vector = None if self._full else cache.get(key)
                if vector is None:
                    missing[sides[prompt]][key] = text
                else:
                    vectors[key] = vector
        vectors.update(self._embed(missing, embedder, cache))
        cache.prune(vectors)
        return {field: np.array([vectors[key] for key in rows], np.float32) for field, rows in keys.items()}

    def _embed(
        self, missing: Mapping[Side, Mapping[bytes, str]], embedder: Embedder, cache: VectorCache
    ) -> dict[bytes, Vectors]:
        """Embed texts by their keys, those of each side; every batch is in the cache as soon as it is done."""
        texts = {key: text for of_side in missing.values() for key, text in of_side.items()}
        if not texts:
            return {}
        self._progress.step("Embedding")
        lengths = dict(zip(texts, embedder.lengths(list(texts.values())), strict=True))
        tokens = sum(lengths.values())
        made: dict[bytes, Vectors] = {}
        done = 0

        def on_batch(keys: Sequence[bytes], places: list[int], vectors: Vectors) -> None:
            nonlocal done
            batch = [keys[place] for place in places]
            cache.add(batch, vectors)
            made.update(zip(batch, vectors, strict=True))
            done += sum(lengths[key] for key in batch)
            self._progress.advanced("texts", len(made), len(texts), work=done, of_work=tokens)

        encoder = self._on_gpu(list(texts.values()), embedder) or embedder
        for side, of_side in missing.items():
            encoder.encode(list(of_side.values()), side=side, on_batch=partial(on_batch, list(of_side)))
        self.embedded = len(texts)
        return made

    def _on_gpu(self, texts: Sequence[str], embedder: Embedder) -> Embedder | None:
        """Load the model on a GPU, if there are many texts and it gives what ``embedder`` gives."""
        load = self._model.load_on_gpu
        on_gpu = load(self._model.weights) if load and len(texts) >= GPU_FROM else None
        if on_gpu is None:
            return None
        sample = texts[:: len(texts) // GPU_COMPARED]
        alike = float((on_gpu.encode(sample) * embedder.encode(sample)).sum(axis=1).mean())
        if alike < GPU_ALIKE:
            self._progress.step(f"The GPU computes otherwise (cosine {alike:.4f}) and is left alone")
            return None
        self._progress.step("Embedding on the GPU")
        return on_gpu

    def _manifest(
        self, read: Corpus, rows: EmbeddedCorpus, embedder: Embedder, *, kind: EncoderKind, facts: dict[str, Any]
    ) -> Manifest:
        weights = self._model.weights
        return Manifest(
            created=self._created,
            askdoc=__version__,
            model=Model(
                weights.name, weights.sha256, weights.fingerprint, embedder.dimension, embedder.max_tokens, kind
            ),
            counts=Counts(
                pages=read.rows,
                questions=len(read.questions),
                answers=sum(len(question.answers) for question in read.questions),
                passages=len(rows.passages),
                rejected=len(read.rejected),
            ),
            corpus=read.files,
            passage_tokens=self._passage_tokens(embedder),
            fields={field: len(vectors) for field, vectors in rows.fields().items()},
            kinds=self._kinds,
            files=self._files,
            extra={**facts, "safety": examples.TABLE_VERSION, UNTITLED: _untitled_example(rows.questions)},
        )


def _untitled_example(questions: Sequence[Question]) -> str | None:
    """A title that says nothing, if there is one."""
    return next((question.title for question in questions if question.untitled), None)


def _free_name(folder: IndexFolder) -> str:
    """The time of this build in UTC, to the millisecond, but later than that of every generation there is."""
    now = datetime.now(UTC)
    created = f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03}Z"
    newest = max(map(checked.created, folder.generations()), default="")
    if created > newest:
        return created
    digits = int(newest[9:18]) + 1
    return f"{newest[:9]}{digits:09}Z"
