"""The model as it was trained, run by sentence-transformers and torch, and its export for the question path."""

import io
import json
import logging
import os
import tempfile
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from askdoc.embedder import quantization
from askdoc.embedder.model_files import ModelFiles
from askdoc.embedder.onnx_encoder import OUTPUTS, PROBE, OnnxEncoder
from askdoc.embedder.protocol import Awaited, EncoderKind, Finished, Vectors, later
from askdoc.errors import ModelError

BATCH, GPU_BATCH = 32, 512
SAMPLES = (
    "Is this mole dangerous?",
    "I had my wisdom teeth out on Monday and one side still hurts when I chew. Should it not be better by now?",
    "Ibuprofen 400 mg, twice a day; naïve question — may I drink coffee with it?",
)
"""Sentences on which an export must agree with the model it was made from."""
AGREEMENT = 0.9999
"""The least cosine between the two where the export keeps every number."""
PACKED_AGREEMENT = 0.997
"""The least where it is packed (docs/speed.md has what was measured)."""
INNER = 2 / 3
"""How deep in the model the inner vector is taken: there the safety gate told most (docs/safety.md)."""
CALIBRATED, LONG = 150, 30
"""So many typical texts, and so many long ones made of all of them, show what numbers there are."""
CACHE = "TORCHINDUCTOR_CACHE_DIR"
"""Where torch keeps compiled code; it makes the folder when it is imported."""
log = logging.getLogger("askdoc")


