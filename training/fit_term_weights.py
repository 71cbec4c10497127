"""Learns which words of a message matter.

Pairs of a long message and its short question: one half of MeQSum, and RQE's training pairs whose first question is
longer by three words or more. A word counts as essential if its stem stands in the short question.

    python -m training.fit_term_weights     how well the shipped table does on pairs that nothing was learned from
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from askdoc.index.bm25 import InvertedIndex, Tokenizer
from askdoc.retriever.term_weights import TERM_FEATURES, TermWeights, term_features
from training.datasets import half, medquad, rows
from training.embedding import CachedEmbedder
from training.table_file import TableContent

SEED = 0
"""Unused: the fit is convex and nothing is drawn."""
LEAST_MESSAGES = 8
"""A stem's leaning is kept if so many messages have the stem."""
PSEUDO_COUNT = 4.0
"""So many messages with the usual share count beside a stem's own: they draw its leaning to nothing."""
LONGER = 3
"""By so many words is the first question of a pair from RQE longer than the second."""


class Summary(NamedTuple):
    """A message and its short question."""

    name: str
    message: str
    short: str


@dataclass(frozen=True)
class Words:
    """The tokenizer and the inverted indexes of MedQuAD, in place of the corpus that a question will be asked of."""

    tokenizer: Tokenizer
    body: InvertedIndex
    title: InvertedIndex

    @classmethod
    def of_medquad(cls) -> "Words":
        """From MedQuAD's bodies and titles."""
        tokenizer, data = Tokenizer(), medquad()
        body, title = (InvertedIndex.build(map(tokenizer, texts)) for texts in (data.bodies, data.titles))
        return cls(tokenizer, body, title)

    def features(self, message: str, leanings: Mapping[str, float]) -> list[tuple[str, list[float]]]:
        """The stems of a message with their features."""
        stems = term_features(message, tokenizer=self.tokenizer, body=self.body, title=self.title, leanings=leanings)
        return list(stems)

    def weigh(self, message: str, term_weights: TermWeights) -> dict[str, float]:
        """The stems of a message with their weights by a table."""
        return term_weights.weigh(message, tokenizer=self.tokenizer, body=self.body, title=self.title)


def learned_from(tokenizer: Tokenizer) -> list[Summary]:
    """The pairs that the table is learned from; those of MeQSum count twice."""
    clinical = [
        Summary(row["id"], row["a"], row["b"])
        for row in rows("rqe_train")
        if row["label"] and len(tokenizer(row["a"])) >= len(tokenizer(row["b"])) + LONGER
    ]
    return [pair for pair in _summaries("meqsum") if half(pair.name) == 0] * 2 + clinical


def held_out() -> dict[str, list[Summary]]:
    """The pairs of each set that nothing is learned from."""
    return {
        "meqsum": [pair for pair in _summaries("meqsum") if half(pair.name) == 1],
        "mediqa": _summaries("mediqa2021_qs_valid"),
        "rqe_valid": _summaries("rqe_valid"),
    }


def _summaries(name: str) -> list[Summary]:
    return [Summary(row["id"], row["a"], row["b"]) for row in rows(name) if row["label"]]


def leanings(pairs: Sequence[Summary], tokenizer: Tokenizer) -> dict[str, float]:
    """Log odds of a common stem to be kept, less those of all stems."""
    met: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for pair in pairs:
        stems = set(tokenizer(pair.message))
        met.update(stems)
        kept.update(stems & set(tokenizer(pair.short)))
    base = kept.total() / met.total()
    return {
        stem: round(_log_odds(kept[stem] + PSEUDO_COUNT * base, count + PSEUDO_COUNT) - _log_odds(base, 1), 2)
        for stem, count in sorted(met.items())
        if count >= LEAST_MESSAGES and stem.isalpha()
    }


def _log_odds(part: float, whole: float) -> float:
    return log(part / (whole - part))


def table(pairs: Sequence[Summary], words: Words) -> dict[str, object]:
    """Fit the weights; the leanings of each half come from the other, so that they are not overrated."""
    values, kept, weight = [], [], []
    for part in (0, 1):
        leaning = leanings([pair for pair in pairs if half(f"f{pair.name}") != part], words.tokenizer)
        for pair in (pair for pair in pairs if half(f"f{pair.name}") == part):
            essential = set(words.tokenizer(pair.short))
            stems = words.features(pair.message, leaning)
            values += [features for _, features in stems]
            kept += [stem in essential for stem, _ in stems]
            weight += [len(stems) ** -0.5] * len(stems)
    matrix = np.array(values)
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    model = LogisticRegression(max_iter=2_000).fit((matrix - mean) / scale, kept, sample_weight=weight)
    weights = model.coef_[0] / scale
    return {
        "format": 1,
        "bias": round(float(model.intercept_[0] - weights @ mean), 4),
        "weights": dict(zip(TERM_FEATURES, map(float, weights.round(4)), strict=True)),
        "words": leanings(pairs, words.tokenizer),
    }


def mean_auroc(term_weights: TermWeights, pairs: Sequence[Summary], words: Words) -> float:
    """Mean area under the curve over the messages: do the words of the short question come first?"""
    areas = []
    for pair in pairs:
        essential = set(words.tokenizer(pair.short))
        weights = words.weigh(pair.message, term_weights)
        truth = [stem in essential for stem in weights]
        if 0 < sum(truth) < len(truth):
            areas.append(roc_auc_score(truth, list(weights.values())))
    return float(np.mean(areas))


def learn(embed: CachedEmbedder) -> TableContent:  # noqa: ARG001 (every fit takes it; this one reads words alone)
    """The table ``term_weights``."""
    words = Words.of_medquad()
    return TableContent(table(learned_from(words.tokenizer), words))


def main() -> None:
    """Print how well the shipped table tells the words apart, on the pairs that nothing was learned from."""
    words = Words.of_medquad()
    for name, pairs in held_out().items():
        print(f"{name}: area under the curve {mean_auroc(TermWeights.shipped(), pairs, words):.3f}")


if __name__ == "__main__":
    main()
