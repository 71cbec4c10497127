"""Encodes with sentence-transformers and torch: the model as it was trained."""

import os
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from askdoc.embedder.export import Exporter
from askdoc.embedder.model_files import ModelFiles
from askdoc.embedder.protocol import Awaited, BatchCallback, ShareCallback, Vectors, deferred, unheard
from askdoc.embedder.torch_containment import contained
from askdoc.errors import ModelError

CPU_BATCH, GPU_BATCH = 32, 512
"""Texts that go through the model together."""


class SentenceTransformerEmbedder:
    """A sentence-transformers model, on the CPU unless another device is named."""

    def __init__(self, model: Any, *, batch: int = CPU_BATCH) -> None:
        self._model = model
        self._batch = batch
        self.dimension = int(model.get_embedding_dimension())
        self.max_tokens = int(model.max_seq_length or 512)
        self._lock = threading.Lock()  # every call alters the model's tokenizer

    @classmethod
    def load(cls, files: ModelFiles, *, device: str = "cpu") -> "SentenceTransformerEmbedder":
        """Load from a folder that ``locate`` has checked: safetensors only, no code of the model's own.

        Raises ModelError where sentence-transformers cannot load it.
        """
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        with contained():
            from sentence_transformers import SentenceTransformer

            try:
                model = SentenceTransformer(
                    str(files.folder),
                    device=device,
                    trust_remote_code=False,
                    local_files_only=True,
                    model_kwargs={"use_safetensors": True},
                )
            except Exception as error:
                raise ModelError(
                    f"The model '{files.name}' cannot be loaded by sentence-transformers: {error} "
                    "Choose another with ASKDOC_MODEL."
                ) from error
        return cls(model, batch=CPU_BATCH if device == "cpu" else GPU_BATCH)

    @classmethod
    def on_gpu(cls, files: ModelFiles) -> "SentenceTransformerEmbedder | None":
        """Load the model on a CUDA device, or return None where torch sees none."""
        import torch

        return cls.load(files, device="cuda") if torch.cuda.is_available() else None

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens, without special tokens and without truncation."""
        tokenizer = self._model.tokenizer
        return [len(ids) for ids in tokenizer(list(texts), add_special_tokens=False, truncation=False)["input_ids"]]

    def has_token(self, word: str) -> bool:
        """Tell whether the vocabulary has the word as one token, as WordPiece or as SentencePiece writes it."""
        vocabulary = self._model.tokenizer.get_vocab()
        return word in vocabulary or f"▁{word}" in vocabulary

    def encode(self, texts: Sequence[str], *, on_batch: BatchCallback | None = None) -> Vectors:
        """Encode to vectors of shape (texts, dimension), float32, each of length 1."""
        order = sorted(range(len(texts)), key=lambda position: len(texts[position]))
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for first in range(0, len(order), self._batch):
            batch = order[first : first + self._batch]
            with self._lock:
                vectors[batch] = self._model.encode(
                    [texts[position] for position in batch], normalize_embeddings=True, show_progress_bar=False
                )
            if on_batch:
                on_batch(batch, vectors[batch])
        return vectors

    def begin(self, texts: Sequence[str]) -> Awaited:
        """Put the encoding off until its result is asked for."""
        return deferred(self.encode, texts)

    def export(self, typical: Sequence[str], on_share: ShareCallback = unheard) -> dict[str, bytes] | None:
        """Export to the files of ``onnx_encoder`` by name; see ``Exporter.export``."""
        exporter = self.exporter()
        return exporter.export(typical, on_share) if exporter else None

    def exporter(self) -> Exporter | None:
        """The exporter of this model; None where it cannot be exported."""
        return Exporter.of(self._model, self)
