"""Exports a sentence-transformers model to the files of ``onnx_encoder``, if they agree with the model."""

import io
import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from askdoc.embedder import quantization
from askdoc.embedder.onnx_encoder import INPUTS, OUTPUTS, PROBE, EncoderFacts, OnnxEncoder
from askdoc.embedder.prompts import NO_PROMPTS, Prompts, Side
from askdoc.embedder.protocol import Embedder, EncoderKind, ShareCallback, unheard
from askdoc.embedder.torch_containment import contained

SAMPLES = (
    "Is this mole dangerous?",
    "I had my wisdom teeth out on Monday and one side still hurts when I chew. Should it not be better by now?",
    "Ibuprofen 400 mg, twice a day; naïve question — may I drink coffee with it?",
)
"""Texts on which an export must agree with the model that it was made from."""
AGREEMENT = {EncoderKind.QUANTIZED: 0.997, EncoderKind.SINGLE_PRECISION: 0.9999}
"""The least cosine between the model's vector and the export's, for each of ``SAMPLES`` (measured in docs/speed.md)."""
KINDS = (EncoderKind.QUANTIZED, EncoderKind.SINGLE_PRECISION)
"""What a model is exported to: the first of these that agrees with it."""
INNER_DEPTH = 2 / 3
"""Which layer the inner vector is of, as a share of all: there the safety gate told most (docs/safety.md)."""
CALIBRATION_TEXTS, LONG_TEXTS = 150, 30
"""How many typical texts quantisation is calibrated on, and how many long ones, joined from all of them."""
TRACED = 0.7
"""The share of an export's time that tracing takes."""
_log = logging.getLogger("askdoc")


