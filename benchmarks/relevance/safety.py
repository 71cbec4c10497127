"""Counts how many emergencies and crises the safety gate finds and how often it is wrong, and times a check.

python -m benchmarks.relevance.safety [--json] [--no-model]
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from askdoc.errors import ModelError
from askdoc.safety import Gate, examples
from benchmarks.speed import percentiles
from training import datasets
from training.alarm_counts import count_alarms
from training.embedding import CachedEmbedder
from training.safety_sentences import JUDGING, SENTENCES, STUDIED, LabelledSentence, read

PARTS = ("making", "unseen", "studied", "fresh", "judge")
"""``unseen``, ``fresh`` and ``judge`` are only ever counted; the latter two are by hands that had not seen the gate."""
SHORT = 150
"""Sentences of fewer characters are buried between ordinary ones."""
AROUND = 10
"""So many ordinary sentences stand around a buried one."""
LONG = 1000
"""Characters of a long message."""
RUNS = 3
"""Each check is timed so often; the best counts."""


def sentences(part: str) -> list[LabelledSentence]:
    """The sentences of one part: those that were studied, or those that only judge."""
    return read((SENTENCES if part in STUDIED else JUDGING) / f"{part}.tsv")


def buried() -> list[LabelledSentence]:
    """Each short sentence of the part ``studied`` between ordinary ones: messages of about 900 characters."""
    ordinary = [text for label, text in sentences("making") if label == "benign" and len(text) < SHORT]
    messages = []
    for number, (label, text) in enumerate(row for row in sentences("studied") if len(row.text) < SHORT):
        around = [ordinary[(7 * number + step) % len(ordinary)] for step in range(AROUND)]
        message = ". ".join([*around[: AROUND // 2], text, *around[AROUND // 2 :]])
        messages.append(LabelledSentence(label, message[:LONG]))
    return messages


def redflag() -> list[LabelledSentence]:
    """The development cases with their urgency as the label."""
    return [LabelledSentence(case["risk"], case["text"]) for case in datasets.rows("redflag_dev")]


def public() -> dict[str, list[LabelledSentence]]:
    """What people ask elsewhere: the half of each set that the gate is not fitted on; CounselChat whole."""
    sets = {}
    for name, field in (("clinc_dev", "text"), ("medquad_queries", "text"), ("meqsum", "b"), ("meqsum", "a")):
        texts = dict.fromkeys(row[field] for row in datasets.rows(name))
        sets[f"{name} {field}"] = [LabelledSentence("asked", text) for text in texts if datasets.half(text) == 1]
    titles = dict.fromkeys(row["question"] for row in datasets.rows("counselchat"))
    return sets | {"counselchat": [LabelledSentence("asked", text) for text in titles]}


def times(gate: Gate, texts: list[str]) -> dict[str, float]:
    """This thread's time per check by percentiles, without the encoder; each text as the best of ``RUNS`` runs."""
    spent = []
    for text in texts:
        runs = []
        for _ in range(RUNS):
            start = time.thread_time()
            gate.check(text)
            runs.append(time.thread_time() - start)
        spent.append(min(runs))
    return percentiles.summary(spent, percents=(50, 95, 100))


def long_questions() -> list[str]:
    """Questions of exactly ``LONG`` characters: the making part's sentences one after another."""
    text = " ".join(text for _, text in sentences("making"))
    return [text[start : start + LONG] for start in range(0, len(text) - LONG, LONG)]


def measure(embed: CachedEmbedder | None) -> dict[str, Any]:
    """Every figure that is printed; without an embedder those of the patterns alone."""
    start = time.thread_time()
    patterns = Gate.load()
    report: dict[str, Any] = {"table_version": examples.TABLE_VERSION, "load_ms": (time.thread_time() - start) * 1000}
    judged = {part: sentences(part) for part in PARTS} | {"buried": buried(), "redflag_dev": redflag()} | public()
    whole = Gate.load(vectors=embed.inner(examples.sentences())) if embed else None
    for name, rows in judged.items():
        report[name] = {"patterns": _documents(patterns, rows, None)}
        if whole is not None:
            report[name]["with the encoder"] = _documents(whole, rows, embed)
    report["time"] = {
        "corpus": times(patterns, [text for _, text in judged["making"]]),
        "1,000 characters": times(patterns, long_questions()),
    }
    return report


def _documents(
    gate: Gate, rows: Sequence[LabelledSentence], embed: CachedEmbedder | None
) -> dict[str, dict[str, float]]:
    counts = count_alarms(gate, rows, embed)
    return {label: {**asdict(count), "share": count.share} for label, count in counts.items()}


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
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--no-model", action="store_true", help="measure the patterns alone")
    chosen = parser.parse_args()
    try:
        report = measure(None if chosen.no_model else CachedEmbedder.open())
    except (ModelError, datasets.DataError) as error:
        print(error, file=sys.stderr)
        return 1
    if chosen.json:
        print(json.dumps(report, indent=1))
    else:
        show(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
