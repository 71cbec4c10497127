"""Supervises several processes that serve on one socket: starts, restarts and stops them.

uvicorn has a supervisor, too. It lacks what an operator needs here: that the start fails with the worker's own
sentence, that one line says when all can answer, that a worker which cannot start any more leaves the others at work,
that workers end with their supervisor however it ends, and that a worker which is replaced loses no question.
"""

import contextlib
import logging
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from askdoc.errors import AskdocError
from askdoc.server import listening, logs

log = logging.getLogger("askdoc")
Line = Connection
"""Between the supervisor and a worker. Where either of them ends, however it ends, the other notices."""
Work = Callable[[socket.socket, Line], None]
"""What a worker does, on the socket. It runs in another process, so it must be picklable."""
READY = "ready"
"""What a worker says when it accepts connections."""
RETIRE = "retire"
"""What a worker is told when another has taken its place. Where its line is closed, it stops at once."""
STEADY_S = 10.0
"""A worker that ends sooner after it was ready has failed, and the next start waits."""
FIRST_WAIT_S = 0.5
"""Seconds before the next start after one failure; each further failure doubles them."""
LONGEST_WAIT_S = 30.0
ENDING_S = 5.0
"""Seconds that a worker may take to end after it has closed its line."""
STOP_S = 30.0
"""Seconds that the workers may take in the end to answer what they have accepted."""
_PROCESSES = multiprocessing.get_context("spawn")
"""Each a program of its own: a copy of one that has threads is not sound, and keeps the old code in an update."""


def serve(work: Work, *, host: str, port: int, workers: int, announce: Callable[[str], None]) -> None:
    """Serve with several processes until SIGTERM or Ctrl-C; SIGHUP replaces them one by one.

    ``announce`` gets a sentence with the address once all of them can be asked. Raises UsageError where the address
    cannot be used, and what keeps a first worker from serving.
    """
    logs.start()
    with listening.bound_socket(host, port) as bound:
        address = listening.url(bound)

        def on_ready(processes: list[int]) -> None:
            memory = _memory([os.getpid(), *processes])
            announce(f"askdoc is at {address}  (Ctrl-C stops it; {workers} workers{memory})")

        supervisor = Supervisor(work, bound, workers, on_ready=on_ready)
        with contextlib.suppress(KeyboardInterrupt):
            supervisor.run()


@dataclass(eq=False)
class Worker:
    """A worker process, as its supervisor knows it."""

    process: SpawnProcess
    line: Line
    round: int
    """How often the workers had to be replaced before it was started."""
    ready_at: float | None = None
    retiring: bool = False
    problem: AskdocError | None = None
    """Why it cannot serve, as it said itself."""