class SentenceTransformerEmbedder:
    """A sentence-transformers model, on the CPU unless another device is named."""

    def __init__(self, model: Any, *, batch: int = BATCH) -> None:
        self._model = model
        self._batch = batch
        self.dimension = int(model.get_embedding_dimension())
        self.max_tokens = int(model.max_seq_length or 512)
        self._turn = threading.Lock()  # its tokenizer is altered by every call

    @classmethod
    def load(cls, weights: ModelFiles, *, device: str = "cpu") -> "SentenceTransformerEmbedder":
        """Load from a folder that ``locate`` has vouched for: safetensors only, no code of the model's own."""
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        with _quiet(), _scratch():
            from sentence_transformers import SentenceTransformer

            try:
                model = SentenceTransformer(
                    str(weights.folder),
                    device=device,
                    trust_remote_code=False,
                    local_files_only=True,
                    model_kwargs={"use_safetensors": True},
                )
            except Exception as error:
                raise ModelError(
                    f"The model '{weights.name}' cannot be loaded by sentence-transformers: {error} "
                    "Choose another with ASKDOC_MODEL."
                ) from error
        return cls(model, batch=BATCH if device == "cpu" else GPU_BATCH)

    @classmethod
    def on_gpu(cls, weights: ModelFiles) -> "SentenceTransformerEmbedder | None":
        """The model on a CUDA device, or None where torch sees none."""
        import torch

        return cls.load(weights, device="cuda") if torch.cuda.is_available() else None

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without the marks around it."""
        tokenizer = self._model.tokenizer
        return [len(ids) for ids in tokenizer(list(texts), add_special_tokens=False, truncation=False)["input_ids"]]

    def knows(self, word: str) -> bool:
        """Whether the model's vocabulary has the word whole, as WordPiece or as SentencePiece writes it."""
        vocabulary = self._model.tokenizer.get_vocab()
        return word in vocabulary or f"▁{word}" in vocabulary

    def encode(self, texts: Sequence[str], *, finished: Finished | None = None) -> Vectors:
        """Vectors of shape (texts, dimension). ``finished`` hears of each batch: places in ``texts``, and vectors."""
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for first in range(0, len(order), self._batch):
            batch = order[first : first + self._batch]
            with self._turn:
                vectors[batch] = self._model.encode(
                    [texts[place] for place in batch], normalize_embeddings=True, show_progress_bar=False
                )
            if finished:
                finished(batch, vectors[batch])
        return vectors

    def begin(self, texts: Sequence[str]) -> Awaited:
        """They are made when they are asked for."""
        return later(self.encode, texts)

    def export(self, typical: Sequence[str]) -> dict[str, bytes] | None:
        """Export to the files of ``onnx_encoder`` by name, or None where this model cannot be exported faithfully.

        The packed encoder, whose numbers are chosen for ``typical`` texts, is taken if it agrees with the model on
        ``SAMPLES``, else the plain one if that does.
        """
        tokenizer = getattr(self._model.tokenizer, "backend_tokenizer", None)
        if tokenizer is None:
            return None
        shared = {"tokenizer.json": tokenizer.to_str().encode()}
        try:
            with _quiet(), _scratch():
                onnx = _exported(self._model)
        except Exception:  # the exporter raises whatever the model's own code raises
            log.debug("export failed", exc_info=True)
            return None
        for kind, make, least in (
            (EncoderKind.PACKED, self._packed, PACKED_AGREEMENT),
            (EncoderKind.SINGLE, lambda model, _: quantization.plain(model), AGREEMENT),
        ):
            try:
                if files := self._vouched({**make(onnx, typical), **shared}, kind=kind, least=least):
                    return files
            except Exception:  # an operator that this onnxruntime lacks, or a shape that cannot be packed
                log.debug("an export failed", exc_info=True)
        return None

    def _packed(self, model: bytes, typical: Sequence[str]) -> dict[str, bytes]:
        """The packed files, for single texts and for long ones made of many."""
        some = typical[:: max(1, len(typical) // CALIBRATED)]
        long = [" ".join(typical[start::LONG]) for start in range(LONG)] if len(typical) > LONG else []
        tokenizer = self._model.tokenizer
        read = tokenizer([*some, *long], truncation=True, max_length=self.max_tokens)["input_ids"]
        return quantization.packed(model, read)

    def _vouched(self, files: dict[str, bytes], *, kind: EncoderKind, least: float) -> dict[str, bytes] | None:
        """With what they give for one text, if they agree with the model on ``SAMPLES``; None if they do not."""
        facts: dict[str, Any] = {"dimension": self.dimension, "max_tokens": self.max_tokens, "kind": kind}
        with tempfile.TemporaryDirectory() as folder:
            for name, data in {**files, "encoder.json": json.dumps(facts).encode()}.items():
                (Path(folder) / name).write_bytes(data)
            embedder = OnnxEncoder.load(Path(folder))
            if float((self.encode(SAMPLES) * embedder.encode(SAMPLES)).sum(axis=1).min()) < least:
                return None
            # By this a runtime that computes otherwise is noticed.
            facts["probe"] = [round(float(number), 5) for number in embedder.encode([PROBE])[0]]
        return {**files, "encoder.json": json.dumps(facts, sort_keys=True).encode() + b"\n"}


def _exported(model: Any) -> bytes:
    """ONNX of transformer, pooling and normalisation, without the notes that name files of this machine."""
    import onnx
    import torch

    class Encoder(torch.nn.Module):  # type: ignore[misc]  # torch is not followed by mypy
        def __init__(self) -> None:
            super().__init__()
            self.transformer = model[0].model
            self.rest = torch.nn.ModuleList(list(model)[1:])

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            found = self.transformer(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True)
            features = {"token_embeddings": found.last_hidden_state, "attention_mask": attention_mask}
            for module in self.rest:
                features = module(features)
            layers = found.hidden_states  # the first is what goes into the first layer
            seen = attention_mask.unsqueeze(-1).to(layers[0].dtype)
            inner = (layers[round(INNER * (len(layers) - 1))] * seen).sum(1) / seen.sum(1)
            return torch.nn.functional.normalize(features["sentence_embedding"], dim=-1), inner

    # The plain form of attention: the fused one guards every product against rows that nothing may look at.
    model[0].model.set_attn_implementation("eager")
    ids = torch.tensor([[101, 2023, 2003, 102], [101, 2054, 2055, 102]])
    shape = {0: torch.export.Dim("texts"), 1: torch.export.Dim("tokens", max=int(model.max_seq_length or 512))}
    with torch.no_grad():
        program = torch.onnx.export(
            Encoder().eval(),
            (ids, torch.ones_like(ids)),
            dynamo=True,
            dynamic_shapes={"input_ids": shape, "attention_mask": shape},
            input_names=["input_ids", "attention_mask"],
            output_names=OUTPUTS,
            verbose=False,
        )
    proto = program.model_proto
    _strip(proto)
    buffer = io.BytesIO()
    onnx.save(proto, buffer)
    return buffer.getvalue()


def _strip(proto: Any) -> None:
    graph = proto.graph
    for part in (proto, graph, *graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer):
        if hasattr(part, "metadata_props"):
            del part.metadata_props[:]
        part.doc_string = ""


@contextmanager
def _scratch() -> Iterator[None]:
    """Have torch make its cache, for which askdoc has no use, in a folder that is gone afterwards."""
    before = os.environ.get(CACHE)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[CACHE] = folder
        try:
            yield
        finally:
            os.environ.pop(CACHE, None)
            os.environ.update({CACHE: before} if before is not None else {})


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' progress bars and remarks off the operator's screen."""
    from transformers.utils import logging as transformers_logging

    levels = {name: logging.getLogger(name).level for name in ("torch.onnx", "sentence_transformers", "transformers")}
    transformers_logging.disable_progress_bar()
    for name in levels:
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
