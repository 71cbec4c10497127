"""A retrieval set: documents, queries, and which documents are relevant to which query. Needs nothing but Python.

A folder with ``corpus.jsonl`` (lines of ``{"id", "question", "answer"}``), ``queries.jsonl`` (``{"id", "text"}``) and
``qrels.tsv`` (query, document, grade, by tabs).
"""

import json
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.speed import percentiles

Search = Callable[[str], Sequence[str]]
"""A query's text → the ids of documents, best first."""
DEPTH = 10
"""Documents of a ranking that are judged."""
WARM_UP = 10
"""Queries that are asked before the clock runs."""


@dataclass(frozen=True)
class JudgedQuery:
    """A question, and the ids of the documents that are relevant to it."""

    id: str
    text: str
    relevant: frozenset[str]


@dataclass(frozen=True)
class RetrievalSet:
    """Documents, and the queries on them."""

    documents: Mapping[str, tuple[str, str]]
    """Title, perhaps empty, and text, by id."""
    queries: Sequence[JudgedQuery]


def load(folder: Path, *, queries: int | None = None) -> RetrievalSet:
    """Read a folder; with ``queries``, the first so many of them."""
    documents = {row["id"]: (row.get("question") or "", row["answer"]) for row in _rows(folder / "corpus.jsonl")}
    relevant: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, document, grade = line.split("\t")
        if int(grade) > 0:
            relevant.setdefault(query, set()).add(document)
    rows = _rows(folder / "queries.jsonl")[:queries]
    judged = [JudgedQuery(row["id"], row["text"], frozenset(relevant.get(row["id"], ()))) for row in rows]
    return RetrievalSet(documents, judged)


def save(retrieval_set: RetrievalSet, folder: Path) -> None:
    """Write a folder that ``load`` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    corpus = (
        {"id": name, "question": title, "answer": text} for name, (title, text) in retrieval_set.documents.items()
    )
    (folder / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in corpus), encoding="utf-8")
    queries = "".join(json.dumps({"id": query.id, "text": query.text}) + "\n" for query in retrieval_set.queries)
    (folder / "queries.jsonl").write_text(queries, encoding="utf-8")
    pairs = "".join(f"{query.id}\t{name}\t1\n" for query in retrieval_set.queries for name in sorted(query.relevant))
    (folder / "qrels.tsv").write_text(pairs, encoding="utf-8")


def ask(retrieval_set: RetrievalSet, search: Search, *, ranking: Search | None = None) -> dict[str, Any]:
    """Ask every query: how long it takes, wall clock and processor, and the first documents of each ranking.

    ``ranking`` gives the ids where ``search`` does not give the whole ranking. Its time does not count.
    """
    for query in retrieval_set.queries[:WARM_UP]:
        search(query.text)
    wall, used, rankings = [], [], []
    for query in retrieval_set.queries:
        began, before = time.perf_counter(), time.process_time()
        documents = search(query.text)
        used.append(time.process_time() - before)
        wall.append(time.perf_counter() - began)
        rankings.append(list((ranking(query.text) if ranking else documents)[:DEPTH]))
    return {
        **percentiles.summary(wall),
        "processor_ms": round(1e3 * statistics.median(used), 2),
        "rankings": rankings,
    }


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
