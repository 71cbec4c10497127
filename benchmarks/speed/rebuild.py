"""Times what an operator waits for once an index is built: a rebuild with nothing new or one edit, and opening.

    python -m benchmarks.speed.rebuild CORPUS INDEX [--runs N]

Starts the real command in processes of its own, start included. One answer of CORPUS is edited in place and put back
afterwards, and INDEX follows: give copies. Opening is timed in a fresh process, once its libraries are loaded.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

OPENING = """
import sys, time
import faiss, onnxruntime, tokenizers
from askdoc import bootstrap
from askdoc.settings import Settings
from pathlib import Path
began = time.perf_counter()
bootstrap.open_generation(Settings(index=Path(sys.argv[1])))
print(time.perf_counter() - began)
"""


def index(corpus: Path, place: Path) -> tuple[float, dict[str, Any]]:
    """Run ``askdoc index``: its seconds, and its report."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "askdoc", "index", "--json", "--corpus", str(corpus), "--index", str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return time.perf_counter() - began, json.loads(done.stdout)


def opening(place: Path) -> float:
    """Time checking and opening an index, hashes included, in seconds."""
    done = subprocess.run([sys.executable, "-c", OPENING, str(place)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def edit(path: Path, number: int) -> None:
    """Put a word at the beginning of one answer in the middle of the file."""
    lines = path.read_text(encoding="utf-8").split("\n")
    row = json.loads(lines[len(lines) // 2])
    row["answers"][0]["body"] = f"Edition {number}. {row['answers'][0]['body']}"
    lines[len(lines) // 2] = json.dumps(row, ensure_ascii=False)
    path.write_text("\n".join(lines), encoding="utf-8")


def run(corpus: Path, place: Path, runs: int) -> dict[str, Any]:
    """Measure all, and put the corpus and its index back."""
    _, report = index(corpus, place)
    unchanged = [index(corpus, place) for _ in range(runs)]
    path = min(corpus.glob("*.jsonl"))
    original = path.read_bytes()
    edited = []
    try:
        for number in range(runs):
            edit(path, number)
            edited.append(index(corpus, place))
            path.write_bytes(original)
    finally:
        path.write_bytes(original)
        index(corpus, place)
    openings = [opening(place) for _ in range(runs)]
    return {
        "answers": report["answers"],
        "passages": report["passages"],
        "nothing new s": _summary([seconds for seconds, _ in unchanged]),
        "nothing written": not any(made["changed"] for _, made in unchanged),
        "one edited s": _summary([seconds for seconds, _ in edited]),
        "embedded": sorted({made["embedded"] for _, made in edited}),
        "opening s": _summary(openings),
    }


def _summary(seconds: list[float]) -> dict[str, float]:
    """Of a few runs, in seconds."""
    return {"median": round(statistics.median(seconds), 3), "least": round(min(seconds), 3)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("index", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    print(json.dumps(run(given.corpus, given.index, given.runs)))


if __name__ == "__main__":
    main()
