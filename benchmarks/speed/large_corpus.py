"""Measures whole questions, the start and the build of an index of any size, over made-up texts and vectors.

    python -m benchmarks.speed.large_corpus build INDEX [--rows N]     writes an index of N passages into INDEX
    python -m benchmarks.speed.large_corpus ask INDEX [--questions N]  asks it in this process, part by part
    python -m benchmarks.speed.large_corpus start INDEX [--runs N]     times ``askdoc ask`` and ``askdoc serve``

Texts and vectors are those of ``benchmarks.speed.synthetic``, since embedding a million texts takes hours: the vectors
are put into the cache of INDEX, and the index is then built from it as any other, by the same steps. A build that was
killed goes on where it was when it is started again. The texts that a server compares with their vectors before it
serves are truly embedded.

A question is made of five words of a passage. A question of some twelve tokens is truly encoded for each; what is
searched is a vector near to the passage's. A million passages need some
9.5 GB of memory, 6 GB of disk and half an hour.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does, before numpy is loaded

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askdoc import bootstrap
from askdoc.corpus.loader import Corpus
from askdoc.embedder import locate
from askdoc.embedder.onnx_encoder import FILES, OnnxEncoder
from askdoc.embedder.prompts import Side
from askdoc.embedder.protocol import Awaited, BatchCallback, Embedder, Encoded, Vectors
from askdoc.embedder.sentence_transformer import SentenceTransformerEmbedder
from askdoc.index import activation, field_texts
from askdoc.index.bm25 import STOP_WORDS
from askdoc.index.folder import IndexFolder
from askdoc.indexer import vector_cache
from askdoc.indexer.pipeline import Build, EmbeddingModel
from askdoc.indexer.previous import PreviousGeneration
from askdoc.indexer.vector_cache import VectorCache
from askdoc.models import Passage, Question, Reply
from askdoc.responder import Responder
from askdoc.retriever.offline.own_tables import tables_of
from askdoc.settings import DEFAULT_MODEL, Settings
from benchmarks.speed import machine, percentiles, scaling, server, synthetic

ROWS = 100_000
QUESTIONS = 300
QUESTION_WORDS = 5
WARM_UP = 50
NEAR = "questions.npz"
"""The file beside INDEX with the questions: their texts, their vectors, and the ten rows nearest to each."""
TRIED = 3
"""As ``known_items.TRIED``: the rows of each field whose texts are truly embedded."""
REAL_QUESTION = "What can I do about the red and itchy skin on my arms?"
"""What is encoded: some twelve tokens."""


def made_up(rows: int, encoder: OnnxEncoder, folder: Path) -> tuple[list[Question], list[Passage]]:
    """Make the pages; their words of the first ranks are words that the model knows, in an order of chance."""
    tokens = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    known = sorted(token for token in tokens if token.isascii() and token.isalpha() and len(token) > 2)
    known = [token for token in known if token not in STOP_WORDS and encoder.has_token(token)]
    random.Random(0).shuffle(known)
    return synthetic.pages(rows, most_frequent=known)


class Steps:
    """The progress of a build: prints when each step began, and the memory that the process has needed so far."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    def step(self, name: str) -> None:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{time.perf_counter() - self._began:7.1f} s  {most:6,} MB  {name}", flush=True)

    def advanced(self, unit: str, done: int, of: int, *, work: int, of_work: int) -> None:
        pass


def build(index: Path, rows: int) -> dict[str, Any]:
    """Make an index of one page, which exports the encoder; fill its cache; then build the whole from it."""
    folder = IndexFolder(index)
    if not folder.generations():
        _apart("begin", str(index))
    if not (index / NEAR).exists():
        _apart("fill", str(index), "--rows", str(rows))
    began = time.perf_counter()
    steps = Steps()
    active = folder.active()
    questions, _ = made_up(rows, OnnxEncoder.open(active.path), active.path)
    steps.step("Made up the texts")
    with activation.locked(folder) as writer:
        writer.remove_leftovers()
        _write(writer, steps, questions)
    steps.step("Done")
    manifest = folder.active().manifest
    return {
        "passages": manifest.counts.passages,
        "build_s": round(time.perf_counter() - began),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "disk_mb": round(sum(size for _, size in manifest.files.values()) / 1e6),
    }


def begin(index: Path) -> dict[str, Any]:
    """Make an index of one page, which exports the encoder."""
    with activation.locked(IndexFolder(index)) as writer:
        _write(writer, Steps(), synthetic.pages(1)[0])
    return {"begun": True}


