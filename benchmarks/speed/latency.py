"""Measures how long one question takes, in process or over HTTP, on indexes of several sizes in one run.

    python -m benchmarks.speed.latency QUESTIONS.jsonl INDEX [INDEX …] [--rounds N] [--serve]

QUESTIONS has lines with a "text" (``benchmarks.speed.query_sets`` makes some). Each round asks every question of every
index in turn, so that a busy machine is busy for all of them. ``--serve`` asks once more over HTTP, on a connection
that is kept alive.
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
from benchmarks.speed import percentiles, server
from benchmarks.speed.throughput import LoadGenerator

WARM_UP = 20
"""Questions that are asked before the clock runs."""


def in_process(responders: Sequence[Responder], texts: Sequence[str], rounds: int) -> list[dict[str, Any]]:
    """Time ``Responder.reply`` over each index; of each question's times in the rounds, the median counts."""
    for responder in responders:
        for text in texts[:WARM_UP]:
            responder.reply(text)
    took: list[list[list[float]]] = [[[] for _ in texts] for _ in responders]
    for _ in range(rounds):
        for responder, spent in zip(responders, took, strict=True):
            for text, times in zip(texts, spent, strict=True):
                began = time.perf_counter()
                responder.reply(text)
                times.append(time.perf_counter() - began)
    return [percentiles.summary([statistics.median(times) for times in spent]) for spent in took]


async def over_http(index: Path, texts: Sequence[str]) -> dict[str, Any]:
    """Time ``POST /v1/ask`` over one connection."""
    with server.serving(index) as running:
        load = LoadGenerator(running.port, [json.dumps({"question": text}).encode() for text in texts])
        for number in range(WARM_UP + len(texts)):
            await load.ask(number, time.perf_counter())
        load.close()
        return percentiles.summary([seconds for status, seconds in load.responses[WARM_UP:] if status == 200])


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
    summaries = in_process([bootstrap.responder(generation) for generation in opened], texts, given.rounds)
    for index, generation, figures in zip(given.indexes, opened, summaries, strict=True):
        http = {"http": asyncio.run(over_http(index, texts))} if given.serve else {}
        counted = {"answers": generation.manifest.counts.answers, "questions": len(texts), "tokens": tokens}
        print(json.dumps({**counted, **figures, **http}), flush=True)


if __name__ == "__main__":
    main()
