"""Starts a server in a process of its own, as an operator does."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

STOP_S = 60
"""How long a server may take to stop."""


@dataclass(frozen=True)
class Server:
    """A server that is ready."""

    port: int
    """On 127.0.0.1."""
    process: int
    """The process id."""


@contextmanager
def running(module: str, *arguments: str) -> Iterator[Server]:
    """Run ``python -m MODULE …`` until the block ends; the block begins when the server has announced its address.

    Raises RuntimeError where it ends before that.
    """
    server = subprocess.Popen([sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        if "127.0.0.1:" not in line:
            raise RuntimeError(f"The server ended with {server.wait(STOP_S)} before it was ready.")
        yield Server(int(line.split("127.0.0.1:")[1].split()[0]), server.pid)
    finally:
        server.terminate()
        server.wait(STOP_S)


@contextmanager
def serving(index: Path, *, workers: int = 1) -> Iterator[Server]:
    """Run ``askdoc serve`` over an index on a free port."""
    with running("askdoc", "serve", "--port", "0", "--index", str(index), "--workers", str(workers)) as server:
        yield server
