"""Encodes with onnxruntime, by the files of an exported model.

| file | what it holds |
|---|---|
| `encoder.onnx` | the graph, which takes `input_ids` and `attention_mask`, both (texts, tokens) int64 |
| `encoder.weights` | the tables of which a text uses a few rows: mapped, not read; empty in single precision |
| `tokenizer.json` | the tokenizer, as the library `tokenizers` keeps it |
| `encoder.json` | an `EncoderFacts` |

The graph of a model that leaves its prompt out of the pooling also takes `pooling_mask`, `attention_mask` without the
prompt. It gives `sentence_vector` (texts, dimension) float32, pooled from the last layer and normalised, and
`inner_vector` (texts, width of the model) float32, the mean over the tokens of a middle layer.
"""

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askdoc.embedder import huge_pages, prompts
from askdoc.embedder.prompts import NO_PROMPTS, Prompt, Prompts, Side
from askdoc.embedder.protocol import Awaited, BatchCallback, Encoded, EncoderKind, Vectors
from askdoc.errors import IndexUnusable

WEIGHTS = "encoder.weights"
FILES = ("encoder.onnx", WEIGHTS, "tokenizer.json", "encoder.json")
INPUTS = ["input_ids", "attention_mask", "pooling_mask"]
"""The last is of models that leave their prompt out of the pooling."""
OUTPUTS = ["sentence_vector", "inner_vector"]
BATCH_TOKENS = 512
"""How many tokens go through the model at once when many texts wait: their activations stay in the processor's cache
(with 4,096, each token takes 13 % longer)."""
PROBE = "The skin around the stitches is a little warm and pink: 3 days after the operation, is that usual?"
"""A text that is encoded whenever the files are opened, to notice a machine that computes other vectors."""
PROBE_AGREEMENT = 0.99
"""The least cosine between the probe's vector here and where the export was made. Processors do not come near it: those
with AVX2 agree to the bit; on Arm, where sums of float32 numbers are added in another order, the least of 30 texts was
0.9989. What falls below computes something else, and its vectors could not be compared with those of the index."""
MAX_PADDING = 4
"""Questions whose lengths differ by at most so many tokens share a batch: padding costs less than another call."""


@dataclass(frozen=True, slots=True)
class EncoderFacts:
    """The content of ``encoder.json``: what is not in the graph. ``probe`` is the vector of ``PROBE``."""

    dimension: int
    max_tokens: int
    kind: EncoderKind
    probe: Sequence[float] = ()
    prompts: Prompts = field(default_factory=lambda: NO_PROMPTS)

    @classmethod
    def read(cls, folder: Path) -> "EncoderFacts":
        """Read the file in a folder. Raises OSError, ValueError or KeyError."""
        facts = json.loads((folder / "encoder.json").read_bytes())
        named = prompts.parsed(facts.get("prompts", {}))
        return cls(facts["dimension"], facts["max_tokens"], EncoderKind(facts["kind"]), facts.get("probe", ()), named)

    def dump(self) -> bytes:
        """The bytes of the file."""
        facts = {"dimension": self.dimension, "max_tokens": self.max_tokens, "kind": self.kind, "probe": self.probe}
        named = prompts.dumped(self.prompts)
        return json.dumps(facts | ({"prompts": named} if named else {}), sort_keys=True).encode() + b"\n"