@dataclass(frozen=True)
class Exporter:
    """A loaded model, ready to be exported.

    ``model`` is a ``sentence_transformers.SentenceTransformer``, ``embedder`` what encodes with it.
    """

    model: Any
    embedder: Embedder
    tokenizer: bytes
    """The tokenizer as ``tokenizer.json`` holds it, taken before the export uses it: every use alters it."""

    @classmethod
    def of(cls, model: Any, embedder: Embedder) -> "Exporter | None":
        """Make the exporter of a model.

        None where its tokenizer is not of the library ``tokenizers``, it has other weights for each side, or it pools
        by the weighted mean without the prompt: the graph does not know the tokens' places then.
        """
        backend = getattr(model.tokenizer, "backend_tokenizer", None)
        prompts = embedder.prompts.values()
        if backend is None or any(prompt.task for prompt in prompts):
            return None
        if any(prompt.unpooled for prompt in prompts) and any(map(_weighs_places, model)):
            return None
        return cls(model, embedder, backend.to_str().encode())

    def export(self, typical: Sequence[str], on_share: ShareCallback = unheard) -> dict[str, bytes] | None:
        """Export to the first of ``KINDS`` that agrees with the model: bytes by file name.

        ``typical`` texts are what quantisation is calibrated on. None where the model cannot be exported, or no export
        agrees with it.
        """
        try:
            graph = trace(self.model, self.embedder.prompts)
        except Exception:  # the exporter raises whatever the model's own code raises
            _log.debug("export failed", exc_info=True)
            return None
        on_share(TRACED)

        def on_fitted(share: float) -> None:
            on_share(TRACED + (1 - TRACED) * share)

        for kind in KINDS:
            try:
                if files := self._verified(self.files(graph, kind, typical, on_fitted)):
                    return files
            except Exception:  # an operator that this onnxruntime lacks, or a shape that cannot be quantised
                _log.debug("an export failed", exc_info=True)
        return None

    def files(
        self, graph: bytes, kind: EncoderKind, typical: Sequence[str], on_share: ShareCallback = unheard
    ) -> dict[str, bytes]:
        """Make an encoder's files from a traced model: all that it is opened from, but for its probe."""
        if kind is EncoderKind.QUANTIZED:
            encoder = quantization.quantized(graph, self._calibration(typical), on_share)
        else:
            encoder = quantization.single_precision(graph)
        made = self.embedder
        facts = EncoderFacts(made.dimension, made.max_tokens, kind, prompts=made.prompts)
        return {**encoder, "tokenizer.json": self.tokenizer, "encoder.json": facts.dump()}

    def _calibration(self, typical: Sequence[str]) -> quantization.TokenIds:
        """The token ids of some typical texts, and of long texts joined from all of them."""
        some = typical[:: max(1, len(typical) // CALIBRATION_TEXTS)]
        joined = [" ".join(typical[start::LONG_TEXTS]) for start in range(LONG_TEXTS)]
        query, document = (self.embedder.prompts[side] for side in Side)
        texts = [*query.before(some), *(document.before(joined) if len(typical) > LONG_TEXTS else [])]
        encoding = self.model.tokenizer(texts, truncation=True, max_length=self.embedder.max_tokens)
        ids: quantization.TokenIds = encoding["input_ids"]
        return ids

    def _verified(self, files: dict[str, bytes]) -> dict[str, bytes] | None:
        """The files with the probe's vector added, or None where they disagree with the model on ``SAMPLES``."""
        with tempfile.TemporaryDirectory() as folder:
            for name, data in files.items():
                (Path(folder) / name).write_bytes(data)
            encoder = OnnxEncoder.load(Path(folder))
            if not all(self._agrees(encoder, side) for side in Side):
                return None
            probe = [round(float(number), 5) for number in encoder.encode([PROBE])[0]]
            facts = replace(EncoderFacts.read(Path(folder)), probe=probe)
        return {**files, "encoder.json": facts.dump()}

    def _agrees(self, encoder: OnnxEncoder, side: Side) -> bool:
        """Whether an export gives the model's vectors of ``SAMPLES`` on a side."""
        cosines = (self.embedder.encode(SAMPLES, side=side) * encoder.encode(SAMPLES, side=side)).sum(axis=1)
        return float(cosines.min()) >= AGREEMENT[encoder.kind]


def _weighs_places(module: Any) -> bool:
    """Whether a module pools by the weighted mean."""
    before_6 = getattr(module, "pooling_mode_weightedmean_tokens", False)  # of sentence-transformers
    return bool(before_6) or "weightedmean" in getattr(module, "pooling_mode", ())


def trace(model: Any, prompts: Prompts = NO_PROMPTS) -> bytes:
    """Trace transformer, pooling and normalisation into one ONNX graph in single precision; its bytes."""
    with contained():
        import onnx
        import torch

        # The plain form of attention: the fused one guards every product against rows that attend to nothing.
        model[0].model.set_attn_implementation("eager")
        ids = torch.tensor([[101, 2023, 2003, 102], [101, 2054, 2055, 102]])
        shape = {0: torch.export.Dim("texts"), 1: torch.export.Dim("tokens", max=int(model.max_seq_length or 512))}
        names = INPUTS if any(prompt.unpooled for prompt in prompts.values()) else INPUTS[:2]
        with torch.no_grad():
            program = torch.onnx.export(
                _encoder_module(model),
                (ids, *(torch.ones_like(ids) for _ in names[1:])),
                dynamo=True,
                dynamic_shapes=(shape,) * len(names),
                input_names=names,
                output_names=OUTPUTS,
                verbose=False,
            )
    proto = program.model_proto
    _strip(proto)
    buffer = io.BytesIO()
    onnx.save(proto, buffer)
    return buffer.getvalue()


def _encoder_module(model: Any) -> Any:
    """A torch module: token ids and attention mask in, ``OUTPUTS`` out."""
    import torch

    class Encoder(torch.nn.Module):  # type: ignore[misc]  # torch is not followed by mypy
        def __init__(self) -> None:
            super().__init__()
            self.transformer = model[0].model
            self.rest = torch.nn.ModuleList(list(model)[1:])

        def forward(self, input_ids: Any, attention_mask: Any, pooling_mask: Any = None) -> Any:
            states = self.transformer(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True)
            pooled = attention_mask if pooling_mask is None else pooling_mask
            features = {"token_embeddings": states.last_hidden_state, "attention_mask": pooled}
            for module in self.rest:
                features = module(features)
            layers = states.hidden_states  # the first is the input of the first layer
            mask = pooled.unsqueeze(-1).to(layers[0].dtype)
            inner = (layers[round(INNER_DEPTH * (len(layers) - 1))] * mask).sum(1) / mask.sum(1)
            sentence = features["sentence_embedding"][..., : model.truncate_dim]
            return torch.nn.functional.normalize(sentence, dim=-1), inner

    return Encoder().eval()


def _strip(proto: Any) -> None:
    """Remove the exporter's notes, which name files of this machine."""
    graph = proto.graph
    for part in (proto, graph, *graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer):
        if hasattr(part, "metadata_props"):
            del part.metadata_props[:]
        part.doc_string = ""
