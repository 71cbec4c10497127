"""Learns what the safety gate makes of the patterns' findings beside similarity in meaning.

    python -m training.fit_safety --measure [HAND ...]    judge each hand's sentences by a fit without them
    python -m training.fit_safety --choose N              choose the examples anew (then: make tables)

The sentences are those of ``training/sentences`` and one half of some public sets, chosen by hash, long ones in
segments too; not those in which the patterns see an alarm, for some are one. Each is described twice: by its inner
vector, as likeness to the examples, and by the names of what the patterns saw and of the words that were said. One
ridge regression over both says how alarming a sentence is. The table holds the part of the names, with what it amounts
to for each example, the coefficient of each example, and what these predict of some examples, by which a gate
recognises the model. For another model the gate finds the coefficients itself.

``--choose`` picks the examples among the written sentences: those that tell most of what all sentences say. The encoder
is packed for the examples, and an index holds their vectors, so they stay as they are from one fit to the next.
"""

import argparse
import math
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import scipy.linalg
import scipy.sparse
from numpy.typing import NDArray

import askdoc.safety
from askdoc.models import Level
from askdoc.safety import Gate
from askdoc.safety.detection import Thresholds
from askdoc.safety.examples import TABLE_VERSION
from askdoc.safety.features import FeatureScorer
from askdoc.safety.similarity import PROBE_STEP, RIDGE, kernel, targets, unit_directions
from askdoc.safety.table import BENIGN, Example, shipped
from askdoc.safety.weights import ARRAYS, KINDS, FeatureWeights, FittedWeights, rounded, stored
from training.alarm_counts import ALARMS, AlarmCount, count_alarms
from training.datasets import half, rows
from training.embedding import CachedEmbedder
from training.safety_sentences import WRITTEN, hands, read, sentence_files
from training.table_file import TableContent

SEED = 0
"""Unused: the fit is one linear system and nothing is drawn."""
SHARES = {"patterns": 0.1, "ngrams": 0.1}
"""How much a likeness of what the patterns saw, and one of words, counts beside a likeness of vectors."""
LEAST = {"patterns": 2, "ngrams": 6}
"""In how many sentences a name must stand."""
PUBLIC = "public"
"""The hand of the public sets."""
THRESHOLDS = (0.40, 0.45, 0.50, 0.55, 0.60)
"""What ``--measure`` tries in place of the gate's own."""
SUPPORTED_LESS = 0.15
"""How much less is asked for beside soft findings."""
EXAMPLES = Path(askdoc.safety.__file__).parent / "data" / "examples.tsv"
Floats = NDArray[np.float32]


NOTHING_LEARNED = FittedWeights(TABLE_VERSION, {}, {}, *(np.zeros((0, 2), np.float32) for _ in range(3)))
"""Weights by which the patterns judge alone, and no segment is chosen."""


@dataclass(frozen=True)
class TrainingSentences:
    """Sentences with the hand that wrote each, its level, its inner vector (n, d) and what the patterns saw in it."""

    texts: list[str]
    levels: list[Level | None]
    hands: NDArray[np.str_]
    inner: Floats
    patterns: list[set[str]]
    ngrams: list[set[str]]

    @classmethod
    def load(cls, embed: CachedEmbedder, weights: FittedWeights) -> "TrainingSentences":
        """Everything that may be read; ``weights`` choose the segment of a long text, as the gate does."""
        gate = Gate.load(table=replace(shipped(), weights=weights))
        written = [(*sentence, path.stem) for path in sentence_files() for sentence in read(path)]
        calm = [text for text in ordinary(0) if gate.detect(text).level not in ALARMS]
        public = [(BENIGN, part, PUBLIC) for text in calm for part in (text, *gate.segments(text))]
        labels, texts, by = map(list, zip(*written, *public, strict=True))
        names = [gate.features(text) for text in texts]
        return cls(
            texts,
            [None if label == BENIGN else Level(label) for label in labels],
            np.array(by),
            embed.inner(texts),
            [patterns for patterns, _ in names],
            [ngrams for _, ngrams in names],
        )

    @cached_property
    def examples(self) -> NDArray[np.int64]:
        """The places of the table's examples, in their order."""
        place = {text: number for number, text in enumerate(self.texts)}
        return np.array([place[example.text] for example in shipped().examples])