class OnnxEncoder:
    """An exported model, opened. Needs neither torch nor transformers."""

    def __init__(self, session: Any, tokenizer: Any, facts: EncoderFacts) -> None:
        self.dimension = facts.dimension
        self.max_tokens = facts.max_tokens
        self.kind = facts.kind
        self.prompts = facts.prompts
        self._session = session
        self._masks_prompts = len(session.get_inputs()) == len(INPUTS)
        self._tokenizer = tokenizer
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._special_tokens = tokenizer.num_special_tokens_to_add(is_pair=False)
        self._last_special = tokenizer.encode(PROBE).special_tokens_mask[::-1].index(0)
        self.document_tokens = self.max_tokens - self._special_tokens
        if prompt := self.prompts[Side.DOCUMENT].text:
            self.document_tokens -= self.lengths([prompt])[0]

    @classmethod
    def open(cls, folder: Path) -> "OnnxEncoder":
        """Load the files from a folder and check them by the probe.

        Raises IndexUnusable where they cannot be loaded, or the probe's vector is another than at the export.
        """
        try:
            encoder = cls.load(folder)
            cosine = float(encoder.encode([PROBE])[0] @ np.array(EncoderFacts.read(folder).probe, np.float32))
        except Exception as error:
            raise IndexUnusable(
                f"The encoder in {folder} cannot be loaded ({type(error).__name__}). Run: askdoc index --full"
            ) from error
        if cosine < PROBE_AGREEMENT:
            raise IndexUnusable(
                f"The encoder in {folder} was made on a machine that computes otherwise (cosine {cosine:.4f}). "
                "Run: askdoc index --full"
            )
        huge_pages.begin_to_collapse()
        return encoder

    @classmethod
    def load(cls, folder: Path) -> "OnnxEncoder":
        """Load the files from a folder without checking what they compute."""
        from tokenizers import Tokenizer

        onnxruntime = runtime()
        options = onnxruntime.SessionOptions()
        # One thread for each call, and a call on each core: threads that share one product wait for each other.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Higher levels fuse layer normalisation into one operator, which takes nine times as long (docs/speed.md).
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        return cls(session, tokenizer, EncoderFacts.read(folder))

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens, without special tokens and without truncation."""
        return [len(ids) - self._special_tokens for ids in self._token_ids(texts, truncate=False)]

    def has_token(self, word: str) -> bool:
        """Tell whether the vocabulary has the word as one token."""
        return any(self._tokenizer.token_to_id(token) is not None for token in as_tokens(word))

    def encode(
        self, texts: Sequence[str], *, side: Side = Side.QUERY, on_batch: BatchCallback | None = None
    ) -> Vectors:
        """Encode to vectors of shape (texts, dimension), float32, each of length 1.

        With ``on_batch``, as a build encodes, only texts of one length share a batch. So nothing is padded and a
        text's vector does not depend on the others: the runtime gives the same bits in any batch of two or more, but
        others in a batch of one, so a text that is alone in its length is encoded twice.
        """
        if on_batch is None:
            return self.begin(texts, side=side)().vectors
        prompt = self.prompts[side]
        ids = self._token_ids(prompt.before(texts), truncate=True)
        vectors = np.empty((len(texts), self.dimension), np.float32)
        batches = list(_batches(list(map(len, ids)), max_padding=0))

        def run(batch: list[int]) -> Vectors:
            copies = 2 if len(batch) == 1 else 1
            inputs = self._inputs([ids[position] for position in batch] * copies, prompt)
            output: Vectors = self._session.run(OUTPUTS[:1], inputs)[0]
            return output[: len(batch)]

        for batch, part in zip(batches, _threads().map(run, batches), strict=True):
            vectors[batch] = part
            on_batch(batch, part)
        return vectors

    def begin(self, texts: Sequence[str], *, side: Side = Side.QUERY) -> Awaited:
        """Begin to encode, on a thread for each core, and return once the arithmetic has begun.

        onnxruntime releases the interpreter's lock. A thread that was merely submitted would not start until the
        caller waits, since Python switches threads only every 5 ms.
        """
        prompt = self.prompts[side]
        ids = self._token_ids(prompt.before(texts), truncate=True)
        batches = list(_batches([len(tokens) for tokens in ids], max_padding=MAX_PADDING))
        if len(batches) == 1 and len(batches[0]) > 1:
            batches = [batches[0][0::2], batches[0][1::2]]
        shares = [share for start in range(_cores()) if (share := batches[start :: _cores()])]
        order = np.argsort([position for share in shares for batch in share for position in batch])
        jobs = [self._start([[ids[position] for position in batch] for batch in share], prompt) for share in shares]

        @cache
        def encoded() -> Encoded:
            if not jobs:
                return Encoded(*np.empty((2, 0, self.dimension), np.float32))
            parts = [part for job in jobs for part in job.result()]
            return Encoded(*(np.concatenate(output)[order] for output in zip(*parts, strict=True)))

        return encoded

    def _start(self, batches: Sequence[list[list[int]]], prompt: Prompt) -> "Future[list[list[Vectors]]]":
        """Start to encode batches one after another on another thread; return when it has begun with the first."""
        inputs = [self._inputs(ids, prompt) for ids in batches]
        begun = Event()

        def run() -> list[list[Vectors]]:
            begun.set()
            return [self._session.run(OUTPUTS, batch) for batch in inputs]

        job = _threads().submit(run)
        begun.wait()
        return job

    def _token_ids(self, texts: Sequence[str], *, truncate: bool) -> list[list[int]]:
        """Tokenize each text, special tokens included; truncation keeps the last ones, as the model's does."""
        encoded = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        if not truncate:
            return encoded
        limit, kept = self.max_tokens, self._last_special
        return [ids if len(ids) <= limit else [*ids[: limit - kept], *ids[len(ids) - kept :]] for ids in encoded]

    def _inputs(self, ids: list[list[int]], prompt: Prompt) -> dict[str, NDArray[np.int64]]:
        """The graph's inputs for a batch of texts."""
        inputs = _padded(ids)
        if self._masks_prompts:
            inputs["pooling_mask"] = inputs["attention_mask"].copy()
            inputs["pooling_mask"][:, : prompt.unpooled] = 0
        return inputs


def as_tokens(word: str) -> tuple[str, ...]:
    """How a vocabulary may write a word that is one token: one of WordPiece, of SentencePiece, of byte-level BPE."""
    return word, f"▁{word}", f"Ġ{word}"


def runtime() -> Any:
    """Import onnxruntime with its telemetry and log off, also where a program imported it before askdoc."""
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    onnxruntime.set_default_logger_severity(3)
    return onnxruntime


def _padded(ids: list[list[int]]) -> dict[str, NDArray[np.int64]]:
    """Token ids and mask of a batch of texts; padding is masked and comes last, so its token id (0) has no effect."""
    longest = max(map(len, ids))
    rows = np.zeros((len(ids), longest), np.int64)
    mask = np.zeros_like(rows)
    for row, tokens in enumerate(ids):
        rows[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return {"input_ids": rows, "attention_mask": mask}


@cache
def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_cores(), thread_name_prefix="askdoc-encoder")


def _batches(lengths: Sequence[int], *, max_padding: int) -> Iterator[list[int]]:
    """Group texts into batches, shortest first, whose lengths differ by at most ``max_padding``; their positions."""
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lengths.__getitem__):
        size = max(2, BATCH_TOKENS // max(1, lengths[position]))
        if batch and (lengths[position] > lengths[batch[0]] + max_padding or len(batch) >= size):
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch
