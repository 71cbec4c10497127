"""How search grows with the corpus: time, recall, memory and size at ten thousand, a hundred thousand, a million rows.

    python -m benchmarks.speed.scaling [ROWS …] [--folder FOLDER] [--no-texts]

Vectors and texts are made up (``benchmarks.speed.synthetic``). Each size is built here and measured in a process of its
own, so that its memory is that of a server. The limit beside a search is the time that one core needs to read the
bytes that the search has to look at. A million rows take some 8 GB of memory and a quarter of an hour to build.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from askdoc.index import documents
from askdoc.index.documents import DocumentStore
from askdoc.index.vectors import kinds
from askdoc.index.vectors.faiss_common import library
from askdoc.index.vectors.protocol import VectorIndex
from benchmarks.speed import machine, synthetic

SIZES = (10_000, 100_000, 1_000_000)
QUESTIONS = 300
DEEPEST = 100
"""Rows that the retriever asks for."""


def build(rows: int, folder: Path, *, with_texts: bool) -> dict[str, Any]:
    """Make the files of one size, and the exact answers; how long the index took."""
    vectors = synthetic.vectors(rows)
    asked = synthetic.questions(vectors, QUESTIONS)
    np.save(folder / "asked.npy", asked)
    np.save(folder / "exact.npy", exact(vectors, asked))
    began = time.perf_counter()
    kind, store = kinds.build(vectors)
    took = time.perf_counter() - began
    (folder / "vectors").write_bytes(store.dump())
    del vectors, store
    if with_texts:
        (folder / documents.NAME).write_bytes(documents.dump(*synthetic.pages(rows)))
    return {"rows": rows, "kind": kind, "build_s": round(took, 1)}


def exact(vectors: synthetic.Vectors, asked: synthetic.Vectors) -> Any:
    """The ten nearest rows to each question, by comparing all in single precision."""
    best = np.zeros((len(asked), 0), np.int64)
    for start in range(0, len(vectors), synthetic.PART):
        part = vectors[start : start + synthetic.PART]
        here = np.tile(np.arange(start, start + len(part)), (len(asked), 1))
        rows = np.concatenate([best, here], axis=1)
        scores = np.concatenate([np.einsum("qd,qkd->qk", asked, vectors[best]), asked @ part.T], axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :10]
        best = np.take_along_axis(rows, order, axis=1)
    return best


def measure(folder: Path, rows: int, kind: str) -> dict[str, Any]:
    """Open the files of one size as a server does, and search."""
    before = machine.memory()
    began = time.perf_counter()
    path = folder / "vectors"
    store = kinds.open_kind(kind, str(path), rows=rows, dimension=synthetic.DIMENSION)
    open_store = time.perf_counter() - began
    words = DocumentStore.open(folder / documents.NAME) if (folder / documents.NAME).exists() else None
    open_texts = time.perf_counter() - began - open_store
    asked, exact_rows = np.load(folder / "asked.npy"), np.load(folder / "exact.npy")
    for one in asked:  # maps what the questions need
        store.search(one[None], DEEPEST)
    walked = library().cvar.hnsw_stats
    walked.reset()
    ten, found = timed(store, asked, 10)
    compared = walked.ndis / len(asked) if kind == "graph" else rows
    hundred, _ = timed(store, asked, DEEPEST)
    held = machine.memory()
    recall = np.mean([len(set(one) & set(other)) / 10 for one, other in zip(found, exact_rows, strict=True)])
    looked_at = compared * synthetic.DIMENSION * (1 if kind == "graph" else 2)
    return {
        "open_ms": round(1e3 * open_store, 1),
        "open_texts_ms": round(1e3 * open_texts, 1) if words else None,
        "passage_us": round(1e6 * fetch(words, rows), 1) if words else None,
        "p50_ms": ten[0],
        "p95_ms": ten[1],
        "p50_of_100_ms": hundred[0],
        "recall_at_10": round(float(recall), 4),
        "own_mb": held.own - before.own,
        "mapped_mb": held.mapped - before.mapped,
        "disk_mb": round(sum(file.stat().st_size for file in (path, folder / documents.NAME) if file.exists()) / 1e6),
        "compared": round(compared),
        "limit_ms": round(1e3 * looked_at / machine.bandwidth(), 3),
    }


def timed(store: VectorIndex, asked: synthetic.Vectors, k: int) -> tuple[tuple[float, float], list[list[int]]]:
    """Milliseconds of a search, p50 and p95, and the rows found."""
    took, found = [], []
    for one in asked:
        began = time.perf_counter()
        _, rows = store.search(one[None], k)
        took.append(1e3 * (time.perf_counter() - began))
        found.append(rows[0].tolist())
    took.sort()
    return (round(statistics.median(took), 3), round(took[int(0.95 * len(took))], 3)), found


def fetch(words: DocumentStore, rows: int) -> float:
    """Seconds to read one passage with its answer and question."""
    chosen = np.random.default_rng(3).integers(0, rows, 500).tolist()
    began = time.perf_counter()
    for row in chosen:
        words.passage(row)
    return (time.perf_counter() - began) / len(chosen)


def apart(folder: Path, rows: int, kind: str) -> dict[str, Any]:
    """What ``measure`` says in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.speed.scaling", str(rows), "--measure", str(folder), kind]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int, nargs="*", default=SIZES)
    parser.add_argument("--folder", type=Path, help="where to make the files; a temporary folder, unless given")
    parser.add_argument("--no-texts", action="store_true", help="vectors alone")
    parser.add_argument("--measure", nargs=2, metavar=("FOLDER", "KIND"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(Path(given.measure[0]), given.rows[0], given.measure[1])))
        return
    print(f"{machine.described()}; one core reads {machine.bandwidth() / 1e9:.1f} GB/s")
    for rows in given.rows:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            made = build(rows, Path(folder), with_texts=not given.no_texts)
            print(json.dumps(made | apart(Path(folder), rows, made["kind"])), flush=True)


if __name__ == "__main__":
    main()
