"""Compares askdoc with other systems on the same documents and questions, one after the other in one run.

    python -m benchmarks.speed.compare [--set FOLDER …] [--quick | --full] [--peers NAME …] [--rounds N]

Writes ``benchmarks/results.md``, which has a part for each kind of processor, and a plot for each set beside it. FOLDER
is a set as ``benchmarks.speed.retrieval_set`` describes it (``benchmarks.speed.query_sets`` makes two); without one,
the demonstration pages are the set, which shows that it runs and little more.

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
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from askdoc.embedder.processor import integer_kernel
from askdoc.evaluation.metrics import ndcg
from benchmarks.speed import machine, plot, retrieval_set
from benchmarks.speed.peers import PACKAGES, SYSTEMS
from benchmarks.speed.retrieval_set import JudgedQuery, RetrievalSet

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "benchmarks"
CACHE = HERE / "cache"
PEERS = CACHE / "peers"
TORCH = "torch==2.13.0"
QUICK = ("faiss-flat",)
"""The peers of a quick run."""
COLUMNS = {
    "start_s": "start s", "answers_per_s": "build, answers/s", "answers_per_processor_s": "a processor-s",
    "p50_ms": "question p50 ms", "p95_ms": "p95 ms",
    "processor_ms": "processor ms", "memory_mb": "memory MB", "ndcg10": "nDCG@10",
}  # fmt: skip
"""The figures of the table, and their columns' headings."""
TITLE = "# Figures\n\nMade by `make bench`; the machine decides the figures, so compare the ratios."
PART = "## Kind of processor: "
"""What the heading of the part on a kind of processor begins with."""
OVER_HTTP = {"http_p50_ms": "p50_ms", "http_p95_ms": "p95_ms"}
"""askdoc's figures over HTTP, and what of the others, which have no server, they are compared with."""
Figures = dict[str, Any]


def environment() -> Path:
    """Make the peers' own environment where it is missing; its Python."""
    python = PEERS / "bin" / "python"
    if not (PEERS / "installed").exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
        for packages in ([TORCH], PACKAGES):  # torch first: left to the others, pip may choose a build with CUDA
            subprocess.run([str(python), "-m", "pip", "install", "--quiet", *packages], check=True)
        (PEERS / "installed").touch()
    return python


def demonstration(folder: Path) -> Path:
    """Write the demonstration pages as a set: to each question its own answers are relevant."""
    from askdoc.corpus import loader

    pages = loader.read(ROOT / "corpus").questions
    documents = {answer.id: ("", answer.body) for page in pages for answer in page.answers}
    queries = [JudgedQuery(page.id, page.title, frozenset(answer.id for answer in page.answers)) for page in pages]
    retrieval_set.save(RetrievalSet(documents, queries), folder)
    return folder


def output_of(command: Sequence[str]) -> Figures:
    """Run a command; the line of JSON that its output ends with."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ})
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def judged(figures: Figures, queries: Sequence[JudgedQuery]) -> Figures:
    """The figures with nDCG@10 in place of the rankings, as a mean over the queries that have a relevant document."""
    rankings = figures.pop("rankings")
    gains = [
        ndcg([float(document in query.relevant) for document in ranking], [1.0] * len(query.relevant))
        for query, ranking in zip(queries, rankings, strict=True)
        if query.relevant
    ]
    return {**figures, "ndcg10": round(statistics.fmean(gains), 4)}


def measure(folder: Path, peers: Sequence[str], *, rounds: int, queries: int) -> dict[str, list[Figures]]:
    """Measure every system in every round: the rounds' figures by system."""
    python, work = environment() if peers else Path(sys.executable), CACHE / "work"
    limit = ["--queries", str(queries)]
    asked = retrieval_set.load(folder, queries=queries).queries
    figures: dict[str, list[Figures]] = {name: [] for name in ("askdoc", *peers)}
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}: askdoc", flush=True)
        askdoc = [sys.executable, "-m", "benchmarks.speed.askdoc_system"]
        built = output_of([*askdoc, "build", str(folder), str(work)])
        figures["askdoc"].append(built | judged(output_of([*askdoc, "ask", str(folder), str(work), *limit]), asked))
        for peer in peers:
            print(f"round {number + 1} of {rounds}: {peer}", flush=True)
            command = [str(python), "-m", "benchmarks.speed.peers", peer, str(folder), *limit]
            figures[peer].append(judged(output_of(command), asked))
    return figures


