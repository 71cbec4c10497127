"""Measures how a server answers under load over HTTP: questions a second, and how long each waits.

    python -m benchmarks.speed.throughput QUESTIONS.jsonl [--index INDEX] [--workers N …] [--rate N …] [--rounds N]

QUESTIONS has lines with a "text". Starts ``askdoc serve`` on the loopback, once for each number of workers. Asks at
each rate for some seconds at random moments, as people do, whether earlier questions are answered or not (open loop);
then with a few connections that each ask again as soon as they are answered (closed loop). In each round every server
has its turn, so that a busy machine is busy for all of them; the times of all rounds count together.

The load generator runs on the same cores. ``generator_ms_each`` is the processor time that it takes of them for a
question, and ``others_cores`` how many cores other programs used meanwhile: above 0.1 or so the latencies are theirs,
too, and ``--quiet`` drops such a round.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.speed import machine, percentiles, server

MOST_CONNECTIONS = 100
MOST_REQUESTS = 20_000
"""Of one measurement."""
CLOSED_LOOPS = (1, 8, 16, 32)
"""Numbers of connections that each ask again as soon as they are answered."""
QUIET_CORES = 0.15
"""How much of a core other programs may use in a round that counts with ``--quiet``."""
LIMIT_MS = 60.0
"""The p99 that is aimed at."""
LOOK_S = 0.4
"""Seconds for which the machine is looked at before a round with ``--quiet``."""

Way = Callable[["LoadGenerator"], Awaitable[float]]
"""Asks in one way, and gives the seconds until all were answered."""


class _Connection(asyncio.Protocol):
    """One connection that is kept alive. Streams and an HTTP library would take twice as much of the cores."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._status: asyncio.Future[int] | None = None
        self.kept = True
        """Whether the server takes another request over it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def ask(self, body: bytes) -> "asyncio.Future[int]":
        """Send a request; the future has the status of its response. Raises ConnectionError."""
        self._status = asyncio.get_running_loop().create_future()
        self._transport.write(
            b"POST /v1/ask HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
            b"content-length: %d\r\n\r\n%b" % (len(body), body)
        )
        return self._status

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if found and len(body) >= int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]):
            self._received.clear()
            self.kept = b"\r\nconnection: close" not in head.lower()
            if self._status:
                self._status.set_result(int(head.split()[1]))

    def connection_lost(self, error: Exception | None) -> None:
        if self._status and not self._status.done():
            self._status.set_exception(error or ConnectionResetError("The server closed the connection."))

    @property
    def closed(self) -> bool:
        """Whether nothing can be asked over it any more, by whichever side closed it."""
        return self._transport.is_closing()

    def close(self) -> None:
        self._transport.close()


class LoadGenerator:
    """Asks over connections that are kept alive, and keeps what came back."""

    def __init__(self, port: int, bodies: Sequence[bytes]) -> None:
        self._port = port
        self._bodies = bodies
        self._free: list[_Connection] = []
        self._slots = asyncio.Semaphore(MOST_CONNECTIONS)
        self.responses: list[tuple[int, float]] = []
        """Status and seconds of each request, in the order of the responses."""

    async def ask(self, number: int, began: float) -> None:
        """Send a request, and wait for its response. Its time counts from ``began``, so waiting to connect counts."""
        async with self._slots:
            connection = self._kept() or await self._connected()
            status = await connection.ask(self._bodies[number % len(self._bodies)])
            if connection.kept:
                self._free.append(connection)
            else:
                connection.close()
        self.responses.append((status, time.perf_counter() - began))

    def _kept(self) -> _Connection | None:
        """A connection that is still open: a server closes those that were idle for some seconds."""
        while self._free:
            connection = self._free.pop()
            if not connection.closed:
                return connection
        return None

    async def _connected(self) -> _Connection:
        return (await asyncio.get_running_loop().create_connection(_Connection, "127.0.0.1", self._port))[1]

    def close(self) -> None:
        """Close the connections."""
        for connection in self._free:
            connection.close()


async def open_loop(load: LoadGenerator, *, rate: float, seconds: float, seed: int) -> float:
    """Ask at random moments, ``rate`` a second (a Poisson process); the seconds until all were answered."""
    draw = random.Random(seed)
    began = moment = time.perf_counter()
    tasks: list[asyncio.Task[None]] = []
    while moment < began + seconds and len(tasks) < MOST_REQUESTS:
        moment += draw.expovariate(rate)
        await asyncio.sleep(max(0.0, moment - time.perf_counter()))
        tasks.append(asyncio.create_task(load.ask(len(tasks), moment)))
    await asyncio.gather(*tasks)
    return time.perf_counter() - began


async def closed_loop(load: LoadGenerator, *, connections: int, seconds: float) -> float:
    """Let each connection ask again as soon as it is answered; the seconds until all were answered."""
    began = time.perf_counter()

    async def connection(first: int) -> None:
        number = first
        while time.perf_counter() < began + seconds and number < MOST_REQUESTS:
            await load.ask(number, time.perf_counter())
            number += connections

    await asyncio.gather(*(connection(first) for first in range(connections)))
    return time.perf_counter() - began


@dataclass
class Measurement:
    """What came of one way of asking one server, all rounds together."""

    responses: list[tuple[int, float]] = field(default_factory=list)
    took: float = 0.0
    server_s: float = 0.0
    """Processor time of the server."""
    generator_s: float = 0.0
    others_s: float = 0.0
    dropped: int = 0
    """Rounds that do not count, since the machine was not quiet."""

    def p99_ms(self) -> float:
        """The latency that one answer of a hundred takes longer than, in milliseconds."""
        return 1e3 * percentiles.percentile([seconds for status, seconds in self.responses if status == 200], 99)

    def document(self) -> dict[str, Any]:
        """Answers a second, the latency of those answered, how many of each status, and what a question costs."""
        answered = [seconds for status, seconds in self.responses if status == 200]
        each = 1e3 / max(1, len(answered))
        return {
            "answered_per_s": round(len(answered) / max(self.took, 1e-9), 1),
            **percentiles.summary(answered, percents=(50, 95, 99), digits=1),
            "status": dict(Counter(status for status, _ in self.responses)),
            "processor_ms_each": round(self.server_s * each, 2),
            "generator_ms_each": round(self.generator_s * each, 2),
            "others_cores": round(self.others_s / max(self.took, 1e-9), 2),
        } | ({"dropped": self.dropped} if self.dropped else {})


async def measure(running: server.Server, bodies: Sequence[bytes], ask: Way, into: Measurement, *, quiet: bool) -> None:
    """Ask in one way and add what came of it, unless ``quiet`` is demanded and other programs were at work."""
    load, processes = LoadGenerator(running.port, bodies), machine.family(running.process)
    before = machine.all_processor_time(), _used(processes), time.process_time()
    took = await ask(load)
    load.close()
    everyone, server_s, generator_s = (
        now - then
        for now, then in zip((machine.all_processor_time(), _used(processes), time.process_time()), before, strict=True)
    )
    others_s = max(0.0, everyone - server_s - generator_s)
    if quiet and others_s > QUIET_CORES * took:
        into.dropped += 1
        return
    into.responses += load.responses
    into.took += took
    into.server_s += server_s
    into.generator_s += generator_s
    into.others_s += others_s


def _used(processes: Sequence[int]) -> float:
    return sum(map(machine.processor_time, processes))


async def until_quiet() -> None:
    """Wait until other programs use less than ``QUIET_CORES``."""
    while True:
        before, began = machine.all_processor_time(), time.perf_counter()
        await asyncio.sleep(LOOK_S)
        if machine.all_processor_time() - before < QUIET_CORES * (time.perf_counter() - began):
            return


def rate_at(limit_ms: float, measured: Sequence[tuple[float, float]]) -> float | None:
    """The rate at which the latency crosses a limit, interpolated between the two rates around it.

    ``measured`` has rates and latencies. None where every rate is on one side of the limit.
    """
    rows = sorted(measured)
    for (rate, latency), (next_rate, next_latency) in itertools.pairwise(rows):
        if latency <= limit_ms < next_latency:
            return rate + (next_rate - rate) * (limit_ms - latency) / (next_latency - latency)
    return None


@dataclass(frozen=True)
class Plan:
    """What is asked of each server."""

    rates: Sequence[float]
    seconds: float
    rounds: int
    quiet: bool

    def ways(self, number: int) -> list[tuple[dict[str, float], Way]]:
        """Every way to ask in a round, with its name. Each round has moments of its own."""
        opened: list[tuple[dict[str, float], Way]] = [
            ({"rate": rate}, partial(open_loop, rate=rate, seconds=self.seconds, seed=number)) for rate in self.rates
        ]
        return opened + [
            ({"connections": count}, partial(closed_loop, connections=count, seconds=self.seconds))
            for count in CLOSED_LOOPS
        ]


async def run(index: Path, questions: Sequence[str], workers: Sequence[int], plan: Plan) -> list[dict[str, Any]]:
    """Measure servers over an index in every way; what memory each holds, and the rate at which p99 is 60 ms."""
    bodies = [json.dumps({"question": question}).encode() for question in questions]
    with contextlib.ExitStack() as servers:
        running = {count: servers.enter_context(server.serving(index, workers=count)) for count in workers}
        for one in running.values():
            warm = LoadGenerator(one.port, bodies)
            await closed_loop(warm, connections=8, seconds=2)
            warm.close()
        measured: dict[tuple[str, float, int], Measurement] = {}
        for number in range(plan.rounds):
            for name, way in plan.ways(number):
                for count, one in running.items():
                    if plan.quiet:
                        await until_quiet()
                    into = measured.setdefault((*next(iter(name.items())), count), Measurement())
                    await measure(one, bodies, way, into, quiet=plan.quiet)
        rows = [{name: value, "workers": count, **found.document()} for (name, value, count), found in measured.items()]
        return rows + [_of_server(count, one, measured) for count, one in running.items()]


def _of_server(count: int, one: server.Server, measured: dict[tuple[str, float, int], Measurement]) -> dict[str, Any]:
    rates = [(rate, found) for (name, rate, workers), found in measured.items() if (name, workers) == ("rate", count)]
    at_limit = rate_at(LIMIT_MS, [(rate, found.p99_ms()) for rate, found in rates if found.responses])
    processes = machine.family(one.process)
    memory = [machine.memory(process) for process in processes]
    return {
        "workers": count,
        "rate_at_p99_of_60_ms": at_limit and round(at_limit),
        "own_mb": [one.own for one in memory],
        "mapped_mb": [one.mapped for one in memory],
        "together_mb": sum(map(machine.proportional_mb, processes)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--workers", type=int, nargs="*", default=[1])
    parser.add_argument("--rate", type=float, nargs="*", default=[100.0, 200.0])
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--quiet", action="store_true", help="wait for other programs, drop rounds with them")
    given = parser.parse_args()
    lines = given.questions.read_text(encoding="utf-8").splitlines()
    plan = Plan(given.rate, given.seconds, given.rounds, given.quiet)
    print(machine.described())
    for row in asyncio.run(run(given.index, [json.loads(line)["text"] for line in lines], given.workers, plan)):
        print(json.dumps(row))


if __name__ == "__main__":
    main()
