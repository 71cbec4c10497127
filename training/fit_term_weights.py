"""Learn which words of a message matter and write ``term_weights.json``.

Pairs of a long message and its short question: one half of MeQSum, and RQE's training pairs where the first is
longer by three words or more. A word counts as essential if its stem stands in the short question.
Run: ``python -m training.fit_term_weights``
"""

import json
from collections import Counter
from collections.abc import Mapping
from math import log
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from askdoc.index.bm25 import InvertedIndex, Tokenizer
from askdoc.retriever.term_weights import TERM_FEATURES, TermWeights, term_features
from training.datasets import half, medquad, rows

TARGET = Path(__file__).resolve().parents[1] / "src" / "askdoc" / "retriever" / "learned" / "term_weights.json"
Pair = tuple[str, str, str]
OFTEN, PULL = 8, 4.0
"""A word's leaning is kept from so many messages on, drawn to nothing as by so many more."""

tokenizer = Tokenizer()


def pairs() -> tuple[list[Pair], dict[str, list[Pair]]]:
    """What is learned from, and the sets that are only reported."""
    summaries = [(row["id"], row["a"], row["b"]) for row in rows("meqsum")]
    clinical = [
        (row["id"], row["a"], row["b"])
        for row in rows("rqe_train")
        if row["label"] and len(tokenizer(row["a"])) >= len(tokenizer(row["b"])) + 3
    ]
    unseen = {
        "meqsum": [pair for pair in summaries if half(pair[0]) == 1],
        "mediqa": [(row["id"], row["a"], row["b"]) for row in rows("mediqa2021_qs_valid")],
        "rqe_valid": [(row["id"], row["a"], row["b"]) for row in rows("rqe_valid") if row["label"]],
    }
    return [pair for pair in summaries if half(pair[0]) == 0] * 2 + clinical, unseen


def leanings(learned: list[Pair]) -> dict[str, float]:
    """Log odds of a common stem to be kept, beside those of all stems."""
    met: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for _, message, short in learned:
        there = set(tokenizer(short))
        stems = set(tokenizer(message))
        met.update(stems)
        kept.update(stems & there)
    base = kept.total() / met.total()
    usual = log(base / (1 - base))
    return {
        stem: round(log((kept[stem] + PULL * base) / (count - kept[stem] + PULL * (1 - base))) - usual, 2)
        for stem, count in sorted(met.items())
        if count >= OFTEN and stem.isalpha()
    }


def table(learned: list[Pair], body: InvertedIndex, title: InvertedIndex) -> dict[str, object]:
    """Fit the weights; the leanings of each half come from the other, so that they are not overrated."""
    values, kept, weight = [], [], []
    for part in (0, 1):
        leaning = leanings([pair for pair in learned if half(f"f{pair[0]}") != part])
        for name, message, short in learned:
            if half(f"f{name}") != part:
                continue
            there = set(tokenizer(short))
            found = list(term_features(message, tokenizer=tokenizer, body=body, title=title, leanings=leaning))
            values += [signals for _, signals in found]
            kept += [stem in there for stem, _ in found]
            weight += [len(found) ** -0.5] * len(found)
    matrix = np.array(values)
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    model = LogisticRegression(max_iter=2_000).fit((matrix - mean) / scale, kept, sample_weight=weight)
    weights = model.coef_[0] / scale
    return {
        "format": 1,
        "bias": round(float(model.intercept_[0] - weights @ mean), 4),
        "weights": dict(zip(TERM_FEATURES, map(float, weights.round(4)), strict=True)),
        "words": leanings(learned),
    }


def ranked(term_weights: TermWeights, unseen: list[Pair], body: InvertedIndex, title: InvertedIndex) -> float:
    """Mean area under the curve over the messages: do the words of the short question come first?"""
    areas = []
    for _, message, short in unseen:
        there = set(tokenizer(short))
        found = term_weights.weigh(message, tokenizer=tokenizer, body=body, title=title)
        truth = [stem in there for stem in found]
        if 0 < sum(truth) < len(truth):
            areas.append(roc_auc_score(truth, list(found.values())))
    return float(np.mean(areas))


def lexicons() -> tuple[InvertedIndex, InvertedIndex]:
    """Words of MedQuAD's bodies and titles, in place of the corpus that a question will be asked of."""
    data = medquad()
    return tuple(InvertedIndex.build([tokenizer(text) for text in texts]) for texts in (data.bodies, data.titles))  # type: ignore[return-value]


def report(
    found: Mapping[str, object], unseen: dict[str, list[Pair]], body: InvertedIndex, title: InvertedIndex
) -> None:
    term_weights = TermWeights.parse(found)
    for name, some in unseen.items():
        print(f"{name}: area under the curve {ranked(term_weights, some, body, title):.3f}")


def main() -> None:
    learned, unseen = pairs()
    body, title = lexicons()
    found = table(learned, body, title)
    TARGET.write_text(json.dumps(found, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    report(found, unseen, body, title)
    print(found["weights"], len(found["words"]), "words", TARGET.stat().st_size, "bytes")  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
