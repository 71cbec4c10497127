"""A real server over an index of the tiny model: ``python -m tests.reliability.tiny_server INDEX [WORKERS]``.

On a free port.
"""

import socket
import sys
from functools import partial
from pathlib import Path

from fastapi import FastAPI

from askdoc.evaluation.known_items import trial
from askdoc.index import generation
from askdoc.index.folder import IndexFolder
from askdoc.live import Live, ServedGeneration
from askdoc.server import run, supervisor, worker
from askdoc.server.app import create_app
from askdoc.server.supervisor import Line
from tests import making, tiny


def open_at(path: Path, before: ServedGeneration | None) -> ServedGeneration:
    """Open a generation of the tiny model, tried out."""
    opened = generation.open_at(
        path, model="tiny", load=lambda _: tiny.TinyEmbedder(), before=before.generation if before else None
    )
    responder = making.responder(opened)
    trial(opened, responder)
    return ServedGeneration(path.name, opened, responder)


def application(index: Path) -> tuple[Live, FastAPI]:
    """What is served, and what answers with it."""
    live = Live(IndexFolder(index), open_at)
    return live, create_app(live)


def work(index: Path, bound: socket.socket, line: Line) -> None:
    """Serve in one of several processes."""
    worker.work(partial(application, index), bound, line)


def main() -> None:
    index, workers = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    announce = partial(print, flush=True)
    if workers > 1:
        supervisor.serve(partial(work, index), host="127.0.0.1", port=0, workers=workers, announce=announce)
    else:
        live, app = application(index)
        run.serve(live, host="127.0.0.1", port=0, app=app, announce=announce)


if __name__ == "__main__":
    main()
