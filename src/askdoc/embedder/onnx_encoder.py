"""The exported encoder, run by onnxruntime: ``encoder.onnx`` and ``.weights``, ``tokenizer.json``, ``encoder.json``.

``encoder.onnx`` takes ``input_ids`` and ``attention_mask`` (int64, texts × tokens) and gives
``sentence_vector`` (float32, texts × dimension), pooled and normalised, and ``inner_vector`` (float32, texts × width of
the model), pooled in its middle. ``encoder.weights`` holds the tables of which
a question uses a few rows: it is mapped, and empty where the model is not packed. ``encoder.json`` holds
``{"dimension", "max_tokens", "kind", "probe"}``: which encoder it is (``Kind``), and what ``PROBE`` gave where the
export was made.
"""

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askdoc.embedder.protocol import Awaited, Encoded, EncoderKind, Finished, Vectors
from askdoc.errors import IndexUnusable

WEIGHTS = "encoder.weights"
FILES = ("encoder.onnx", WEIGHTS, "tokenizer.json", "encoder.json")
OUTPUTS = ["sentence_vector", "inner_vector"]
ROOM = 512
"""How many tokens go through the model at once when many texts wait. They stay in the cache: 4,096 take 13 % longer for
each token."""
PROBE = "The skin around the stitches is a little warm and pink: 3 days after the operation, is that usual?"
"""A text that is encoded whenever the files are opened."""
SAME = 0.999
"""The least cosine to what it gave before. Processors with AVX2 agree to six digits, with 8-bit dot products of their
own or without; older ones round a number in single precision otherwise now and then (0.9996). A runtime that computed
otherwise would answer questions by other vectors than those of the index."""
SLACK = 4
"""Questions whose lengths differ by so many tokens go together: the padding costs less than another call."""


