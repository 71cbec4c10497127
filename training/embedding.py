"""Embeds texts with the encoder that is served: the packed export of the default model, or of another one.

Every fit and every relevance benchmark takes its vectors from here, so that a table is learned from, and judged by, the
vectors that an index holds and a question gets. The export and the vectors are kept between runs in a cache folder
outside the project: ``ASKDOC_CACHE``, else ``askdoc-training`` in the user's own cache folder. It holds vectors under
the keys of their texts, and no text::

    encoder-<sha256 of what the export is made from>/   the files of ``askdoc.embedder.onnx_encoder``
    vectors-<sha256 of the encoder>.sqlite              vector(key, sentence, inner): the vectors of one text
"""

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import askdoc.embedder
from askdoc.embedder import ModelFiles, Side, locate
from askdoc.embedder.onnx_encoder import FILES, OnnxEncoder
from askdoc.embedder.sentence_transformer import SentenceTransformerEmbedder
from askdoc.errors import ModelError
from askdoc.indexer import vector_cache
from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.offline.own_tables import tables_of
from askdoc.safety import examples
from askdoc.settings import DEFAULT_MODEL

Floats = NDArray[np.float32]
COMPUTING = tuple(name for name in FILES if name != "encoder.json")
"""The files that decide what comes out; ``encoder.json`` only says what did where the export was made."""
WAITING = 64
"""Texts whose vectors are waited for and written together."""
LOOKED_UP = 500
"""Keys in one query to the cache: SQLite takes 999."""


def cache_folder() -> Path:
    """The folder in which the encoder and the vectors are kept between runs."""
    if named := os.environ.get("ASKDOC_CACHE"):
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "askdoc-training"


def tokenizer() -> Any:
    """The default model's tokenizer, which neither pads nor cuts."""
    from tokenizers import Tokenizer

    read = Tokenizer.from_file(str(locate(DEFAULT_MODEL).folder / "tokenizer.json"))
    read.no_padding()
    read.no_truncation()
    return read


def served_encoder(cache: Path, weights: ModelFiles) -> Path:
    """The folder of a model's export, which is made the first time as ``askdoc index`` makes it.

    Raises ModelError where it cannot be exported.
    """
    folder = cache / f"encoder-{_export_key(weights.fingerprint)}"
    if folder.is_dir():
        return folder
    files = SentenceTransformerEmbedder.load(weights).export(examples.sentences())
    if files is None:
        raise ModelError(
            f"The model {weights.name} cannot be exported here. Choose another; if it is the default model, run: "
            "pip install --force-reinstall onnx onnxscript"
        )
    cache.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=cache))
    for name, data in files.items():
        (partial / name).write_bytes(data)
    try:
        partial.rename(folder)
    except OSError:  # another process was faster
        shutil.rmtree(partial)
    return folder


def _export_key(fingerprint: str) -> str:
    """A hash of what the export is made from: the model, the texts it is packed for, and the code that packs it."""
    key = hashlib.sha256(f"{fingerprint} {examples.TABLE_VERSION}".encode())
    for path in sorted(Path(askdoc.embedder.__file__).parent.glob("*.py")):
        key.update(path.read_bytes())
    return key.hexdigest()[:16]


class CachedEmbedder:
    """The served encoder, with a cache of what it made of each text.

    A text goes through the encoder alone, as a question does, so that its vectors do not depend on its company.
    ``sha256`` is that of the encoder's files, in the order of ``COMPUTING``; ``tables`` are those that rank with it.
    """

    def __init__(self, encoder: OnnxEncoder, *, sha256: str, vectors: sqlite3.Connection, tables: ModelTables) -> None:
        self.sha256 = sha256
        self.tables = tables
        self.dimension = encoder.dimension
        self._encoder = encoder
        self._vectors = vectors
        self._vectors.execute(
            "create table if not exists vector (key blob primary key, sentence blob, inner blob) without rowid"
        )

    @classmethod
    def open(cls, model: str = DEFAULT_MODEL, *, tables: ModelTables | None = None) -> "CachedEmbedder":
        """A model's encoder with the vectors that are in the cache; ``tables`` stand in for those of the model.

        Raises ModelError where the model cannot be had or exported, or its tables cannot be used.
        """
        cache, weights = cache_folder(), locate(model)
        folder = served_encoder(cache, weights)
        sha256 = hashlib.sha256(b"".join((folder / name).read_bytes() for name in COMPUTING)).hexdigest()
        vectors = sqlite3.connect(cache / f"vectors-{sha256[:16]}.sqlite", timeout=120)
        vectors.execute("pragma journal_mode=wal")
        vectors.execute("pragma synchronous=off")  # what a crash takes is made again
        return cls(OnnxEncoder.open(folder), sha256=sha256, vectors=vectors, tables=tables or tables_of(weights))

    def __call__(self, texts: Sequence[str]) -> Floats:
        """(texts, dimension) unit vectors, in the order of the texts, as of what is asked."""
        return self._embedded(texts, "sentence")

    def documents(self, texts: Sequence[str]) -> Floats:
        """(texts, dimension) unit vectors of passages: others than as questions, if the model has prompts."""
        return self._embedded(texts, "sentence", side=Side.DOCUMENT)

    def encode(self, texts: Sequence[str]) -> Floats:
        """(texts, dimension) unit vectors: the embedder as the calibration calls an encoder."""
        return self(texts)

    def inner(self, texts: Sequence[str]) -> Floats:
        """(texts, width of the model) inner vectors, which the safety gate reads."""
        return self._embedded(texts, "inner")

    def _embedded(self, texts: Sequence[str], column: str, *, side: Side = Side.QUERY) -> Floats:
        keys = [vector_cache.key(text, self._encoder.prompts[side])[:16] for text in texts]
        self._complete(dict(zip(keys, texts, strict=True)), side)
        rows = dict(self._read(keys, column))
        return np.array([np.frombuffer(rows[key], np.float32) for key in keys], np.float32).reshape(len(texts), -1)

    def _read(self, keys: Sequence[bytes], column: str) -> Iterator[tuple[bytes, bytes]]:
        """The known ones of some keys, each with what a column holds."""
        distinct = sorted(set(keys))
        for start in range(0, len(distinct), LOOKED_UP):
            some = distinct[start : start + LOOKED_UP]
            marks = ",".join("?" * len(some))
            yield from self._vectors.execute(f"select key, {column} from vector where key in ({marks})", some)

    def _complete(self, texts: dict[bytes, str], side: Side) -> None:
        """Embed the texts that the cache lacks."""
        known = {key for key, _ in self._read(list(texts), "null")}
        missing = [key for key in texts if key not in known]
        for start in range(0, len(missing), WAITING):
            some = missing[start : start + WAITING]
            awaited = [self._encoder.begin([texts[key]], side=side) for key in some]
            made = [(key, *(part[0].tobytes() for part in one())) for key, one in zip(some, awaited, strict=True)]
            with self._vectors:
                self._vectors.executemany("insert or ignore into vector values (?, ?, ?)", made)
