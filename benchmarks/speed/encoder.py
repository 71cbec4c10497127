"""What each way to compute the encoder costs: time beside single precision, nearness to it, and nDCG of its vectors.

    python -m benchmarks.speed.encoder [--texts 500] [--bodies 1000]

Every way is exported in this run and timed in turn with the others, on one thread. Nothing was fitted on the texts.
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from askdoc.embedder import locate, quantization, quantized_matmul, sentence_transformer
from askdoc.embedder.onnx_encoder import OnnxEncoder
from askdoc.embedder.quantized_matmul import Grid
from askdoc.embedder.sentence_transformer import SentenceTransformerEmbedder
from askdoc.safety import examples
from askdoc.settings import DEFAULT_MODEL
from benchmarks.speed.machine import described
from training import datasets

TOKENS = (12, 73)
NOW = "seven bits, rounded by what reaches a product"
WAYS = {"eight bits, nearest": (127, False), "seven bits, nearest": (63, False), NOW: (63, True)}
"""The most that a matrix's number may be, and whether rounding looks at what reaches a product."""


@contextmanager
def way(most: int, *, rounded: bool) -> Iterator[None]:
    """Pack in one of the ways."""
    nearest = mock.patch.object(Grid, "rounded", lambda on, *_: on)
    with mock.patch.object(quantized_matmul, "MOST", most):
        if rounded:
            yield
        else:
            with nearest:
                yield


def exports(folder: Path) -> dict[str, OnnxEncoder]:
    """The encoder in single precision, and packed in each way."""
    model = SentenceTransformerEmbedder.load(locate(DEFAULT_MODEL))
    typical = examples.sentences()
    with mock.patch.object(
        sentence_transformer, "_exported", return_value=sentence_transformer._exported(model._model)
    ) as exported:
        found = {"single precision": written(model, quantization.plain(exported()), folder / "single")}
        for number, (name, (most, rounded)) in enumerate(WAYS.items()):
            with way(most, rounded=rounded):
                found[name] = written(model, model._packed(exported(), typical), folder / str(number))
    return found


def written(model: SentenceTransformerEmbedder, files: dict[str, bytes], folder: Path) -> OnnxEncoder:
    """An encoder opened from its files, whatever it computes here."""
    folder.mkdir()
    facts = {"dimension": model.dimension, "max_tokens": model.max_tokens, "kind": "packed in whole numbers"}
    tokenizer = model._model.tokenizer.backend_tokenizer.to_str().encode()
    for name, data in {**files, "tokenizer.json": tokenizer, "encoder.json": json.dumps(facts).encode()}.items():
        (folder / name).write_bytes(data)
    return OnnxEncoder.load(folder)


def messages(count: int) -> list[str]:
    """Questions, messages and answers of the development sets, as many of each."""
    counsel, medquad = datasets.counselchat(), datasets.medquad()
    kinds = [
        counsel.queries,
        counsel.bodies,
        medquad.queries,
        medquad.bodies,
        [row["a"] for row in datasets.rows("meqsum")],
    ]
    draw = random.Random(7)
    return [text for kind in kinds for text in draw.sample(sorted(set(kind)), count // len(kinds))]


def vectors(embedder: OnnxEncoder, texts: Sequence[str]) -> np.ndarray:
    """(texts, dimension), as a build makes them."""
    return embedder.encode(texts, finished=lambda *_: None)


def times(embedders: dict[str, OnnxEncoder], tokens: int, *, rounds: int = 60) -> dict[str, tuple[float, float]]:
    """Least and median milliseconds of one text of so many tokens, the ways in turn."""
    ids = np.random.default_rng(0).integers(2000, 20000, (1, tokens))
    feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
    spent: dict[str, list[float]] = {name: [] for name in embedders}
    for _ in range(rounds):
        for name, embedder in embedders.items():
            for _ in range(5):
                start = time.perf_counter()
                embedder._session.run(None, feed)
                spent[name].append((time.perf_counter() - start) * 1000)
    return {name: (min(found), float(np.median(found))) for name, found in spent.items()}


def ndcg(embedder: OnnxEncoder, found: datasets.Retrieval, bodies: int) -> float:
    """Mean nDCG@10 of the queries whose answers are all among the first bodies, by the vectors alone."""
    asked = [row for row, relevant in enumerate(found.relevant) if max(relevant) < bodies]
    scores = vectors(embedder, [found.queries[row] for row in asked]) @ vectors(embedder, found.bodies[:bodies]).T
    discounts = 1 / np.log2(np.arange(2, 12))
    gained = []
    for row, places in zip(asked, np.argsort(-scores, axis=1, kind="stable")[:, :10], strict=True):
        hits = np.isin(places, list(found.relevant[row]))
        gained.append(float(hits @ discounts) / discounts[: len(found.relevant[row])].sum())
    return float(np.mean(gained))


def measure(texts: int, bodies: int) -> dict[str, Any]:
    """Everything that is printed."""
    with tempfile.TemporaryDirectory() as folder:
        embedders = exports(Path(folder))
        clock = {tokens: times(embedders, tokens) for tokens in TOKENS}
        asked = messages(texts)
        exact = vectors(embedders["single precision"], asked)
        found: dict[str, Any] = {}
        for name, embedder in embedders.items():
            cosines = (vectors(embedder, asked) * exact).sum(axis=1)
            found[name] = {f"{tokens} tokens, ms": clock[tokens][name] for tokens in TOKENS}
            found[name] |= {f"{tokens} tokens, ratio": ratio(clock[tokens], name) for tokens in TOKENS}
            found[name] |= {"cosine mean": float(cosines.mean()), "cosine least": float(cosines.min())}
            for collection in (datasets.counselchat(), datasets.medquad()) if bodies else ():
                found[name][f"nDCG@10 {collection.name}"] = ndcg(embedder, collection, bodies)
        return found


def ratio(clock: dict[str, tuple[float, float]], name: str) -> float:
    """The least time beside that of single precision."""
    return clock[name][0] / clock["single precision"][0]


def dot_products() -> bool | None:
    """Whether the processor has some of its own; None where nobody says (Linux on x86 does)."""
    flags = Path("/proc/cpuinfo")
    text = flags.read_text(encoding="utf-8") if flags.exists() else ""
    return any(name in text for name in ("avx512_vnni", "avx_vnni")) if "flags" in text else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=500)
    parser.add_argument("--bodies", type=int, default=1000, help="of each collection; 0: no nDCG")
    given = parser.parse_args()
    machine = {"machine": described(), "8-bit dot products": dot_products()}
    print(json.dumps({**machine, "ways": measure(given.texts, given.bodies)}, indent=1))


if __name__ == "__main__":
    main()
