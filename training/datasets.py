"""The development sets as plain records: read from the shared data folder, never copied into the project."""

import gzip
import hashlib
import json
import os
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from askdoc.corpus import passages
from training.embedding import default_cache, tokenizer


def data_folder() -> Path:
    """``ASKDOC_BENCH``, else ``shared/bench/data`` beside a folder above this file or the working folder."""
    if named := os.environ.get("ASKDOC_BENCH"):
        return Path(named)
    for start in (Path(__file__).resolve(), Path.cwd().resolve() / "here"):
        for folder in start.parents:
            if (found := folder / "shared" / "bench" / "data").is_dir():
                return found
    raise FileNotFoundError("shared/bench/data was not found: set ASKDOC_BENCH to the folder of the .jsonl.gz files")


@cache
def rows(name: str) -> tuple[dict[str, Any], ...]:
    """All rows of one file."""
    with gzip.open(data_folder() / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return tuple(json.loads(line) for line in file)


def plain(text: str) -> str:
    """Lower case, letters and digits only: what counts as the same question."""
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


@dataclass(frozen=True)
class Retrieval:
    """A retrieval set. ``group`` names what an answer is about; ``relevant`` holds positions of bodies."""

    name: str
    titles: list[str]
    bodies: list[str]
    groups: list[str]
    queries: list[str]
    query_ids: list[str]
    query_groups: list[str]
    relevant: list[set[int]]


@cache
def medquad() -> Retrieval:
    """MedQuAD's questions against the bodies of all its answers, as ``make_retrieval.py`` pairs them."""
    pages = rows("medquad")
    asked = defaultdict(set)
    for row, page in enumerate(pages):
        asked[plain(page["question"])].add(row)
    groups = [plain(page["focus"]) for page in pages]
    queries = rows("medquad_queries")
    relevant = [asked[plain(query["text"])] for query in queries]
    return Retrieval(
        "medquad",
        [page["question"] for page in pages],
        [page["answers"][0]["body"] for page in pages],
        groups,
        [query["text"] for query in queries],
        [query["_id"] for query in queries],
        [groups[min(found)] for found in relevant],
        relevant,
    )


@cache
def counselchat() -> Retrieval:
    """Titles of CounselChat's pages against the bodies of all answers."""
    titles: list[str] = []
    bodies: list[str] = []
    groups: list[str] = []
    relevant: list[set[int]] = []
    pages = rows("counselchat")
    for row in pages:
        relevant.append(set(range(len(bodies), len(bodies) + len(row["answers"]))))
        for answer in row["answers"]:
            titles.append(row["question"])
            bodies.append(answer["body"])
            groups.append(row["id"])
    return Retrieval(
        "counselchat",
        titles,
        bodies,
        groups,
        [row["question"] for row in pages],
        [row["id"] for row in pages],
        [row["id"] for row in pages],
        relevant,
    )


def texts_of_pairs(name: str) -> list[str]:
    """Both questions of every pair."""
    return [row[side] for row in rows(name) for side in ("a", "b")]


def lengths(texts: Sequence[str]) -> list[int]:
    """The length of each text in the model's tokens."""
    return [len(one.ids) for one in _tokenizer().encode_batch(list(texts), add_special_tokens=False)]


@cache
def _tokenizer() -> Any:
    return tokenizer()


def cut(bodies: Sequence[str], *, tokens: int = 200) -> list[list[str]]:
    """The passages of each body, as the index cuts them."""
    spans = (passages.spans(body, measure=lengths, limit=tokens) for body in bodies)
    return [[body[start:end] for start, end in found] for body, found in zip(bodies, spans, strict=True)]


def half(name: object) -> int:
    """0 or 1 by a fixed hash: the half that may be learned from, and the half that is only reported."""
    return hashlib.sha256(str(name).encode()).digest()[0] % 2


def apart(name: object) -> bool:
    """A fifth of either half by a fixed hash: tables that weigh other tables are learned from it alone."""
    return hashlib.sha256(str(name).encode()).digest()[1] % 5 == 0


@cache
def cut_once(name: str) -> list[list[str]]:
    """The passages of a retrieval set, kept on disk since cutting takes its time."""
    bodies = {"medquad": medquad, "counselchat": counselchat}[name]().bodies
    kept = default_cache() / f"cut-{hashlib.sha256(''.join(bodies).encode()).hexdigest()[:12]}.json"
    if not kept.exists():
        kept.write_text(json.dumps(cut(bodies)), encoding="utf-8")
    found: list[list[str]] = json.loads(kept.read_text(encoding="utf-8"))
    return found
