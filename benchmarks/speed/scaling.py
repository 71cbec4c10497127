"""Measures how vector search scales with the corpus: time, recall, memory and size at growing numbers of rows.

    python -m benchmarks.speed.scaling [ROWS …] [--folder FOLDER] [--no-texts]

Without ROWS: ten thousand, a hundred thousand, a million. Vectors and texts are made up by
``benchmarks.speed.synthetic``. Each size is built here and measured in a process of its own, so that its memory is that
of a server. The limit beside a search is the time that one core needs to read the bytes that the search looks at. A
million rows take some 8 GB of memory and a quarter of an hour to build.
"""

import argparse
import json
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
from benchmarks.speed import machine, percentiles, synthetic

SIZES = (10_000, 100_000, 1_000_000)
QUESTIONS = 300
RETRIEVED = 100
"""Rows of a search, as the retriever makes it."""


def build(rows: int, folder: Path, *, with_texts: bool) -> dict[str, Any]:
    """Write the files of one size and the exact nearest rows, to measure recall by; time the index's construction."""
    vectors = synthetic.vectors(rows)
    queries = synthetic.questions(vectors, QUESTIONS)
    np.save(folder / "queries.npy", queries)
    np.save(folder / "exact.npy", exact(vectors, queries))
    began = time.perf_counter()
    kind, store = kinds.build(vectors)
    took = time.perf_counter() - began
    (folder / "vectors").write_bytes(store.dump())
    del vectors, store
    if with_texts:
        (folder / documents.NAME).write_bytes(documents.dump(*synthetic.pages(rows)))
    return {"rows": rows, "kind": kind, "build_s": round(took, 1)}


def exact(vectors: synthetic.Vectors, queries: synthetic.Vectors) -> Any:
    """Find the ten rows nearest to each query by comparing all, in single precision: (queries, 10)."""
    best = np.zeros((len(queries), 0), np.int64)
    for start in range(0, len(vectors), synthetic.PART):
        part = vectors[start : start + synthetic.PART]
        new = np.tile(np.arange(start, start + len(part)), (len(queries), 1))
        rows = np.concatenate([best, new], axis=1)
        scores = np.concatenate([np.einsum("qd,qkd->qk", queries, vectors[best]), queries @ part.T], axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :10]
        best = np.take_along_axis(rows, order, axis=1)
    return best


def measure(folder: Path, rows: int, kind: str) -> dict[str, Any]:
    """Open the files of one size as a server does, and search them."""
    before = machine.memory()
    began = time.perf_counter()
    path, texts_path = folder / "vectors", folder / documents.NAME
    index = kinds.open_kind(kind, str(path), rows=rows, dimension=synthetic.DIMENSION)
    open_vectors = time.perf_counter() - began
    texts = DocumentStore.open(texts_path) if texts_path.exists() else None
    open_texts = time.perf_counter() - began - open_vectors
    queries, exact_rows = np.load(folder / "queries.npy"), np.load(folder / "exact.npy")
    for query in queries:  # maps what the queries need
        index.search(query[None], RETRIEVED)
    walked = library().cvar.hnsw_stats
    walked.reset()
    ten, nearest = timed(index, queries, 10)
    compared = walked.ndis / len(queries) if kind == "graph" else rows
    hundred, _ = timed(index, queries, RETRIEVED)
    memory = machine.memory()
    recall = np.mean([len(set(own) & set(best)) / 10 for own, best in zip(nearest, exact_rows, strict=True)])
    read_bytes = compared * synthetic.DIMENSION * (1 if kind == "graph" else 2)
    return {
        "open_ms": round(1e3 * open_vectors, 1),
        "open_texts_ms": round(1e3 * open_texts, 1) if texts else None,
        "passage_us": round(1e6 * fetch(texts, rows), 1) if texts else None,
        **percentiles.summary(ten, digits=3),
        "p50_of_100_ms": percentiles.summary(hundred, digits=3)["p50_ms"],
        "recall_at_10": round(float(recall), 4),
        "own_mb": memory.own - before.own,
        "mapped_mb": memory.mapped - before.mapped,
        "disk_mb": round(sum(file.stat().st_size for file in (path, texts_path) if file.exists()) / 1e6),
        "compared": round(compared),
        "limit_ms": round(1e3 * read_bytes / machine.bandwidth(), 3),
    }


def timed(index: VectorIndex, queries: synthetic.Vectors, k: int) -> tuple[list[float], list[list[int]]]:
    """Search for each query alone: the seconds, and the rows found."""
    took, nearest = [], []
    for query in queries:
        began = time.perf_counter()
        _, rows = index.search(query[None], k)
        took.append(time.perf_counter() - began)
        nearest.append(rows[0].tolist())
    return took, nearest


def fetch(texts: DocumentStore, rows: int) -> float:
    """Seconds to read one passage with its answer and question."""
    chosen = np.random.default_rng(3).integers(0, rows, 500).tolist()
    began = time.perf_counter()
    for row in chosen:
        texts.passage(row)
    return (time.perf_counter() - began) / len(chosen)


def measured_apart(folder: Path, rows: int, kind: str) -> dict[str, Any]:
    """Run ``measure`` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.speed.scaling", str(rows), "--measure", str(folder), kind]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


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
            print(json.dumps(made | measured_apart(Path(folder), rows, made["kind"])), flush=True)


if __name__ == "__main__":
    main()
