"""Encodes with sentence-transformers and torch: the model as it was trained."""

import contextlib
import os
import threading
from collections.abc import Sequence
from functools import cached_property, partial
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from askdoc.embedder import prompts
from askdoc.embedder.export import Exporter
from askdoc.embedder.model_files import ModelFiles
from askdoc.embedder.onnx_encoder import as_tokens
from askdoc.embedder.prompts import Prompt, Prompts, Side
from askdoc.embedder.protocol import Awaited, BatchCallback, ShareCallback, Vectors, deferred, unheard
from askdoc.embedder.torch_containment import contained
from askdoc.errors import ModelError

CPU_BATCH, GPU_BATCH = 32, 512
"""Texts that go through the model together."""
MAX_TOKENS, UNBOUNDED = 512, 1_000_000
"""How many tokens are read of a text by a model that names no bound, or so large a one that it means none."""

_UNLIKE = ("sub_modules", "query_length", "document_length", "query_expansion")
"""Attributes of modules that treat the sides of a search unlike, whatever stands before the texts."""


class SentenceTransformerEmbedder:
    """A sentence-transformers model, on the CPU unless another device is named."""

    def __init__(self, model: Any, *, batch: int = CPU_BATCH) -> None:
        self._model = model
        self._batch = batch
        self._tokenizer = TokenCounter(model.tokenizer)
        self._lock = threading.Lock()  # every call alters the model's tokenizer
        self.dimension = int(model.get_embedding_dimension())
        self.max_tokens = _max_tokens(model)
        self.prompts = _prompts(model, self._tokenizer)
        before = self.lengths([self.prompts[Side.DOCUMENT].text])[0]
        self.document_tokens = self.max_tokens - self._tokenizer.special_tokens - before

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
                    # Half precision is slow on most processors, and onnxruntime cannot compute all of it.
                    model_kwargs={"use_safetensors": True, "dtype": "float32"},
                )
                return cls(model, batch=CPU_BATCH if device == "cpu" else GPU_BATCH)
            except Exception as error:
                raise ModelError(
                    f"The model '{files.name}' cannot be loaded by sentence-transformers: {error} "
                    "Choose another with ASKDOC_MODEL."
                ) from error

    @classmethod
    def on_gpu(cls, files: ModelFiles) -> "SentenceTransformerEmbedder | None":
        """Load the model on a CUDA device, or return None where torch sees none."""
        import torch

        return cls.load(files, device="cuda") if torch.cuda.is_available() else None

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens, without special tokens and without truncation."""
        return self._tokenizer.lengths(texts)

    def has_token(self, word: str) -> bool:
        """Tell whether the vocabulary has the word as one token."""
        return not self._tokenizer.vocabulary.isdisjoint(as_tokens(word))

    def encode(
        self, texts: Sequence[str], *, side: Side = Side.QUERY, on_batch: BatchCallback | None = None
    ) -> Vectors:
        """Encode to vectors of shape (texts, dimension), float32, each of length 1."""
        order = sorted(range(len(texts)), key=lambda position: len(texts[position]))
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for first in range(0, len(order), self._batch):
            batch = order[first : first + self._batch]
            vectors[batch] = self._encoded([texts[position] for position in batch], self.prompts[side])
            if on_batch:
                on_batch(batch, vectors[batch])
        return vectors

    def _encoded(self, texts: list[str], prompt: Prompt) -> Vectors:
        task = {"task": prompt.task} if prompt.task else {}
        with self._lock:
            vectors: Vectors = self._model.encode(
                texts, prompt=prompt.text, normalize_embeddings=True, show_progress_bar=False, **task
            )
        return vectors

    def begin(self, texts: Sequence[str], *, side: Side = Side.QUERY) -> Awaited:
        """Put the encoding off until its result is asked for."""
        return deferred(partial(self.encode, side=side), texts)

    def export(self, typical: Sequence[str], on_share: ShareCallback = unheard) -> dict[str, bytes] | None:
        """Export to the files of ``onnx_encoder`` by name; see ``Exporter.export``."""
        exporter = self.exporter()
        return exporter.export(typical, on_share) if exporter else None

    def exporter(self) -> Exporter | None:
        """The exporter of this model; None where it cannot be exported."""
        return Exporter.of(self._model, self)


class TokenCounter:
    """Counts the tokens of texts, with a tokenizer of ``tokenizers`` or of ``transformers`` that neither pads nor cuts.

    Where that is possible it is a copy, for every call of the model alters the model's own.
    """

    def __init__(self, tokenizer: Any) -> None:
        backend = getattr(tokenizer, "backend_tokenizer", tokenizer)
        self._fast: Any = None
        self._tokenizer = tokenizer
        if isinstance(backend, Tokenizer):
            self._fast = self._tokenizer = Tokenizer.from_str(backend.to_str())
            self._fast.no_padding()
            self._fast.no_truncation()
        self.special_tokens = int(self._tokenizer.num_special_tokens_to_add(False))

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens, without special tokens."""
        if self._fast is None:
            found = self._tokenizer(list(texts), add_special_tokens=False, truncation=False)["input_ids"]
            return [len(ids) for ids in found]
        return [len(found) for found in self._fast.encode_batch_fast(list(texts), add_special_tokens=False)]

    def unpooled(self, prompt: str) -> int:
        """Count the tokens that sentence-transformers leaves out of a pooling for a prompt, the first special one too.

        Only an export needs to know, and nothing is exported that has no fast tokenizer.
        """
        if self._fast is None or not prompt:
            return 0
        special: list[int] = self._fast.encode(prompt).special_tokens_mask
        return len(special) - special[-1]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """All tokens."""
        return frozenset(self._tokenizer.get_vocab())


def _max_tokens(model: Any) -> int:
    """How many tokens of a text a model reads; have it cut there, for some name more than they have positions for."""
    named = model.max_seq_length
    bound = MAX_TOKENS if named is None or named > UNBOUNDED else int(named)
    embeddings = getattr(getattr(model[0], "model", None), "embeddings", None)
    table = getattr(embeddings, "position_embeddings", None)
    if table is not None and hasattr(table, "num_embeddings"):
        # Models like RoBERTa count positions from behind that of the padding.
        bound = min(bound, table.num_embeddings - (table.padding_idx + 1 if table.padding_idx is not None else 0))
    if bound != named:
        with contextlib.suppress(AttributeError):  # a model that reads each token for itself can be told no bound
            model.max_seq_length = bound
    return bound


def _prompts(model: Any, tokenizer: TokenCounter) -> Prompts:
    """The prompts of a model, with what its pooling leaves out of them, and its tasks."""
    texts = prompts.chosen(model.prompts or {}, model.default_prompt_name)
    pooled = all(getattr(module, "include_prompt", True) for module in model)
    tasks = any(getattr(module, name, None) for module in model for name in _UNLIKE)
    return {
        side: Prompt(text, 0 if pooled else tokenizer.unpooled(text), side.value if tasks else "")
        for side, text in texts.items()
    }
