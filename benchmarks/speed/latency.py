"""How long one question takes in process, everything included, and over HTTP, on indexes of several sizes in one run.

    python -m benchmarks.speed.latency QUESTIONS.jsonl INDEX [INDEX …] [--rounds N] [--serve]

QUESTIONS has lines with a "text" (``benchmarks.speed.query_sets`` makes some). Each round asks every question of every
index in turn, so that a busy machine is busy for all of them. ``--serve`` asks once more, over a connection kept alive.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does, before numpy is loaded

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from askdoc import bootstrap
from askdoc.responder import Responder
from askdoc.settings import Settings
from benchmarks.speed.throughput import Asking, served

WARM = 20


def summary(seconds: Sequence[float]) -> dict[str, float]:
    """Middle, 95th of a hundred and least, in milliseconds."""
    found = sorted(1e3 * one for one in seconds)
    return {"p50_ms": round(statistics.median(found), 2), "p95_ms": round(found[int(0.95 * len(found))], 2)}


def in_process(responders: Sequence[Responder], texts: Sequence[str], rounds: int) -> list[dict[str, Any]]:
    """The times of ``Responder.reply`` over each index; of each question the middle one of the rounds."""
    for responder in responders:
        for text in texts[:WARM]:
            responder.reply(text)
    took: list[list[list[float]]] = [[[] for _ in texts] for _ in responders]
    for _ in range(rounds):
        for responder, spent in zip(responders, took, strict=True):
            for text, times in zip(texts, spent, strict=True):
                began = time.perf_counter()
                responder.reply(text)
                times.append(time.perf_counter() - began)
    return [summary([statistics.median(times) for times in spent]) for spent in took]


async def over_http(index: Path, texts: Sequence[str]) -> dict[str, Any]:
    """The times of ``POST /v1/ask`` over one connection."""
    async with served(index) as (port, _):
        asking = Asking(port, [json.dumps({"question": text}).encode() for text in texts])
        for number in range(WARM + len(texts)):
            await asking.ask(number, time.perf_counter())
        asking.close()
        return summary([seconds for status, seconds in asking.heard[WARM:] if status == 200])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("indexes", type=Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--serve", action="store_true")
    given = parser.parse_args()
    texts = [json.loads(line)["text"] for line in given.questions.read_text(encoding="utf-8").splitlines()]
    opened = [bootstrap.open_generation(Settings(index=index)) for index in given.indexes]
    tokens = statistics.median(opened[0].embedder.lengths(texts)) + 2
    found = in_process([bootstrap.responder(one) for one in opened], texts, given.rounds)
    for index, one, figures in zip(given.indexes, opened, found, strict=True):
        served_in = {"http": asyncio.run(over_http(index, texts))} if given.serve else {}
        counted = {"answers": one.manifest.counts.answers, "questions": len(texts), "tokens": tokens}
        print(json.dumps({**counted, **figures, **served_in}), flush=True)


if __name__ == "__main__":
    main()
