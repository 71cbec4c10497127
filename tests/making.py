"""Builds indexes with the tiny model, and changes the little corpus."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from askdoc import bootstrap
from askdoc.embedder.model_files import TABLES
from askdoc.errors import IndexUnusable
from askdoc.evaluation.known_items import trial
from askdoc.index import activation
from askdoc.index.checked import CheckedGeneration
from askdoc.index.field_texts import misaligned
from askdoc.index.folder import IndexFolder
from askdoc.index.generation import Generation, open_active
from askdoc.index.protocol import OpenedIndex
from askdoc.indexer.build import BuildReport, Indexer
from askdoc.indexer.pipeline import EmbeddingModel
from askdoc.responder import Responder
from askdoc.retriever import learned_tables
from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.offline.own_tables import tables_of
from askdoc.safety import examples
from tests import tiny
from training import table_file
from training.table_file import TableContent

SHARED = bootstrap.Shared()


def indexer(
    corpus: Path, index: Path, model: tiny.TinyEmbedder | None = None, *, tables: ModelTables | None = None
) -> Indexer:
    """The tiny model's indexer of a corpus; ``model`` sees what is embedded, ``tables`` are those of the model."""
    embedding = EmbeddingModel(tiny.WEIGHTS, tables or ModelTables.plain(), lambda _: model or tiny.TinyEmbedder())
    return Indexer(corpus, IndexFolder(index), embedding)


def make(
    corpus: Path,
    index: Path,
    model: tiny.TinyEmbedder | None = None,
    *,
    full: bool = False,
    tables: ModelTables | None = None,
) -> BuildReport:
    """Build an index, and compare its vectors before it is activated.

    One sentence stands for the safety gate's hundreds, which would make up most of so small an index.
    """
    with mock.patch.object(examples, "sentences", return_value=("Help.",)):
        made_with = indexer(corpus, index, model, tables=tables)
        return made_with.build(trial=looked_at, progress=tiny.Quiet(), full=full)


def make_whole(corpus: Path, index: Path) -> BuildReport:
    """Build an index that answers, and ask it before it is activated."""
    return indexer(corpus, index).build(trial=lambda made: trial(made, responder(made)), progress=tiny.Quiet())


def looked_at(made: OpenedIndex) -> None:
    """A trial without questions."""
    for sentence in misaligned(made, most=3):
        raise IndexUnusable(sentence)


def opened(index: Path) -> Generation:
    """The active generation, or what is fallen back to."""
    return open_active(IndexFolder(index), model="tiny", load=lambda manifest: tiny.TinyEmbedder())


def responder(made: OpenedIndex) -> Responder:
    """A responder that shares what does not depend on the corpus."""
    return bootstrap.responder(made, shared=SHARED)


def point(index: Path, generation: str) -> None:
    """Make another generation the active one, as a builder would."""
    with activation.locked(IndexFolder(index)) as writer:
        writer.point(generation)


def rolled_back(index: Path) -> tuple[str | None, CheckedGeneration]:
    """Make the generation before the active one the active one; the name of the one left."""
    folder = IndexFolder(index)
    with activation.locked(folder) as writer:
        return writer.rollback(lambda path: folder.check(path.name))


def undone(index: Path) -> tuple[str | None, CheckedGeneration]:
    """Take the last rollback back."""
    folder = IndexFolder(index)
    with activation.locked(folder) as writer:
        return writer.undo(lambda path: folder.check(path.name))


def names(index: Path) -> tuple[str, str]:
    """The two generations of an index, the newer first."""
    newer, older = IndexFolder(index).generations()
    return newer, older


def spoil(path: Path) -> None:
    """Flip one bit."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)


def edit(corpus: Path) -> None:
    """Change one answer: the file keeps its name and its length."""
    path = corpus / "bruise.txt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("turns yellow", "turns orange"), encoding="utf-8")


def tree(place: Path) -> dict[str, tuple[bytes | None, int]]:
    """Every path below a folder, with content and time of change."""
    return {
        str(path.relative_to(place)): (path.read_bytes() if path.is_file() else None, path.stat().st_mtime_ns)
        for path in sorted(place.rglob("*"))
    }


def write_tables(folder: Path, *, weights: str = tiny.WEIGHTS.sha256, seed: int = 0, dimension: int = 64) -> None:
    """Write tables as if they had been learned for a model with these weights: adapter and topicality by ``seed``."""
    draw, rank = np.random.default_rng(seed), 2
    shapes: dict[str, dict[str, tuple[int, ...]]] = {
        "query_adapter": {"down": (dimension, rank), "up": (rank, dimension)},
        "topicality": {
            "diagonal": (2, dimension),
            "down": (2, dimension, rank),
            "up": (2, rank, dimension),
            "passage": (dimension,),
            "question": (dimension,),
        },
        "scope": {"health": (dimension,)},
        "word_vectors": {"vectors": (1, rank), "basis": (rank, dimension), "mean": (dimension,)},
    }
    values: dict[str, dict[str, Any]] = {
        "topicality": {"features": {}},
        "scope": {"bias": 0.0, "weights": {"nearness": 1.0, "health": 0.0}, "threshold": -1.0},
        "word_vectors": {"stems": "rest"},
    }
    folder.mkdir(exist_ok=True)
    for name, of_arrays in shapes.items():
        drawn = {array: draw.normal(0, 0.1, shape).astype(np.float32) for array, shape in of_arrays.items()}
        scales, arrays = learned_tables.quantized(drawn)
        content = TableContent({**values.get(name, {}), "scales": scales}, arrays)
        table_file.write(folder / f"{name}.npz", content, made_by={"model": weights})
    for name in ("fusion", "confidence"):
        table = learned_tables.load(name) | {"made_by": {"model": weights}}
        (folder / f"{name}.json").write_text(json.dumps(table), encoding="utf-8")


def own_tables(folder: Path, *, seed: int = 0) -> ModelTables:
    """Tables of the tiny model's own, written into a model's folder and taken up from there."""
    write_tables(folder / TABLES, seed=seed)
    return tables_of(replace(tiny.WEIGHTS, folder=folder))
