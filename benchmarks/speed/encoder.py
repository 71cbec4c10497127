"""Measures what each way to compute the encoder costs in time, in nearness to the model and in nDCG.

    python -m benchmarks.speed.encoder [--texts 500] [--documents 1000]

Every variant is exported in this run and timed in turn with the others, on one thread: its time and its vectors beside
those of single precision. Nothing was fitted on the texts. nDCG@10, by the vectors alone, is of every development set
that says which documents a query should find.
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import numpy as np

from askdoc.embedder import EncoderKind, locate, quantized_matmul
from askdoc.embedder.export import Exporter, trace
from askdoc.embedder.onnx_encoder import OnnxEncoder
from askdoc.embedder.quantized_matmul import QuantizedMatmul
from askdoc.embedder.sentence_transformer import SentenceTransformerEmbedder
from askdoc.evaluation.metrics import ndcg
from askdoc.safety import examples
from askdoc.settings import DEFAULT_MODEL
from benchmarks.speed.machine import described
from training import datasets

TOKENS = (12, 73)
"""Lengths of the texts that are timed: a short question and a message."""
EXACT = "single precision"
SERVED = "seven bits, rounded by GPTQ"
VARIANTS = {"eight bits, nearest": (127, False), "seven bits, nearest": (63, False), SERVED: (63, True)}
"""The largest quantised weight, and whether weights are rounded by GPTQ instead of to nearest."""


@contextmanager
def variant(weight_max: int, *, gptq: bool) -> Iterator[None]:
    """Quantise in one of the ways."""
    nearest = mock.patch.object(QuantizedMatmul, "rounded_for", lambda product, *_: product)
    with mock.patch.object(quantized_matmul, "WEIGHT_MAX", weight_max):
        if gptq:
            yield
        else:
            with nearest:
                yield


def exports(folder: Path) -> dict[str, OnnxEncoder]:
    """The encoder in single precision, and quantised in each way."""
    exporter = SentenceTransformerEmbedder.load(locate(DEFAULT_MODEL)).exporter()
    assert exporter is not None
    graph = trace(exporter.model)
    encoders = {EXACT: written(exporter, graph, EncoderKind.SINGLE_PRECISION, folder / "single")}
    for number, (name, (weight_max, gptq)) in enumerate(VARIANTS.items()):
        with variant(weight_max, gptq=gptq):
            encoders[name] = written(exporter, graph, EncoderKind.QUANTIZED, folder / str(number))
    return encoders


def written(exporter: Exporter, graph: bytes, kind: EncoderKind, folder: Path) -> OnnxEncoder:
    """An encoder opened from its files, whatever it computes here."""
    folder.mkdir()
    for name, data in exporter.files(graph, kind, examples.sentences()).items():
        (folder / name).write_bytes(data)
    return OnnxEncoder.load(folder)


def messages(count: int) -> list[str]:
    """Sample questions, messages and answers of the development sets, as many of each."""
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
    return embedder.encode(texts, on_batch=lambda *_: None)


def times(embedders: dict[str, OnnxEncoder], tokens: int, *, rounds: int = 60) -> dict[str, tuple[float, float]]:
    """Least and median milliseconds of one text of so many tokens, the variants in turn."""
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


class JudgedTexts(NamedTuple):
    """Queries, documents, and the positions of the documents that each query should find."""

    name: str
    queries: list[str]
    documents: list[str]
    relevant: list[set[int]]

    def within(self, documents: int) -> "JudgedTexts":
        """The first documents alone, and the queries whose relevant documents are all among them."""
        rows = [row for row, relevant in enumerate(self.relevant) if max(relevant) < documents]
        queries, relevant = [self.queries[row] for row in rows], [self.relevant[row] for row in rows]
        return JudgedTexts(self.name, queries, self.documents[:documents], relevant)


def judged_sets() -> Iterator[JudgedTexts]:
    """Every development set that says which documents a query should find."""
    counsel, medquad = datasets.counselchat(), datasets.medquad()
    yield JudgedTexts("CounselChat, titles", counsel.queries, counsel.bodies, counsel.relevant)
    messages = [f"{page['question']} {page['question_text']}" for page in datasets.rows("counselchat")]
    yield JudgedTexts("CounselChat, messages", messages, counsel.bodies, counsel.relevant)
    yield JudgedTexts("MedQuAD", medquad.queries, medquad.bodies, medquad.relevant)
    for name in ("meqsum", "mediqa2021_qs_valid", "rqe_train", "rqe_valid", "covid_similarity_en"):
        yield paired_questions(name)
    pages = datasets.rows("mas_valid")
    owners = [page["id"] for page in pages for _ in page["answers"]]
    own = [{place for place, owner in enumerate(owners) if owner == page["id"]} for page in pages]
    answers = [answer["body"] for page in pages for answer in page["answers"]]
    yield JudgedTexts("MEDIQA, answers", [page["question"] for page in pages], answers, own)


def paired_questions(name: str) -> JudgedTexts:
    """Each question ``a`` that has the same meaning as some ``b`` should find it among every ``b`` of the set."""
    documents: dict[str, int] = {}
    relevant: dict[str, set[int]] = {}
    for row in datasets.rows(name):
        place = documents.setdefault(row["b"], len(documents))
        if row["label"] == 1:
            relevant.setdefault(row["a"], set()).add(place)
    return JudgedTexts(name, list(relevant), list(documents), list(relevant.values()))


def mean_ndcg(embedder: OnnxEncoder, judged: JudgedTexts) -> float:
    """Mean nDCG@10 of the queries, by the vectors alone."""
    scores = vectors(embedder, judged.queries) @ vectors(embedder, judged.documents).T
    ranked = np.argsort(-scores, axis=1, kind="stable")[:, :10]
    gains = [
        ndcg([float(place in relevant) for place in places], [1.0] * len(relevant))
        for relevant, places in zip(judged.relevant, ranked, strict=True)
    ]
    return float(np.mean(gains))


def measure(texts: int, documents: int) -> dict[str, Any]:
    """Everything that is printed."""
    with tempfile.TemporaryDirectory() as folder:
        embedders = exports(Path(folder))
        clock = {tokens: times(embedders, tokens) for tokens in TOKENS}
        sample = messages(texts)
        exact = vectors(embedders[EXACT], sample)
        found: dict[str, Any] = {}
        for name, embedder in embedders.items():
            cosines = (vectors(embedder, sample) * exact).sum(axis=1)
            found[name] = {f"{tokens} tokens, ms": clock[tokens][name] for tokens in TOKENS}
            found[name] |= {f"{tokens} tokens, ratio": ratio(clock[tokens], name) for tokens in TOKENS}
            found[name] |= {"cosine mean": float(cosines.mean()), "cosine least": float(cosines.min())}
            for judged in judged_sets() if documents else ():
                found[name][f"nDCG@10 {judged.name}"] = mean_ndcg(embedder, judged.within(documents))
        return found


def ratio(clock: dict[str, tuple[float, float]], name: str) -> float:
    """The least time over that of single precision."""
    return clock[name][0] / clock[EXACT][0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=500)
    parser.add_argument("--documents", type=int, default=1000, help="the first so many of each set; 0: no nDCG")
    given = parser.parse_args()
    print(json.dumps({"machine": described(), "ways": measure(given.texts, given.documents)}, indent=1))


if __name__ == "__main__":
    main()
