"""Measures askdoc over a retrieval set as ``benchmarks.speed.peers`` measures others; prints one line of JSON.

    python -m benchmarks.speed.askdoc_system build FOLDER WORK                  indexes the documents in WORK/index
    python -m benchmarks.speed.askdoc_system ask FOLDER WORK [--queries N]      opens it as a server does, and asks

Two processes, since askdoc answers in another one than it builds in.
"""

import time

BEGAN = time.perf_counter()

import os  # noqa: E402 - the start is measured from before the first import

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does

import argparse  # noqa: E402
import asyncio  # noqa: E402
import json  # noqa: E402
import shutil  # noqa: E402
import statistics  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from benchmarks.speed import latency, machine, retrieval_set  # noqa: E402


class StepTimes:
    """The progress of a build: when each step began, by wall clock and by processor time."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}
        self.used: dict[str, float] = {}

    def step(self, name: str) -> None:
        self.at.setdefault(name.split()[0], time.perf_counter())
        self.used.setdefault(name.split()[0], time.process_time())

    def advanced(self, unit: str, done: int, of: int, *, work: int, of_work: int) -> None:
        pass


def build(measured: retrieval_set.RetrievalSet, work: Path) -> dict[str, Any]:
    """Build an index: answers a second from cutting passages on. The model's start counts apart, as with the others."""
    from askdoc import bootstrap
    from askdoc.settings import Settings

    shutil.rmtree(work, ignore_errors=True)
    (work / "corpus").mkdir(parents=True)
    os.environ["XDG_CACHE_HOME"] = str(work / "cache")  # a first build, as the others': nothing was exported before
    pages: dict[str, list[dict[str, str]]] = {}
    for name, (title, text) in measured.documents.items():
        pages.setdefault(title or text[:80], []).append({"id": name, "body": text})
    lines = (json.dumps({"title": title, "answers": answers}) + "\n" for title, answers in pages.items())
    (work / "corpus" / "set.jsonl").write_text("".join(lines), encoding="utf-8")
    steps = StepTimes()
    began = time.perf_counter()
    report = bootstrap.build_index(Settings(corpus=work / "corpus", index=work / "index"), progress=steps)
    took, used = time.perf_counter() - steps.at["Cutting"], time.process_time() - steps.used["Cutting"]
    return {
        "prepare_s": round(steps.at["Cutting"] - began, 1),
        "build_s": round(took, 1),
        "answers_per_s": round(report.manifest.counts.answers / took, 1),
        "answers_per_processor_s": round(report.manifest.counts.answers / used, 1),
        "disk_mb": round(sum(size for _, size in report.manifest.files.values()) / 1e6),
    }


def ask(measured: retrieval_set.RetrievalSet, work: Path) -> dict[str, Any]:
    """Time the start up to the first reply, and every question; and how long the model's arithmetic alone must take."""
    from askdoc import bootstrap
    from askdoc.settings import Settings

    opened = bootstrap.open_generation(Settings(index=work / "index"))
    responder = bootstrap.responder(opened)
    responder.reply(measured.queries[0].text)
    start = time.perf_counter() - BEGAN

    def search(question: str) -> list[str]:
        return [match.passage.answer.id for match in responder.reply(question, max_answers=10).answers]

    def ranking(question: str) -> list[str]:
        return [name for name, _ in responder.rank(question, most=10).answers]

    figures = retrieval_set.ask(measured, search, ranking=ranking)  # a reply holds back what does not fit
    memory = machine.memory()
    over_http = asyncio.run(latency.over_http(work / "index", [query.text for query in measured.queries]))
    tokens = statistics.median(opened.embedder.lengths([query.text for query in measured.queries])) + 2
    encoder = next((work / "index").glob("gen-*/encoder.onnx"))
    limit = 1e3 * tokens * multiply_adds_per_token(encoder) / machine.multiply_adds()
    own = {"memory_mb": memory.own + memory.mapped, "own_mb": memory.own, "tokens": tokens, "limit_ms": round(limit, 2)}
    own |= {f"http_{name}": over_http[name] for name in ("p50_ms", "p95_ms")}
    return {"system": "askdoc", "start_s": round(start, 2), **figures, **own}


def multiply_adds_per_token(encoder: Path) -> int:
    """Count the multiply-adds that the model's constant matrices cost for each token."""
    import onnx

    graph = onnx.load(str(encoder), load_external_data=False).graph
    shapes = {tensor.name: tensor.dims for tensor in graph.initializer}
    total = 0
    for node in graph.node:
        matrix = node.input[1] if node.op_type in ("MatMul", "MatMulIntegerToFloat") else ""
        if matrix in shapes:
            rows, columns = shapes[matrix]
            total += rows * columns
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=("build", "ask"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--queries", type=int)
    given = parser.parse_args()
    measured = retrieval_set.load(given.folder, queries=given.queries)
    print(json.dumps(build(measured, given.work) if given.part == "build" else ask(measured, given.work)))


if __name__ == "__main__":
    main()
