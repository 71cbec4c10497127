"""askdoc and other systems on the same documents and questions, one after the other in one run.

    python -m benchmarks.speed.compare [--set FOLDER …] [--quick | --full] [--peers NAME …] [--rounds N]

Writes ``benchmarks/results.md`` and a plot for each set beside it. FOLDER is a set as
``benchmarks.speed.retrieval_set`` describes it (``benchmarks.speed.query_sets`` makes two); without one, the
demonstration pages are the set, which shows that it runs and little more.

The safety gate's figures follow. The other systems get an environment of their own in
``benchmarks/cache/peers``. Ratios are what counts: every round asks askdoc once and every peer once, and a ratio is the
median over the rounds.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks.speed import machine, plot, retrieval_set
from benchmarks.speed.peers import PACKAGES, SYSTEMS

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "benchmarks"
CACHE = HERE / "cache"
PEERS = CACHE / "peers"
TORCH = "torch==2.13.0"
QUICK = ("faiss-flat",)
COLUMNS = {
    "start_s": "start s", "answers_per_s": "build, answers/s", "answers_per_processor_s": "a processor-s",
    "p50_ms": "question p50 ms", "p95_ms": "p95 ms",
    "processor_ms": "processor ms", "memory_mb": "memory MB", "ndcg10": "nDCG@10",
}  # fmt: skip
Figures = dict[str, Any]


def environment() -> Path:
    """The Python of the peers' own environment, made where it is missing."""
    python = PEERS / "bin" / "python"
    if not (PEERS / "installed").exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
        for packages in ([TORCH], PACKAGES):  # torch first: left to the others, pip may choose a build with CUDA
            subprocess.run([str(python), "-m", "pip", "install", "--quiet", *packages], check=True)
        (PEERS / "installed").touch()
    return python


def demonstration(folder: Path) -> Path:
    """The project's own pages as a set: each question should find its own answers."""
    from askdoc.corpus import loader

    pages = loader.read(ROOT / "corpus").questions
    documents = {answer.id: ("", answer.body) for page in pages for answer in page.answers}
    queries = [
        retrieval_set.Query(page.id, page.title, frozenset(answer.id for answer in page.answers)) for page in pages
    ]
    retrieval_set.save(retrieval_set.RetrievalSet(documents, queries), folder)
    return folder


def said(command: Sequence[str]) -> Figures:
    """The line of JSON that a process of its own ends with."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ})
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(folder: Path, peers: Sequence[str], *, rounds: int, queries: int) -> dict[str, list[Figures]]:
    """Every system's figures in each round."""
    python, work = environment() if peers else Path(sys.executable), CACHE / "work"
    limit = ["--queries", str(queries)]
    found: dict[str, list[Figures]] = {name: [] for name in ("askdoc", *peers)}
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}: askdoc", flush=True)
        built = said([sys.executable, "-m", "benchmarks.speed.askdoc_system", "build", str(folder), str(work)])
        asked = said([sys.executable, "-m", "benchmarks.speed.askdoc_system", "ask", str(folder), str(work), *limit])
        found["askdoc"].append(built | asked)
        for peer in peers:
            print(f"round {number + 1} of {rounds}: {peer}", flush=True)
            found[peer].append(said([str(python), "-m", "benchmarks.speed.peers", peer, str(folder), *limit]))
    return found


def medians(rounds: Sequence[Figures]) -> Figures:
    """The median of each figure over the rounds."""
    return {name: statistics.median(one[name] for one in rounds) for name in COLUMNS if name in rounds[0]}


def ratio(found: dict[str, list[Figures]], peer: str, name: str) -> float:
    """How many times askdoc has what the peer has, as the median of the rounds' own ratios."""
    pairs = zip(found["askdoc"], found[peer], strict=True)
    return float(statistics.median(ours[name] / max(theirs[name], 1e-9) for ours, theirs in pairs))


def heading() -> list[str]:
    """What the page begins with."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("askdoc", "onnxruntime", "faiss-cpu", "numpy"))
    return [
        "# Figures", "",
        "Made by `make bench`; the machine decides the figures, so compare the ratios.", "",
        f"{machine.described()}; {versions}; peers with {TORCH}.", "",
    ]  # fmt: skip


def section(found: dict[str, list[Figures]], folder: Path, count: tuple[int, int]) -> list[str]:
    """The figures of one set."""
    ours = found["askdoc"][-1]
    lines = [
        f"## Set: {folder.name}", "",
        f"{count[0]:,} answers, {count[1]:,} questions of {ours['tokens']:.0f} tokens in the median; "
        f"rounds: {len(found['askdoc'])}. The limit: the model's multiply-adds for such a question take "
        f"{ours['limit_ms']} ms at the measured rate of single-precision products, one core; products of packed "
        "matrices may go below it.", "",
        "| system | " + " | ".join(COLUMNS.values()) + " |", "|---|" + "--:|" * len(COLUMNS),
    ]  # fmt: skip
    for name, rounds in found.items():
        values = medians(rounds)
        lines.append(f"| {name} | " + " | ".join(f"{values[column]:,.4g}" for column in COLUMNS) + " |")
    lines += ["", "askdoc's figure over the other's, median of the rounds:", ""]
    lines += ["| against | " + " | ".join(COLUMNS.values()) + " |", "|---|" + "--:|" * len(COLUMNS)]
    for peer in list(found)[1:]:
        lines.append(f"| {peer} | " + " | ".join(f"{ratio(found, peer, column):.2f}" for column in COLUMNS) + " |")
    return [*lines, "", f"![Time of a question](results-{folder.name}.svg)", ""]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", type=Path, dest="folders", action="append")
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument("--quick", action="store_true", help="one round, one peer, 100 questions")
    extent.add_argument("--full", action="store_true", help="five rounds, every peer, every question")
    parser.add_argument("--peers", nargs="*", choices=SYSTEMS)
    parser.add_argument("--rounds", type=int)
    given = parser.parse_args()
    peers = given.peers if given.peers is not None else QUICK if given.quick else tuple(SYSTEMS)
    rounds = given.rounds or (1 if given.quick else 5 if given.full else 3)
    queries = 100 if given.quick else 10_000 if given.full else 300
    lines = heading()
    for folder in given.folders or [demonstration(CACHE / "demonstration")]:
        found = measure(folder, peers, rounds=rounds, queries=queries)
        read = retrieval_set.load(folder, queries=queries)
        lines += section(found, folder, (len(read.documents), len(read.queries)))
        times = {name: medians(one)["p50_ms"] for name, one in found.items()}
        drawn = plot.bars("Time of a question, median, ms (less is better)", times)
        (HERE / f"results-{folder.name}.svg").write_text(drawn, encoding="utf-8")
        (HERE / "results.md").write_text("\n".join(lines), encoding="utf-8")
    print((HERE / "results.md").read_text(encoding="utf-8"))
    subprocess.run([sys.executable, "-m", "benchmarks.relevance.safety"], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
