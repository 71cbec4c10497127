"""Changes the index under a server at work, and looks at every reply: none may fail, none may mix two indexes.

    python -m tests.reliability.hot_swap [--swaps N] [--requests N] [--rate N] [--model]

A real server in a process of its own is asked at a steady rate, open loop: a late reply does not hold back the next
request, and its lateness counts. ``--model`` uses the real model, else the tiny one. Two generations take turns.
"""

import argparse
import functools
import http.client
import json
import queue
import sys
import tempfile
import threading
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from askdoc import bootstrap
from askdoc.index import checked
from askdoc.index.folder import IndexFolder
from askdoc.settings import Settings
from benchmarks.speed import percentiles, server
from benchmarks.speed.server import Server
from tests import making
from tests.waiting import LONG_S, until

ROWS = 200
CLIENTS = 16
IDLE_S = 0.5
"""A line that was quiet for so long is opened anew: the server closes its end after five seconds."""


class Silent:
    """Hears the progress of a build and says nothing."""

    def step(self, name: str) -> None:
        pass

    def advanced(self, unit: str, done: int, of: int, *, work: int, of_work: int) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: when it was due and when answered, in seconds; what came back, or what went wrong."""

    due: float
    done: float
    reply: dict[str, Any] | None
    wrong: str = ""


def write_corpus(place: Path, wording: str) -> Path:
    """Pages whose every answer names the generation it is in."""
    place.mkdir()
    bodies = [f"{wording}: remedy {n} is safe." for n in range(ROWS)]
    rows = [
        {"id": f"q{n}", "title": f"Is remedy number {n} safe?", "answers": [{"body": body}]}
        for n, body in enumerate(bodies)
    ]
    (place / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return place


def prepare(place: Path, *, model: bool) -> list[str]:
    """Two generations in ``place/index``: their names."""
    for wording in ("first", "second"):
        corpus = write_corpus(place / wording, wording)
        if model:
            bootstrap.build_index(Settings(corpus=corpus, index=place / "index"), progress=Silent())
        else:
            making.make_whole(corpus, place / "index")
    return sorted(IndexFolder(place / "index").generations())


def serving(index: Path, *, model: bool) -> AbstractContextManager[Server]:
    """A server in a process of its own, ready: with the real model, or with the tiny one."""
    return server.serving(index) if model else server.running("tests.reliability.tiny_server", str(index))


def ready(port: int) -> str | None:
    """The index that is served, or None while there is none."""
    try:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG_S)
        line.request("GET", "/readyz")
        found = json.loads(line.getresponse().read())
    except OSError:
        return None
    return str(found["index_id"]) if found["ready"] else None


def load(port: int, count: int, rate: float) -> list[Asked]:
    """Ask ``count`` questions, ``rate`` a second."""
    due: queue.SimpleQueue[tuple[float, str] | None] = queue.SimpleQueue()
    found: list[Asked] = []

    def client() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG_S)
        used = time.monotonic()
        while entry := due.get():
            if time.monotonic() - used > IDLE_S:
                line.close()
            found.append(_asked(line, *entry))
            used = time.monotonic()

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in clients:
        thread.start()
    began = time.monotonic()
    for number in range(count):
        at = began + number / rate
        time.sleep(max(0.0, at - time.monotonic()))
        due.put((at, f"Is remedy number {number % ROWS} safe?"))
    for _ in clients:
        due.put(None)
    for thread in clients:
        thread.join()
    return found


def _asked(line: http.client.HTTPConnection, due: float, question: str) -> Asked:
    try:
        body = json.dumps({"question": question})
        line.request("POST", "/v1/ask", body, {"Content-Type": "application/json"})
        response = line.getresponse()
        reply = json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        line.close()
        return Asked(due, time.monotonic(), None, type(error).__name__)
    if response.status != 200:
        return Asked(due, time.monotonic(), None, f"status {response.status}")
    return Asked(due, time.monotonic(), reply)


def run(swaps: int, requests: int, rate: float, *, model: bool) -> dict[str, Any]:
    """Change the index ``swaps`` times while ``requests`` are asked."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        names = prepare(place, model=model)
        wordings = {_id(place, generation): word for generation, word in zip(names, ("first", "second"), strict=True)}
        with serving(place / "index", model=model) as running:
            port = running.port
            load(port, 100, rate)  # warm
            windows: list[tuple[float, float]] = []
            swapping = threading.Thread(
                target=_swap, args=(place, names, port, swaps, requests / rate, windows), daemon=True
            )
            swapping.start()
            found = load(port, requests, rate)
            swapping.join()
    return {"swaps": len(windows), **_judged(found, windows, wordings)}


def _id(place: Path, generation: str) -> str:
    return checked.read_manifest(place / "index" / generation).index_id


def _swap(
    place: Path, names: list[str], port: int, swaps: int, seconds: float, windows: list[tuple[float, float]]
) -> None:
    """Point CURRENT at the other generation, again and again; each window ends when the server has taken it."""
    began = time.monotonic()
    for number in range(swaps):
        time.sleep(max(0.0, began + (number + 0.5) * seconds / swaps - time.monotonic()))
        target = names[number % 2]
        if _id(place, target) == ready(port):
            target = names[(number + 1) % 2]
        pointed = time.monotonic()
        making.point(place / "index", target)
        until(functools.partial(_serves, port, _id(place, target)))
        windows.append((pointed, time.monotonic()))


def _serves(port: int, index_id: str) -> bool:
    return ready(port) == index_id


def _judged(found: list[Asked], windows: list[tuple[float, float]], wordings: dict[str, str]) -> dict[str, Any]:
    def during(one: Asked) -> bool:
        return any(one.done >= start and one.due <= end for start, end in windows)

    quiet = [1000 * (one.done - one.due) for one in found if not during(one)]
    swap = [1000 * (one.done - one.due) for one in found if during(one)]
    return {
        "requests": len(found),
        "failed": sum(one.reply is None for one in found),
        "why": sorted({one.wrong for one in found if one.wrong}),
        "mixed": sum(one.reply is not None and _mixed(one.reply, wordings) for one in found),
        "longest swap s": round(max(b - a for a, b in windows), 2),
        "quiet": len(quiet),
        "during": len(swap),
        "p50 quiet ms": _percentile(quiet, 50),
        "p99 quiet ms": _percentile(quiet, 99),
        "p99 during ms": _percentile(swap, 99),
    }


def _percentile(times: list[float], percent: int) -> float | None:
    """None where there are too few: on a loaded machine one change may take as long as all requests."""
    return round(percentiles.percentile(times, percent), 1) if len(times) > 1 else None


def _mixed(reply: dict[str, Any], wordings: dict[str, str]) -> bool:
    """Whether a reply names one generation and quotes another, or nothing."""
    word = wordings.get(reply["index_id"])
    texts = [answer["passage"] for answer in reply["answers"]]
    return not texts or not all(text.startswith(f"{word}:") for text in texts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--swaps", type=int, default=20)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=40.0)
    parser.add_argument("--model", action="store_true", help="the real model in place of the tiny one")
    given = parser.parse_args()
    found = run(given.swaps, given.requests, given.rate, model=given.model)
    print(json.dumps(found))
    sys.exit(bool(found["failed"] or found["mixed"]))


if __name__ == "__main__":
    main()
