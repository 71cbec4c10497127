"""Reads the public question sets that the tables are learned from and relevance is measured on.

The sets lie in a folder outside the project, gzip files of one JSON object to a line: ``ASKDOC_DATA``, else
``../shared/bench/data`` beside the project. No row of them may go into the project. ``DATASETS`` says where each comes
from, and ``training/README.md`` says the same to people. A file is read only if its SHA-256 is the registered one.
"""

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
from training.embedding import cache_folder, tokenizer

ROOT = Path(__file__).resolve().parents[1]
MOST_TOKENS = 200
"""The longest passage, as ``askdoc index`` cuts by default."""


class DataError(Exception):
    """A data set is another file than the registered one; the message ends with what to do."""


class MissingDataError(DataError):
    """A data set is not in the data folder; the message says where it comes from."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A file of public questions: where it comes from, and what it must be."""

    name: str
    source: str
    commit: str
    """Of the source's repository, as far as it identifies it."""
    licence: str
    """As the source states it; ``training/README.md`` says where it may not cover all of the text."""
    sha256: str
    rows: int

    @property
    def file(self) -> str:
        """The file's name in the data folder."""
        return f"{self.name}.jsonl.gz"

    def read(self, folder: Path) -> tuple[dict[str, Any], ...]:
        """Read all rows. Raises MissingDataError where there is no file, DataError where it is another."""
        path = folder / self.file
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise MissingDataError(
                f"{path} is missing. It is made from {self.source} at commit {self.commit} ({self.licence}); "
                "training/README.md describes its rows. Put it there, or name its folder in ASKDOC_DATA."
            ) from None
        found = hashlib.sha256(data).hexdigest()
        if found != self.sha256:
            raise DataError(
                f"{path} is not the registered file: its SHA-256 is {found[:12]}…, not {self.sha256[:12]}…. "
                f"Make it anew from {self.source} at commit {self.commit}, as training/README.md describes."
            )
        return tuple(json.loads(line) for line in gzip.decompress(data).splitlines())


_MEDIQA = "https://github.com/abachaa/MEDIQA2021"
DATASETS = (
    Dataset(
        "medquad",
        "https://github.com/abachaa/MedQuAD",
        "577bd37",
        "CC BY 4.0",
        "ed4a7a0ca6be3f1291df16a289aee9d0bb1a439f255ae7debe498ed4d4763572",
        16_407,
    ),
    Dataset(
        "medquad_queries",
        "https://github.com/abachaa/MedQuAD",
        "577bd37",
        "CC BY 4.0",
        "5676a1f1d102cff80ec5cc196286b15aa9672e0e759e21d4ad3759320a60b48b",
        2_048,
    ),
    Dataset(
        "counselchat",
        "https://github.com/nbertagnolli/counsel-chat",
        "e202e19",
        "MIT",
        "da8228c36c7e8b588350f0b7f6eae2e3dd23fa462b5c931d9c71c840b0df3b8c",
        824,
    ),
    Dataset(
        "meqsum",
        "https://github.com/abachaa/MeQSum",
        "51e36cf",
        "CC BY 4.0",
        "272368b6a9fb59282b934f337ab2c5ca634cd939c44daebb181b15f9b13143e0",
        545,
    ),
    Dataset(
        "mediqa2021_qs_valid",
        _MEDIQA,
        "8d7fe20",
        "CC BY 4.0",
        "8ad70efed01fd438c7e0ec431752cf6c148180b4a4ff2b92c111c3f5a3dfc31e",
        44,
    ),
    Dataset(
        "mas_valid",
        _MEDIQA,
        "8d7fe20",
        "CC BY 4.0",
        "ada786ffd71f0a6ac51f3cc1ee76b60d74d61aa0e6afd29083c7825f839ad026",
        44,
    ),
    Dataset(
        "rqe_train",
        "https://github.com/abachaa/RQE_Data_AMIA2016",
        "9302fb9",
        "CC BY 4.0",
        "194768b962f7a2ad05ac6deba9124e7301105d6b32120edbd47a282c07da2271",
        7_946,
    ),
    Dataset(
        "rqe_valid",
        "https://github.com/abachaa/RQE_Data_AMIA2016",
        "9302fb9",
        "CC BY 4.0",
        "99b4d692d7371b4874237a02439e023e8221e59685875be8253ca8ffe36ab077",
        171,
    ),
    Dataset(
        "covid_similarity_en",
        "https://github.com/deepset-ai/COVID-QA",
        "fb2eb5e",
        "Apache-2.0",
        "72b79ed0906fe4eab84c7c1e27846150bc72a085152680a36e5a0dafd4eb80f5",
        488,
    ),
    Dataset(
        "clinc_dev",
        "https://github.com/clinc/oos-eval",
        "828f809",
        "CC BY 3.0",
        "f7ba9685a18ed4d7b32b50ce68bb83dbdc8ef97becf36e1753847192123d2426",
        3_200,
    ),
    Dataset(
        "cast",
        "https://github.com/daltonj/treccastweb",
        "3384661",
        "MIT",
        "47947682c2a54a1c123fd8eb5d7adb3b6971cc70421a5548f17f5aa4a259844b",
        77,
    ),
    Dataset(
        "redflag_dev",
        "https://github.com/Amo-Zeng/clinicaflow-medgemma",
        "3399974",
        "MIT",
        "9ad9b2f245bd7154f0f3a54c585e712bd372cacbe04a61b9f38be6d1127c708b",
        130,
    ),
)
BY_NAME = {dataset.name: dataset for dataset in DATASETS}


