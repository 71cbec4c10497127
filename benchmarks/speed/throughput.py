"""How many questions a second a server answers over HTTP, and how long each waits.

    python -m benchmarks.speed.throughput QUESTIONS.jsonl [--index INDEX] [--rate N …] [--seconds S]

QUESTIONS has lines with a "text". Starts ``askdoc serve`` on the loopback and asks at each rate for some seconds,
at random moments as people do, whether earlier questions are answered or not; then as fast as it can with a few
connections. The asking takes a part of the same cores, so the figures are on the low side.
"""

import argparse
import asyncio
import json
import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.speed import machine

MOST_CONNECTIONS = 100
MOST_REQUESTS = 20_000
CLOSED = (1, 8, 16, 32)
"""Connections that each ask again as soon as they are answered."""


class Asking:
    """Connections kept alive, and what was heard over them: status and seconds of each request."""

    def __init__(self, port: int, bodies: Sequence[bytes]) -> None:
        self._port = port
        self._bodies = bodies
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._slots = asyncio.Semaphore(MOST_CONNECTIONS)
        self.heard: list[tuple[int, float]] = []

    async def ask(self, number: int, began: float) -> None:
        """One request. Its time counts from ``began``, also where it had to wait for a connection."""
        body = self._bodies[number % len(self._bodies)]
        async with self._slots:
            reader, writer = self._free.pop() if self._free else await asyncio.open_connection("127.0.0.1", self._port)
            writer.write(
                b"POST /v1/ask HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                b"content-length: %d\r\n\r\n%b" % (len(body), body)
            )
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
            self._free.append((reader, writer))
        self.heard.append((int(head.split()[1]), time.perf_counter() - began))

    def close(self) -> None:
        for _, writer in self._free:
            writer.close()


async def at_rate(asking: Asking, rate: float, seconds: float) -> float:
    """Ask at random moments, ``rate`` a second; how long it took until all were answered."""
    chance = random.Random(0)
    began = moment = time.perf_counter()
    tasks: list[asyncio.Task[None]] = []
    while moment < began + seconds and len(tasks) < MOST_REQUESTS:
        moment += chance.expovariate(rate)
        await asyncio.sleep(max(0.0, moment - time.perf_counter()))
        tasks.append(asyncio.create_task(asking.ask(len(tasks), moment)))
    await asyncio.gather(*tasks)
    return time.perf_counter() - began


async def closed(asking: Asking, connections: int, seconds: float) -> float:
    """Let each of some connections ask again as soon as it is answered."""
    began = time.perf_counter()

    async def one(first: int) -> None:
        number = first
        while time.perf_counter() < began + seconds and number < MOST_REQUESTS:
            await asking.ask(number, time.perf_counter())
            number += connections

    await asyncio.gather(*(one(first) for first in range(connections)))
    return time.perf_counter() - began


def summary(asking: Asking, took: float, **named: float) -> dict[str, Any]:
    """Answers a second, and the times of those answered."""
    good = sorted(1e3 * seconds for status, seconds in asking.heard if status == 200)
    at = {f"p{part}_ms": round(good[min(len(good) - 1, part * len(good) // 100)], 1) for part in (95, 99)}
    return {
        **named,
        "answered_per_s": round(len(good) / took, 1),
        "p50_ms": round(statistics.median(good), 1),
        **at,
        "status": dict(Counter(status for status, _ in asking.heard)),
    }


@asynccontextmanager
async def served(index: Path) -> AsyncIterator[tuple[int, int]]:
    """A server on a port of its own: the port and the process."""
    command = [sys.executable, "-m", "askdoc", "serve", "--port", "0", "--index", str(index)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        line = await asyncio.to_thread(server.stdout.readline)
        yield int(line.split("127.0.0.1:")[1].split()[0]), server.pid
    finally:
        server.terminate()
        server.wait(20)


async def measured(
    port: int, process: int, bodies: Sequence[bytes], ask: Callable[[Asking], Awaitable[float]], **named: float
) -> None:
    """Ask in one way, and print what was heard and what it cost the server."""
    asking = Asking(port, bodies)
    before = machine.processor_time(process)
    took = await ask(asking)
    cost = 1e3 * (machine.processor_time(process) - before) / max(1, sum(status == 200 for status, _ in asking.heard))
    print(json.dumps(summary(asking, took, **named) | {"processor_ms_each": round(cost, 2)}), flush=True)
    asking.close()


async def run(index: Path, questions: Sequence[str], rates: Sequence[float], seconds: float) -> None:
    bodies = [json.dumps({"question": question}).encode() for question in questions]
    async with served(index) as (port, process):
        warm = Asking(port, bodies)
        await closed(warm, 2, 2)
        warm.close()
        for rate in rates:
            await measured(port, process, bodies, partial(at_rate, rate=rate, seconds=seconds), rate=rate)
        for count in CLOSED:
            ask = partial(closed, connections=count, seconds=seconds)
            await measured(port, process, bodies, ask, connections=count)
        held = machine.memory(process)
        print(json.dumps({"own_mb": held.own, "mapped_mb": held.mapped}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--rate", type=float, nargs="*", default=[100.0, 200.0])
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args()
    lines = given.questions.read_text(encoding="utf-8").splitlines()
    asyncio.run(run(given.index, [json.loads(line)["text"] for line in lines], given.rate, given.seconds))


if __name__ == "__main__":
    main()