class OnnxEncoder:
    """Runs the export. Needs neither torch nor transformers."""

    def __init__(self, session: Any, tokenizer: Any, *, dimension: int, max_tokens: int, kind: EncoderKind) -> None:
        self.dimension = dimension
        self.max_tokens = max_tokens
        self.kind = kind
        self._session = session
        self._tokenizer = tokenizer
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._marks = tokenizer.num_special_tokens_to_add(is_pair=False)

    @classmethod
    def open(cls, folder: Path) -> "OnnxEncoder":
        """Load the files from a folder, and see that they compute here what they did where they were made.

        Raises IndexUnusable where they do not, or cannot be loaded.
        """
        try:
            opened = cls.load(folder)
            alike = float(opened.encode([PROBE])[0] @ np.array(_facts(folder)["probe"], np.float32))
        except Exception as error:
            raise IndexUnusable(
                f"The encoder in {folder} cannot be loaded ({type(error).__name__}). Run: askdoc index --full"
            ) from error
        if alike < SAME:
            raise IndexUnusable(
                f"The encoder in {folder} was made on a machine that computes otherwise (cosine {alike:.4f}). "
                "Run: askdoc index --full"
            )
        return opened

    @classmethod
    def load(cls, folder: Path) -> "OnnxEncoder":
        """Load the files from a folder, whatever they compute."""
        from tokenizers import Tokenizer

        onnxruntime = runtime()
        options = onnxruntime.SessionOptions()
        # One thread for each call, and a call for each core: two that share one product wait for each other.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # The fused normalisation of the higher levels takes nine times as long as its two parts (docs/speed.md).
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        facts = _facts(folder)
        session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        dimension, max_tokens = int(facts["dimension"]), int(facts["max_tokens"])
        return cls(session, tokenizer, dimension=dimension, max_tokens=max_tokens, kind=EncoderKind(facts["kind"]))

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without the marks around it."""
        return [len(ids) - self._marks for ids in self._ids(texts, cut=False)]

    def knows(self, word: str) -> bool:
        """Whether the model's vocabulary has the word whole, as WordPiece or as SentencePiece writes it."""
        return any(self._tokenizer.token_to_id(token) is not None for token in (word, f"▁{word}"))

    def encode(self, texts: Sequence[str], *, finished: Finished | None = None) -> Vectors:
        """Vectors of shape (texts, dimension). ``finished`` hears of each batch: places in ``texts``, and vectors.

        At build time (when ``finished`` is given) only texts of one length go together, so nothing is padded and
        a text's vector does not depend on its company: the runtime gives the same bits for any batch of two or
        more, but others for a batch of one, so a text that is alone in its length goes in twice.
        """
        if finished is None:
            return self.begin(texts)().vectors
        ids = self._ids(texts, cut=True)
        vectors = np.empty((len(texts), self.dimension), np.float32)
        batches = list(_batches(list(map(len, ids)), slack=0))

        def run(batch: list[int]) -> Vectors:
            twice = 2 if len(batch) == 1 else 1
            found: Vectors = self._session.run(OUTPUTS[:1], _feed([ids[place] for place in batch] * twice))[0]
            return found[: len(batch)]

        for batch, part in zip(batches, _threads().map(run, batches), strict=True):
            vectors[batch] = part
            finished(batch, part)
        return vectors

    def begin(self, texts: Sequence[str]) -> Awaited:
        """Begin to encode, on a thread for each core.

        Returns once the arithmetic has begun, which lets go of the interpreter: a thread that were only told to begin
        would wait until the caller itself has to wait, since nothing else makes Python change threads for 5 ms.
        """
        ids = self._ids(texts, cut=True)
        batches = list(_batches([len(one) for one in ids], slack=SLACK))
        if len(batches) == 1 and len(batches[0]) > 1:
            batches = [batches[0][0::2], batches[0][1::2]]
        jobs = [some for start in range(_cores()) if (some := batches[start :: _cores()])]
        order = np.argsort([place for some in jobs for batch in some for place in batch])
        made = [self._job([[ids[place] for place in batch] for batch in some]) for some in jobs]

        @cache
        def encoded() -> Encoded:
            if not made:
                return Encoded(*np.empty((2, 0, self.dimension), np.float32))
            parts = [part for job in made for part in job.result()]
            return Encoded(*(np.concatenate(kind)[order] for kind in zip(*parts, strict=True)))

        return encoded

    def _job(self, batches: Sequence[list[list[int]]]) -> "Future[list[list[Vectors]]]":
        """What the model makes of batches, one after another on another thread, which has begun with the first."""
        feeds = [_feed(ids) for ids in batches]
        begun = Event()

        def work() -> list[list[Vectors]]:
            begun.set()
            return [self._session.run(OUTPUTS, feed) for feed in feeds]

        job = _threads().submit(work)
        begun.wait()
        return job

    def _ids(self, texts: Sequence[str], *, cut: bool) -> list[list[int]]:
        """Token numbers of each text, with the model's marks; cut as the model cuts: the last mark stays."""
        encoded = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        if not cut:
            return encoded
        most = self.max_tokens
        return [ids if len(ids) <= most else [*ids[: most - 1], ids[-1]] for ids in encoded]


def runtime() -> Any:
    """onnxruntime, quiet. A program that loaded it before askdoc has it reporting: from here on it does not."""
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    onnxruntime.set_default_logger_severity(3)
    return onnxruntime


def _facts(folder: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
    return facts


def _feed(ids: list[list[int]]) -> dict[str, NDArray[np.int64]]:
    """Texts of nearly one length as the model takes them; what is padded is masked, whatever number stands there."""
    longest = max(map(len, ids))
    rows = np.zeros((len(ids), longest), np.int64)
    mask = np.zeros_like(rows)
    for place, tokens in enumerate(ids):
        rows[place, : len(tokens)] = tokens
        mask[place, : len(tokens)] = 1
    return {"input_ids": rows, "attention_mask": mask}


@cache
def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_cores(), thread_name_prefix="askdoc-encoder")


def _batches(lengths: Sequence[int], *, slack: int) -> Iterator[list[int]]:
    """Places of texts that go through the model together: shortest first, at most ``slack`` tokens apart."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        size = max(2, ROOM // max(1, lengths[place]))
        if batch and (lengths[place] > lengths[batch[0]] + slack or len(batch) >= size):
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch
