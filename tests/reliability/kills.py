"""Kills real ``askdoc index`` processes at random moments, and looks whether an index is left that is old or new.

    python -m tests.reliability.kills [--kills N] [--seed N]

One kill in six hits a first build, into an empty folder; the others a rebuild after an edit, with new texts.
"""

import argparse
import json
import logging
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from askdoc import bootstrap
from askdoc.errors import AskdocError
from askdoc.index.folder import IndexFolder
from askdoc.settings import Settings

ROWS = 60


def write_corpus(place: Path, edition: int) -> None:
    """Pages that all change with the edition, so that a build has texts to embed."""
    place.mkdir(exist_ok=True)
    bodies = [f"Edition {edition}, remedy {n}. " * 8 for n in range(ROWS)]
    rows = [
        {"id": f"q{n}", "title": f"Is remedy number {n} safe?", "answers": [{"body": body}]}
        for n, body in enumerate(bodies)
    ]
    (place / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def start(place: Path) -> "subprocess.Popen[bytes]":
    """The real command, at work."""
    folders = ["--corpus", str(place / "corpus"), "--index", str(place / "index")]
    command = [sys.executable, "-m", "askdoc", "index", *folders]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def edition(place: Path) -> int | None:
    """The edition that the index answers from, None where there is no index yet; AskdocError where it is broken."""
    folder = IndexFolder(place / "index")
    if folder.current() is None and not folder.generations():
        return None
    opened = bootstrap.open_generation(Settings(corpus=place / "corpus", index=place / "index"))
    passage = bootstrap.responder(opened).reply("Is remedy number 7 safe?").answers[0].passage.text
    return int(passage.split()[1].rstrip(","))


def run(kills: int, seed: int = 0, every_first: int = 6) -> dict[str, float]:
    """Kill so many builds, one in ``every_first`` of them a first one.

    ``bad`` counts what was neither the old nor the new index, whole.
    """
    chosen = random.Random(seed)
    tally: dict[str, float] = {"kills": 0, "finished first": 0, "bad": 0, "old": 0, "new": 0, "none yet": 0}
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        write_corpus(place / "corpus", 0)
        began = time.monotonic()
        start(place).wait()
        longest = {True: time.monotonic() - began}
        last = edition(place)
        write_corpus(place / "corpus", 1)
        began = time.monotonic()
        start(place).wait()
        longest[False] = time.monotonic() - began
        last = edition(place)
        kept = place / "kept"
        number = 1
        while tally["kills"] < kills:
            number += 1
            first = bool(every_first) and number % every_first == 0
            if first:
                shutil.rmtree(kept, ignore_errors=True)
                (place / "index").rename(kept)
            write_corpus(place / "corpus", number)
            build = start(place)
            time.sleep(chosen.uniform(0, longest[first]))
            build.kill()
            tally["finished first"] += build.wait() == 0
            tally["kills"] += 1
            last = _judge(place, tally, None if first else last, number)
            if first:
                shutil.rmtree(place / "index", ignore_errors=True)
                kept.rename(place / "index")
                last = edition(place)
    return {**tally, "seconds of a first build": round(longest[True], 1), "of a rebuild": round(longest[False], 1)}


def _judge(place: Path, tally: dict[str, float], before: int | None, number: int) -> int | None:
    try:
        now = edition(place)
    except (AskdocError, OSError, LookupError, ValueError) as error:
        print(f"  kill {tally['kills']}: {error}", file=sys.stderr)
        tally["bad"] += 1
        return before
    if now not in {before, number}:
        print(f"  kill {tally['kills']}: {now}, expected {before} or {number}", file=sys.stderr)
        tally["bad"] += 1
    else:
        tally["new" if now == number else "none yet" if now is None else "old"] += 1
    return now


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=6, help="one kill in so many hits a first build; 0: none")
    given = parser.parse_args()
    logging.getLogger("askdoc").setLevel(logging.CRITICAL)
    tally = run(given.kills, given.seed, given.first)
    print(json.dumps(tally))
    sys.exit(tally["bad"] > 0)


if __name__ == "__main__":
    main()