def medians(rounds: Sequence[Figures]) -> Figures:
    """The median of each figure over the rounds."""
    return {name: statistics.median(figures[name] for figures in rounds) for name in COLUMNS if name in rounds[0]}


def ratio(figures: Mapping[str, Sequence[Figures]], peer: str, name: str) -> float:
    """askdoc's figure over the peer's, as the median of the rounds' own ratios."""
    pairs = zip(figures["askdoc"], figures[peer], strict=True)
    of_peer = OVER_HTTP.get(name, name)
    return float(statistics.median(ours[name] / max(theirs[of_peer], 1e-9) for ours, theirs in pairs))


def http_line(figures: Mapping[str, Sequence[Figures]]) -> str:
    """The sentence on askdoc over HTTP beside the others in process."""
    p50, p95 = (statistics.median(own[name] for own in figures["askdoc"]) for name in OVER_HTTP)
    beside = ("; ".join(f"{peer} {ratio(figures, peer, name):.2f}" for peer in list(figures)[1:]) for name in OVER_HTTP)
    return (
        f"askdoc **over HTTP**, on one connection that is kept: p50 {p50:,.4g} ms, p95 {p95:,.4g} ms; over the others' "
        f"in process: p50 {next(beside)}; p95 {next(beside)}."
    )


def heading() -> list[str]:
    """The first lines of a part: what was measured, on what machine."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("askdoc", "onnxruntime", "faiss-cpu", "numpy"))
    return [f"{PART}{integer_kernel()}", "", f"{machine.described()}; {versions}; peers with {TORCH}.", ""]


def write_part(part: str, page: Path) -> None:
    """Write what was measured on this kind of processor in place of the page's part on this kind, if it has one."""
    before = page.read_text(encoding="utf-8").split(f"\n{PART}")[1:] if page.exists() else []
    others = [f"{PART}{other.strip()}" for other in before if other.split("\n", 1)[0] != integer_kernel()]
    page.write_text("\n\n".join([TITLE, *others, part.strip()]) + "\n", encoding="utf-8")


def section(figures: Mapping[str, Sequence[Figures]], name: str, measured: RetrievalSet) -> list[str]:
    """The page's lines on one set."""
    ours = figures["askdoc"][-1]
    lines = [
        f"### Set: {name}", "",
        f"{len(measured.documents):,} answers, {len(measured.queries):,} questions of {ours['tokens']:.0f} tokens in "
        f"the median; rounds: {len(figures['askdoc'])}. The limit: the model's multiply-adds for such a question take "
        f"{ours['limit_ms']} ms at the measured rate of single-precision products, one core; products of packed "
        "matrices may go below it.", "",
        "| system | " + " | ".join(COLUMNS.values()) + " |", "|---|" + "--:|" * len(COLUMNS),
    ]  # fmt: skip
    for system, rounds in figures.items():
        values = medians(rounds)
        lines.append(f"| {system} | " + " | ".join(f"{values[column]:,.4g}" for column in COLUMNS) + " |")
    lines += ["", "askdoc's figure over the other's, median of the rounds:", ""]
    lines += ["| against | " + " | ".join(COLUMNS.values()) + " |", "|---|" + "--:|" * len(COLUMNS)]
    for peer in list(figures)[1:]:
        lines.append(f"| {peer} | " + " | ".join(f"{ratio(figures, peer, column):.2f}" for column in COLUMNS) + " |")
    return [*lines, "", http_line(figures), "", f"![Time of a question](results-{name}.svg)", ""]


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
        figures = measure(folder, peers, rounds=rounds, queries=queries)
        lines += section(figures, folder.name, retrieval_set.load(folder, queries=queries))
        times = {name: medians(own)["p50_ms"] for name, own in figures.items()}
        drawn = plot.bars("Time of a question, median, ms (less is better)", times)
        (HERE / f"results-{folder.name}.svg").write_text(drawn, encoding="utf-8")
        write_part("\n".join(lines), HERE / "results.md")
    print((HERE / "results.md").read_text(encoding="utf-8"))
    subprocess.run([sys.executable, "-m", "benchmarks.relevance.safety"], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
