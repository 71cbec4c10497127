"""Measures how a server answers under load over HTTP: questions a second, and how long each waits.

    python -m benchmarks.speed.throughput QUESTIONS.jsonl [--index INDEX] [--rate N …] [--seconds S]

QUESTIONS has lines with a "text". Starts ``askdoc serve`` on the loopback. Asks at each rate for some seconds at random
moments, as people do, whether earlier questions are answered or not (open loop); then with a few connections that each
ask again as soon as they are answered (closed loop). The load generator takes a part of the same cores, so the figures
are on the low side.
"""

import argparse
import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.speed import machine, percentiles, server

MOST_CONNECTIONS = 100
MOST_REQUESTS = 20_000
"""Of one measurement."""
CLOSED_LOOPS = (1, 8, 16, 32)
"""Numbers of connections that each ask again as soon as they are answered."""


class LoadGenerator:
    """Asks over connections that are kept alive, and keeps what came back."""

    def __init__(self, port: int, bodies: Sequence[bytes]) -> None:
        self._port = port
        self._bodies = bodies
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._slots = asyncio.Semaphore(MOST_CONNECTIONS)
        self.responses: list[tuple[int, float]] = []
        """Status and seconds of each request, in the order of the responses."""

    async def ask(self, number: int, began: float) -> None:
        """Send a request, and wait for its response. Its time counts from ``began``, so waiting to connect counts."""
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
        self.responses.append((int(head.split()[1]), time.perf_counter() - began))

    def close(self) -> None:
        """Close the connections."""
        for _, writer in self._free:
            writer.close()


async def open_loop(load: LoadGenerator, rate: float, seconds: float) -> float:
    """Ask at random moments, ``rate`` a second (a Poisson process); the seconds until all were answered."""
    draw = random.Random(0)
    began = moment = time.perf_counter()
    tasks: list[asyncio.Task[None]] = []
    while moment < began + seconds and len(tasks) < MOST_REQUESTS:
        moment += draw.expovariate(rate)
        await asyncio.sleep(max(0.0, moment - time.perf_counter()))
        tasks.append(asyncio.create_task(load.ask(len(tasks), moment)))
    await asyncio.gather(*tasks)
    return time.perf_counter() - began


async def closed_loop(load: LoadGenerator, connections: int, seconds: float) -> float:
    """Let each connection ask again as soon as it is answered; the seconds until all were answered."""
    began = time.perf_counter()

    async def connection(first: int) -> None:
        number = first
        while time.perf_counter() < began + seconds and number < MOST_REQUESTS:
            await load.ask(number, time.perf_counter())
            number += connections

    await asyncio.gather(*(connection(first) for first in range(connections)))
    return time.perf_counter() - began


def summary(responses: Sequence[tuple[int, float]], took: float) -> dict[str, Any]:
    """Summarise statuses and seconds: answers a second, the latency of those answered, and how many of each status."""
    answered = [seconds for status, seconds in responses if status == 200]
    return {
        "answered_per_s": round(len(answered) / took, 1),
        **percentiles.summary(answered, percents=(50, 95, 99), digits=1),
        "status": dict(Counter(status for status, _ in responses)),
    }


async def measured(
    running: server.Server,
    bodies: Sequence[bytes],
    ask: Callable[[LoadGenerator], Awaitable[float]],
    **named: float,
) -> None:
    """Ask in one way; print ``named``, a summary of the responses, and the server's processor time for each."""
    load = LoadGenerator(running.port, bodies)
    before = machine.processor_time(running.process)
    took = await ask(load)
    used_ms = 1e3 * (machine.processor_time(running.process) - before)
    answered = sum(status == 200 for status, _ in load.responses)
    cost = {"processor_ms_each": round(used_ms / max(1, answered), 2)}
    print(json.dumps(named | summary(load.responses, took) | cost), flush=True)
    load.close()


async def run(index: Path, questions: Sequence[str], rates: Sequence[float], seconds: float) -> None:
    """Measure a server over an index at every rate, then with every number of connections, and what memory it holds."""
    bodies = [json.dumps({"question": question}).encode() for question in questions]
    with server.serving(index) as running:
        warm = LoadGenerator(running.port, bodies)
        await closed_loop(warm, 2, 2)
        warm.close()
        for rate in rates:
            await measured(running, bodies, partial(open_loop, rate=rate, seconds=seconds), rate=rate)
        for count in CLOSED_LOOPS:
            ask = partial(closed_loop, connections=count, seconds=seconds)
            await measured(running, bodies, ask, connections=count)
        memory = machine.memory(running.process)
        print(json.dumps({"own_mb": memory.own, "mapped_mb": memory.mapped}))


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