def _write(writer: activation.IndexWriter, steps: Steps, questions: list[Question]) -> None:
    """Build and activate a generation, as ``askdoc.indexer.build`` does, but for reading the corpus."""
    model = _model()
    previous = (
        PreviousGeneration(writer.folder.active(), model.weights, model.tables) if writer.folder.current() else None
    )
    making = Build(writer, model, steps, previous=previous, full=False)
    name, _ = making.run(Corpus(tuple(questions), (), {"made-up.jsonl": f"{len(questions)} pages"}, len(questions)))
    writer.activate(making.path, name, before=None)


def _model() -> EmbeddingModel:
    weights = locate(DEFAULT_MODEL)
    return EmbeddingModel(weights, tables_of(weights), SentenceTransformerEmbedder.load)


def fill(index: Path, rows: int) -> dict[str, Any]:
    """Put the made-up vectors of all texts into the cache, and choose the questions."""
    active = IndexFolder(index).active()
    encoder = OnnxEncoder.open(active.path)
    questions, passages = made_up(rows, encoder, active.path)
    texts = field_texts.texts(questions, passages)
    vectors = {"passage": synthetic.vectors(rows)}
    titles = vectors["passage"][:: rows // len(questions)][: len(questions)]
    vectors["question"] = synthetic.near(titles, seed=4)
    exported = "".join(active.manifest.files[name][0] for name in FILES)
    cache = VectorCache.open(index / "cache", active.manifest.model.fingerprint, encoder.dimension, encoder=exported)
    for name, made in vectors.items():
        tried = field_texts.evenly_spaced(len(made), TRIED)
        made[tried] = encoder.encode([texts[name][row] for row in tried])
        for start in range(0, len(made), synthetic.PART):
            part = slice(start, start + synthetic.PART)
            cache.add(map(vector_cache.key, texts[name][part]), made[part])
    cache.close()
    chosen = np.random.default_rng(7).choice(rows, QUESTIONS, replace=False)
    near = synthetic.near(vectors["passage"][chosen], seed=8)
    words = random.Random(9)
    asked = [" ".join(words.sample(texts["passage"][row].split(), QUESTION_WORDS)) for row in chosen.tolist()]
    np.savez(index / NEAR, texts=asked, vectors=near, nearest=scaling.exact(vectors["passage"], near))
    return {"filled": rows}


@dataclass
class Parts:
    """The processor seconds of the asking thread that each part of a question took: the machine may be busy."""

    spent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    now: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def timed(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call, its time counted under a name."""

        @wraps(call)
        def timed(*arguments: Any, **named: Any) -> Any:
            with self.counted(name):
                return call(*arguments, **named)

        return timed

    @contextmanager
    def counted(self, name: str) -> Iterator[None]:
        """Count the time of a block under a name."""
        began = time.thread_time()
        try:
            yield
        finally:
            self.now[name] += time.thread_time() - began

    def end(self) -> None:
        """One question is answered."""
        for name, seconds in self.now.items():
            self.spent[name].append(seconds)
        self.now.clear()


class Timed:
    """Anything, some of whose methods are timed."""

    def __init__(self, inner: Any, parts: Parts, **names: str) -> None:
        self._inner = inner
        for method, name in names.items():
            setattr(self, method, parts.timed(name, getattr(inner, method)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class MadeUpEncoder:
    """The index's encoder, which encodes a question truly and then gives the vector that belongs to the text."""

    def __init__(self, encoder: Embedder, vectors: dict[str, Vectors], parts: Parts) -> None:
        self._encoder = encoder
        self._vectors = vectors
        self._parts = parts
        self.dimension, self.max_tokens = encoder.dimension, encoder.max_tokens
        self.document_tokens, self.prompts = encoder.document_tokens, encoder.prompts
        self.lengths, self.has_token = encoder.lengths, encoder.has_token
        self.last = next(iter(vectors.values()))

    def encode(
        self, texts: Sequence[str], *, side: Side = Side.QUERY, on_batch: BatchCallback | None = None
    ) -> Vectors:
        return self._encoder.encode(texts, side=side, on_batch=on_batch)

    def begin(self, texts: Sequence[str], *, side: Side = Side.QUERY) -> Awaited:
        with self._parts.counted("encoder begun"):
            awaited = self._encoder.begin([REAL_QUESTION] * len(texts), side=side)
        self.last = next((self._vectors[text] for text in texts if text in self._vectors), self.last)
        vectors = np.tile(self.last, (len(texts), 1))  # a question in other words is near to the same passage

        def wait() -> Encoded:
            with self._parts.counted("encoder ended"):
                return Encoded(vectors, awaited().inner)

        return wait


def ask(index: Path, count: int) -> dict[str, Any]:
    """Ask the questions one by one: the time of each, part by part; recall of the search; memory."""
    began = time.perf_counter()
    opened: Any = bootstrap.open_generation(Settings(index=index))
    opened_s = time.perf_counter() - began
    saved = np.load(index / NEAR)
    texts = [f"What is {text}?" for text in saved["texts"].tolist()]
    parts = Parts()
    responder = _timed_responder(opened, dict(zip(texts, saved["vectors"], strict=True)), parts)
    ready_s = time.perf_counter() - began
    took, replies = _asked(responder, texts[:WARM_UP] + texts[:count], parts)
    memory = machine.memory()
    return {
        "passages": opened.manifest.counts.passages,
        "open_s": round(opened_s, 2),
        "parts_made_s": round(ready_s - opened_s, 2),
        "question": percentiles.summary(took[-count:]),
        **{name: percentiles.summary(spent[-count:]) for name, spent in parts.spent.items()},
        "answered": sum(bool(reply.answers) for reply in replies[-count:]),
        "in_other_words": sum(bool(reply.searched_also) for reply in replies[-count:]),
        "recall_at_10": _recall(opened, saved["vectors"], saved["nearest"]),
        "own_mb": memory.own,
        "mapped_mb": memory.mapped,
    }


def _timed_responder(opened: Any, vectors: dict[str, Vectors], parts: Parts) -> Responder:
    """The responder over an index, its parts timed, which searches the made-up ``vectors`` of its questions."""
    made = bootstrap.parts(Timed(opened, parts, search="vectors searched", scores="vectors of candidates"))
    timed: Any = replace(
        made,
        embedder=MadeUpEncoder(opened.embedder, vectors, parts),
        gate=Timed(made.gate, parts, assess="gate", decide="gate"),
        retriever=Timed(made.retriever, parts, analyze="words", retrieve="retrieved (in all)"),
        rewriter=Timed(made.rewriter, parts, rewrite="rewriting"),
    )
    return Responder(timed, index_id=opened.index_id)


def _asked(responder: Responder, texts: Sequence[str], parts: Parts) -> tuple[list[float], list[Reply]]:
    """Ask the texts: the seconds of each, and the replies."""
    took, replies = [], []
    for text in texts:
        wall, processor, own = time.perf_counter(), time.process_time(), time.thread_time()
        replies.append(responder.reply(text))
        took.append(time.perf_counter() - wall)
        parts.now["processor, all threads"] = time.process_time() - processor
        parts.now["processor, asking thread"] = time.thread_time() - own
        parts.end()
    return took, replies


def _recall(opened: Any, vectors: Vectors, nearest: NDArray[np.int64]) -> float:
    """The share of the ten nearest passages (questions, 10) that the search of an index finds among its first ten."""
    found = [opened.search("passage", vector[None], 10)[1][0].tolist() for vector in vectors]
    shares = [len({*own} & {*exact}) / 10 for own, exact in zip(found, nearest.tolist(), strict=True)]
    return round(statistics.fmean(shares), 4)


def start(index: Path, runs: int) -> dict[str, Any]:
    """Time ``askdoc ask`` from a cold process, and a server until it is ready; its memory then.

    Wall-clock, and of the processor, which a busy machine changes less.
    """
    text = str(np.load(index / NEAR)["texts"][0])
    figures: dict[str, list[float]] = defaultdict(list)
    for _ in range(runs):
        began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "askdoc", "ask", "--index", str(index), text]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        figures["ask_s"].append(time.perf_counter() - began)
        now = resource.getrusage(resource.RUSAGE_CHILDREN)
        figures["ask_processor_s"].append(now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime)
        began = time.perf_counter()
        with server.serving(index) as running:
            _wait_until_ready(running.port)
            figures["ready_s"].append(time.perf_counter() - began)
            figures["ready_processor_s"].append(machine.processor_time(running.process))
            memory = machine.memory(running.process)
    least = {name: round(min(values), 2) for name, values in figures.items()}
    medians = {f"{name}_median": round(statistics.median(values), 2) for name, values in figures.items()}
    return {**least, **medians, "own_mb": memory.own, "mapped_mb": memory.mapped}


def _wait_until_ready(port: int) -> None:
    from http.client import HTTPConnection

    while True:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/readyz")
        if connection.getresponse().status == 200:
            return
        time.sleep(0.02)


def _apart(*arguments: str) -> None:
    """Run a part of this in a process of its own, so that its memory is free again afterwards."""
    subprocess.run([sys.executable, "-m", "benchmarks.speed.large_corpus", *arguments], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("begin", "fill", "build", "ask", "start"))
    parser.add_argument("index", type=Path)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    do: dict[str, Callable[[], dict[str, Any]]] = {
        "begin": lambda: begin(given.index),
        "fill": lambda: fill(given.index, given.rows),
        "build": lambda: build(given.index, given.rows),
        "ask": lambda: ask(given.index, given.questions),
        "start": lambda: start(given.index, given.runs),
    }
    figures = do[given.what]()
    print(json.dumps({"machine": machine.described(), **figures}), flush=True)


if __name__ == "__main__":
    main()
