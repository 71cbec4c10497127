"""A retrieval set: documents, questions, and which documents answer which question. Needs nothing but Python.

A folder with ``corpus.jsonl`` (lines of ``{"id", "question", "answer"}``), ``queries.jsonl`` (``{"id", "text"}``) and
``qrels.tsv`` (question, document, grade). Without a folder, the project's own demonstration pages are the set.
"""

import json
import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Search = Callable[[str], Sequence[str]]
"""A question → the ids of documents, best first."""


@dataclass(frozen=True)
class Query:
    id: str
    text: str
    relevant: frozenset[str]


@dataclass(frozen=True)
class RetrievalSet:
    """Documents are pairs of a heading, perhaps empty, and a text, by id."""

    documents: Mapping[str, tuple[str, str]]
    queries: Sequence[Query]


def load(folder: Path, *, queries: int | None = None) -> RetrievalSet:
    """Read a folder; at most so many questions."""
    documents = {row["id"]: (row.get("question") or "", row["answer"]) for row in _rows(folder / "corpus.jsonl")}
    relevant: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, document, grade = line.split("\t")
        if int(grade) > 0:
            relevant.setdefault(query, set()).add(document)
    rows = _rows(folder / "queries.jsonl")[:queries]
    asked = [Query(row["id"], row["text"], frozenset(relevant.get(row["id"], ()))) for row in rows]
    return RetrievalSet(documents, asked)


def save(found: RetrievalSet, folder: Path) -> None:
    """Write a folder that ``load`` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    corpus = ({"id": name, "question": head, "answer": text} for name, (head, text) in found.documents.items())
    (folder / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in corpus), encoding="utf-8")
    queries = "".join(json.dumps({"id": query.id, "text": query.text}) + "\n" for query in found.queries)
    (folder / "queries.jsonl").write_text(queries, encoding="utf-8")
    pairs = "".join(f"{query.id}\t{name}\t1\n" for query in found.queries for name in sorted(query.relevant))
    (folder / "qrels.tsv").write_text(pairs, encoding="utf-8")


def ask(found: RetrievalSet, search: Search, *, ranking: Search | None = None) -> dict[str, Any]:
    """Ask every question: milliseconds, wall and processor, and how well the first ten do.

    ``ranking`` gives the ids where what ``search`` gives is not the whole ranking.
    """
    for query in found.queries[:10]:
        search(query.text)
    wall, used, gains = [], [], []
    for query in found.queries:
        began, before = time.perf_counter(), time.process_time()
        ranked = search(query.text)
        used.append(1e3 * (time.process_time() - before))
        wall.append(1e3 * (time.perf_counter() - began))
        if query.relevant:
            gains.append(ndcg(ranking(query.text) if ranking else ranked, query.relevant))
    wall.sort()
    return {
        "p50_ms": round(statistics.median(wall), 2),
        "p95_ms": round(wall[int(0.95 * len(wall))], 2),
        "processor_ms": round(statistics.median(used), 2),
        "ndcg10": round(statistics.fmean(gains), 4),
    }


def ndcg(ranked: Sequence[str], relevant: frozenset[str]) -> float:
    """Normalised discounted cumulative gain of the first ten, gain 1."""
    gain = sum(1 / math.log2(place + 2) for place, name in enumerate(ranked[:10]) if name in relevant)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(10, len(relevant))))


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
