"""How many emergencies and crises the safety gate finds, how often it is wrong, and how long it takes.

``python -m benchmarks.relevance.safety [--json] [--no-model]``
"""

import argparse
import csv
import gzip
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from askdoc.embedder import locate
from askdoc.embedder.onnx_encoder import OnnxEncoder
from askdoc.embedder.sentence_transformer import SentenceTransformerEmbedder
from askdoc.errors import ModelError
from askdoc.models import Level
from askdoc.safety import Gate, examples
from askdoc.settings import DEFAULT_MODEL
from training import datasets

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests" / "safety" / "corpus"
READ = ("making", "studied")
"""Parts that may be read while the gate is made."""
PARTS = ("making", "unseen", "studied", "fresh", "judge")
"""`fresh` and `judge` are by other hands and only ever counted."""
ALARMS = (Level.EMERGENCY, Level.CRISIS)


class Inner:
    """Texts → inner vectors by the default model's export, each text encoded once."""

    def __init__(self, embedder: OnnxEncoder) -> None:
        self._embedder = embedder
        self._known: dict[str, Any] = {}

    @classmethod
    def default(cls) -> "Inner | None":
        """Of the default model, exported for this; None where its package is missing."""
        try:
            weights = locate(DEFAULT_MODEL)
        except ModelError:
            return None
        with tempfile.TemporaryDirectory() as folder:
            for name, data in (SentenceTransformerEmbedder.load(weights).export(examples.sentences()) or {}).items():
                (Path(folder) / name).write_bytes(data)
            return cls(OnnxEncoder.open(Path(folder)))

    def __call__(self, texts: Sequence[str]) -> Any:
        """(texts, width) float32."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._embedder.begin(new)().inner, strict=True))
        return np.array([self._known[text] for text in texts], np.float32)


def written() -> list[str]:
    """The hands whose sentences may be read, by the names of their files."""
    return sorted(path.stem for path in (CORPUS / "written").glob("*.tsv"))


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


def public() -> dict[str, list[tuple[str, str]]]:
    """What people ask elsewhere: the half of each set that the gate is not fitted on; CounselChat whole."""
    found = {}
    for name, field in (("clinc_dev", "text"), ("medquad_queries", "text"), ("meqsum", "b"), ("meqsum", "a")):
        texts = dict.fromkeys(row[field] for row in datasets.rows(name))
        found[f"{name} {field}"] = [("asked", text) for text in texts if datasets.half(text) == 1]
    titles = dict.fromkeys(row["question"] for row in datasets.rows("counselchat"))
    return found | {"counselchat": [("asked", text) for text in titles]}


def alarms(gate: Gate, rows: list[tuple[str, str]], encoder: Inner | None) -> dict[str, dict[str, float]]:
    """For each label: how many sentences, how many raised an alarm, and how many its own level."""
    total: Counter[str] = Counter()
    raised: Counter[str] = Counter()
    exact: Counter[str] = Counter()
    pieces = [gate.segments(text) if encoder else () for _, text in rows]
    if encoder:
        encoder([text for (_, whole), some in zip(rows, pieces, strict=True) for text in (whole, *some)])
    for (label, text), some in zip(rows, pieces, strict=True):
        notice = gate.check(text, encoder([text, *some]) if encoder else None)
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
    report: dict[str, Any] = {"table_version": examples.TABLE_VERSION, "load_ms": (time.thread_time() - start) * 1000}
    judged = {part: corpus(part) for part in PARTS} | {"buried": buried(), "redflag_dev": redflag()}
    if judged["redflag_dev"]:
        judged |= public()
    encoder = Inner.default() if with_model else None
    for name, rows in judged.items():
        if rows:
            report[name] = {"patterns": alarms(plain, rows, None)}
    if encoder is not None:
        whole = Gate.load(vectors=encoder(examples.sentences()))
        for name, rows in judged.items():
            if rows:
                report[name]["with the encoder"] = alarms(whole, rows, encoder)
    report["time"] = {
        "corpus": times(plain, [text for _, text in judged["making"]]),
        "1,000 characters": times(plain, long_questions()),
    }
    return report


def show(report: dict[str, Any]) -> None:
    """The report as a table."""
    print(f"table {report['table_version']}, loaded in {report['load_ms']:.0f} ms")
    print(f"{'set':20} {'gate':17} {'label':10} {'alarms':>12} {'share':>7} {'exact':>6}")
    for name in (name for name, part in report.items() if isinstance(part, dict) and "patterns" in part):
        for kind, labels in report[name].items():
            for label, figures in labels.items():
                share = f"{figures['share']:.1%}"
                print(
                    f"{name:20} {kind:17} {label:10} "
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
