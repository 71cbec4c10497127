"""A real server over an index of the tiny model: ``python -m tests.reliability.tiny_server INDEX``, on a free port."""

import sys
from functools import partial
from pathlib import Path

from askdoc.evaluation.known_items import trial
from askdoc.index import generation
from askdoc.index.folder import IndexFolder
from askdoc.live import Live, ServedGeneration
from askdoc.server import run
from askdoc.server.app import create_app
from tests import making, tiny


def open_at(path: Path, before: ServedGeneration | None) -> ServedGeneration:
    """Open a generation of the tiny model, tried out."""
    opened = generation.open_at(
        path, model="tiny", load=lambda _: tiny.TinyEmbedder(), before=before.generation if before else None
    )
    responder = making.responder(opened)
    trial(opened, responder)
    return ServedGeneration(path.name, opened, responder)


if __name__ == "__main__":
    live = Live(IndexFolder(Path(sys.argv[1])), open_at)
    run.serve(live, host="127.0.0.1", port=0, app=create_app(live), announce=partial(print, flush=True))