class Supervisor:
    """Keeps a number of workers at work."""

    def __init__(self, work: Work, bound: socket.socket, count: int, *, on_ready: Callable[[list[int]], None]) -> None:
        self._work = work
        self._bound = bound
        self._count = count
        self._on_ready = on_ready
        self._workers: list[Worker] = []
        self._round = 0
        self._was_ready = False
        self._failures = 0
        self._next_start = 0.0

    def run(self) -> None:
        """Work until SIGTERM or SIGINT, and let that take its course after the workers have ended.

        Raises AskdocError where a worker cannot serve before all have been ready once.
        """
        try:
            with _signals() as signals:
                stopping = self._work_until_stopped(signals)
        finally:
            self._stop()
        signal.raise_signal(stopping)

    def _work_until_stopped(self, signals: Line) -> int:
        """Start, replace and retire workers; the number of the signal that says to stop."""
        while True:
            self._start_and_retire()
            lines = {worker.line: worker for worker in self._workers}
            due = self._next_start - time.monotonic()
            heard = wait([signals, *lines], timeout=due if due > 0 else None)
            if signals in heard:
                number: int = signals.recv()
                if number in (signal.SIGTERM, signal.SIGINT):
                    return number
                self._round += 1
            else:
                for line in heard:
                    self._hear(lines[line])  # type: ignore[index]

    def _start_and_retire(self) -> None:
        """Start a worker where one lacks or must be replaced; retire the oldest where there is one too many."""
        at_work = [worker for worker in self._workers if not worker.retiring]
        ready = [worker for worker in at_work if worker.ready_at is not None]
        if len(ready) >= self._count and not self._was_ready:
            self._was_ready = True
            self._on_ready([worker.process.pid or 0 for worker in ready])
        for worker in sorted(ready, key=lambda worker: worker.round)[: max(0, len(ready) - self._count)]:
            self._retire(worker)
            at_work.remove(worker)
        if time.monotonic() >= self._next_start:
            outdated = any(worker.round < self._round for worker in at_work)
            for _ in range(self._count + outdated - len(at_work)):
                self._workers.append(self._started())

    def _started(self) -> Worker:
        ours, theirs = _PROCESSES.Pipe()
        process = _PROCESSES.Process(target=self._work, args=(self._bound, theirs), daemon=True)
        ours_alone = {signal.SIGINT, signal.SIGHUP}  # a terminal sends them to the workers as well
        resource_tracker.ensure_running()  # it unblocks SIGINT when it starts
        signal.pthread_sigmask(signal.SIG_BLOCK, ours_alone)
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ours_alone)
        theirs.close()
        return Worker(process, ours, self._round)

    def _retire(self, worker: Worker) -> None:
        worker.retiring = True
        with contextlib.suppress(OSError):  # it has just ended, and its line says so next
            worker.line.send(RETIRE)

    def _hear(self, worker: Worker) -> None:
        """Take in what a worker says, or that it has ended."""
        try:
            said = worker.line.recv()
        except (EOFError, OSError):
            self._note_end(worker)
            return
        if said == READY:
            worker.ready_at = time.monotonic()
        else:
            worker.problem = said

    def _note_end(self, worker: Worker) -> None:
        """Have another worker started after one has ended. Raises AskdocError before all have been ready once."""
        self._workers.remove(worker)
        worker.line.close()
        worker.process.join(ENDING_S)
        worker.process.kill()
        worker.process.join()
        if worker.retiring:
            return
        why = worker.problem or f"Exit code {worker.process.exitcode}."
        if not self._was_ready:
            raise worker.problem or AskdocError(f"A worker has ended before it could serve. {why} Try --workers 1.")
        steady = worker.ready_at is not None and time.monotonic() - worker.ready_at >= STEADY_S
        self._failures = 0 if steady else self._failures + 1
        delay = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** (self._failures - 1)) if self._failures else 0.0
        self._next_start = time.monotonic() + delay
        log.error("Worker %s has ended. %s Another is started in %.1f s.", worker.process.pid, why, delay)

    def _stop(self) -> None:
        """Let the workers answer what they have accepted; end those that take too long."""
        self._bound.close()
        end = time.monotonic() + STOP_S
        try:
            for worker in self._workers:
                worker.line.close()
                if worker.ready_at is None:
                    worker.process.terminate()
            for worker in self._workers:
                worker.process.join(max(0.0, end - time.monotonic()))
        finally:  # Ctrl-C once more comes here
            for worker in self._workers:
                worker.process.kill()


@contextmanager
def _signals() -> Iterator[Line]:
    """A line over which the numbers of signals come that the supervisor is sent.

    In a terminal, SIGHUP says that the terminal was closed: there it ends the supervisor, and the workers notice.
    """
    reader, writer = _PROCESSES.Pipe(duplex=False)
    numbers = [signal.SIGTERM, signal.SIGINT]
    if not (sys.stdin and sys.stdin.isatty()):
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, lambda number, _: writer.send(number)) for number in numbers}
    try:
        with reader, writer:
            yield reader
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _memory(processes: list[int]) -> str:
    """What processes hold together, mapped files counted once, to stand in a sentence; empty where unknown."""
    try:
        shares = [proportional_kb(process) for process in processes]
    except OSError:
        return ""
    return f", {sum(shares) // 1024} MB of memory"


def proportional_kb(process: int) -> int:
    """The memory of a process, what it shares divided by those that share it (Linux). Raises OSError elsewhere."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