def ordinary(part: int) -> list[str]:
    """The texts of one half of the public sets, 0 or 1: questions and requests that hold few emergencies."""
    sets = (("clinc_dev", "text"), ("medquad_queries", "text"), ("meqsum", "a"), ("meqsum", "b"))
    texts = dict.fromkeys(row[field] for name, field in sets for row in rows(name))
    return [text for text in texts if half(text) == part]


class NameMatrix:
    """Which names each of some sentences has: ``rows`` (n, names), each of length 1, rare names counting more."""

    def __init__(self, named: Sequence[set[str]], *, least: int) -> None:
        count = Counter(name for names in named for name in names)
        self.names = [name for name in sorted(count) if count[name] >= least]
        self.rarity = np.array([math.sqrt(math.log(len(named) / count[name])) for name in self.names])
        place = {name: at for at, name in enumerate(self.names)}
        pairs = [(row, place[name]) for row, names in enumerate(named) for name in sorted(names & place.keys())]
        row, column = np.array(pairs).T
        shape = (len(named), len(self.names))
        weighted = scipy.sparse.csr_matrix((self.rarity[column], (row, column)), shape=shape)
        length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        self.rows = scipy.sparse.diags(1 / np.maximum(length, 1e-9)) @ weighted


def fit(sentences: TrainingSentences, kept: NDArray[np.bool_]) -> FittedWeights:
    """Solve the ridge regression over the sentences ``kept`` (n,); examples among the others have no share."""
    which = np.flatnonzero(kept)
    known = np.flatnonzero(kept[sentences.examples])
    vectors = sentences.inner[sentences.examples]
    middle = vectors.mean(axis=0)
    examples = unit_directions(vectors, middle)
    near = kernel(unit_directions(sentences.inner[which], middle), examples[known]).astype(np.float64)
    matrices = {
        kind: NameMatrix([getattr(sentences, kind)[place] for place in which], least=LEAST[kind]) for kind in SHARES
    }
    names = scipy.sparse.hstack([math.sqrt(SHARES[kind]) * matrices[kind].rows for kind in SHARES]).tocsr()
    wanted = targets([sentences.levels[place] for place in which]).astype(np.float64)
    solution = _solved(near, names, kernel(examples[known], examples[known]), wanted)
    weights = _weights(matrices, solution[len(known) :])
    scorer = FeatureScorer(weights["patterns"], weights["ngrams"])
    coefficients = np.zeros((len(examples), 2))
    coefficients[known] = solution[: len(known)]
    return FittedWeights(
        TABLE_VERSION,
        **weights,
        offsets=np.array(
            [scorer.score(sentences.patterns[at], sentences.ngrams[at]) for at in sentences.examples], np.float32
        ),
        coefficients=coefficients.astype(np.float32),
        probes=(kernel(examples[::PROBE_STEP], examples) @ coefficients).astype(np.float32),
    )