def data_folder() -> Path:
    """The folder of the sets: ``ASKDOC_DATA``, else ``../shared/bench/data`` beside the project."""
    return Path(os.environ.get("ASKDOC_DATA") or ROOT.parent / "shared" / "bench" / "data")


_READ: dict[str, tuple[dict[str, Any], ...]] = {}
"""The sets that this process has read."""


def rows(name: str) -> tuple[dict[str, Any], ...]:
    """All rows of one set, read once. Raises DataError as ``Dataset.read`` does."""
    if name not in _READ:
        _READ[name] = BY_NAME[name].read(data_folder())
    return _READ[name]


def sets_read() -> set[str]:
    """The names of the sets that this process has read: what a fit learned from."""
    return set(_READ)


def plain(text: str) -> str:
    """Lower case, letters and digits only: what counts as the same question."""
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


@dataclass(frozen=True)
class Retrieval:
    """A retrieval set. ``groups`` name what each answer is about; ``relevant`` holds positions of bodies."""

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
    """MedQuAD's questions against the bodies of all its answers; relevant are the answers to that very question."""
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
        [groups[min(answers)] for answers in relevant],
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


def lengths(texts: Sequence[str]) -> list[int]:
    """The length of each text in the default model's tokens, without the marks around it."""
    return [len(encoded.ids) for encoded in _tokenizer().encode_batch_fast(list(texts), add_special_tokens=False)]


@cache
def _tokenizer() -> Any:
    return tokenizer()


def cut(bodies: Sequence[str]) -> list[list[str]]:
    """The passages of each body, as the index cuts them; their places are kept in the cache, since it takes a while."""
    kept = cache_folder() / f"cut-{hashlib.sha256(chr(0).join(bodies).encode()).hexdigest()[:16]}.json"
    if not kept.exists():
        found = [passages.spans(body, measure=lengths, limit=MOST_TOKENS) for body in bodies]
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(found), encoding="utf-8")
    spans = json.loads(kept.read_text(encoding="utf-8"))
    return [[body[start:end] for start, end in places] for body, places in zip(bodies, spans, strict=True)]


@cache
def passages_of(name: str) -> list[list[str]]:
    """The passages of each answer of a retrieval set: ``medquad`` or ``counselchat``."""
    return cut({"medquad": medquad, "counselchat": counselchat}[name]().bodies)


def half(name: object) -> int:
    """0 or 1 by a fixed hash: the half that may be learned from, and the half that is only reported."""
    return hashlib.sha256(str(name).encode()).digest()[0] % 2


def set_apart(name: object) -> bool:
    """Choose a fifth of either half by a fixed hash: tables that weigh other tables are learned from it alone."""
    return hashlib.sha256(str(name).encode()).digest()[1] % 5 == 0