def _solved(near: NDArray[np.float64], names: Any, among: Floats, wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """(examples + names, 2) the coefficients: ``near`` (n, examples) and ``names`` (n, names) to ``wanted`` (n, 2)."""
    count = near.shape[1]
    across = names.T @ near
    square = np.block([[near.T @ near, across.T], [across, (names.T @ names).toarray()]])
    square[:count, :count] += RIDGE * among
    square[np.diag_indices_from(square)] += np.concatenate([np.full(count, 1e-6), np.full(names.shape[1], RIDGE)])
    found: NDArray[np.float64] = scipy.linalg.solve(
        square, np.concatenate([near.T @ wanted, names.T @ wanted]), assume_a="pos"
    )
    return found


def _weights(matrices: Mapping[str, NameMatrix], solution: NDArray[np.float64]) -> dict[str, FeatureWeights]:
    """For each kind, a name's rarity, and its two coefficients times the rarity."""
    weights: dict[str, FeatureWeights] = {}
    begin = 0
    for kind, matrix in matrices.items():
        coefficients = math.sqrt(SHARES[kind]) * solution[begin : begin + len(matrix.names)]
        begin += len(matrix.names)
        columns = rounded(np.column_stack([matrix.rarity, coefficients * matrix.rarity[:, None]]))
        weights[kind] = dict(zip(matrix.names, map(tuple, columns.tolist()), strict=True))
    return weights


def measured(
    sentences: TrainingSentences, embed: CachedEmbedder, some: Sequence[str]
) -> Iterator[tuple[str, dict[float, dict[str, AlarmCount]]]]:
    """For each hand, and for thresholds, what a gate finds in its sentences that was fitted without them."""
    vectors = sentences.inner[sentences.examples]
    for hand in some:
        table = replace(shipped(), weights=fit(sentences, sentences.hands != hand))
        judged = {}
        for limit in THRESHOLDS:
            thresholds = Thresholds(alone=limit, supported=limit - SUPPORTED_LESS)
            gate = Gate.load(vectors=vectors, table=table, thresholds=thresholds)
            judged[limit] = count_alarms(gate, read(WRITTEN / f"{hand}.tsv"), embed)
        yield hand, judged


def choose(sentences: TrainingSentences, count: int) -> list[Example]:
    """The written sentences that tell most of all: pivoted Cholesky of their likenesses, the largest rest first."""
    own = np.flatnonzero(np.isin(sentences.hands, hands()))
    vectors = unit_directions(sentences.inner[own], sentences.inner[own].mean(axis=0))
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
    return [Example(sentences.texts[own[place]], sentences.levels[own[place]]) for place in sorted(chosen)]


def whole_fit(embed: CachedEmbedder) -> tuple[TrainingSentences, FittedWeights]:
    """Fit twice: first to whole texts, then also to the segments that a gate with the first weights would judge."""
    weights = NOTHING_LEARNED
    for _ in range(2):
        sentences = TrainingSentences.load(embed, weights)
        weights = fit(sentences, np.ones(len(sentences.texts), bool))
    return sentences, weights


def learn(embed: CachedEmbedder) -> TableContent:
    """The table ``weights``."""
    _, fitted = whole_fit(embed)
    names = {kind: getattr(fitted, kind) for kind in KINDS}
    arrays = {kind: stored(np.array(list(weights.values()))) for kind, weights in names.items()}
    arrays |= {name: stored(getattr(fitted, name)) for name in ARRAYS}
    return TableContent(
        {"format": 2, "examples": fitted.examples}, arrays, {kind: list(weights) for kind, weights in names.items()}
    )


def main() -> int:
    """Measure by fits that leave a hand out, or choose the examples."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--measure", nargs="*", metavar="HAND", help="judge each by a fit without it, write nothing")
    what.add_argument("--choose", type=int, metavar="N", help="choose N examples; make tables afterwards")
    given = parser.parse_args()
    embed = CachedEmbedder.open()
    sentences, _ = whole_fit(embed)
    if given.choose:
        lines = (f"{one.level.value if one.level else BENIGN}\t{one.text}\n" for one in choose(sentences, given.choose))
        EXAMPLES.write_text("".join(lines), encoding="utf-8")
        return 0
    for hand, judged in measured(sentences, embed, given.measure or hands()):
        for limit, counts in judged.items():
            shares = {label: f"{100 * count.share:.1f} %" for label, count in sorted(counts.items())}
            print(f"{hand:12} {limit:.2f} {shares}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
