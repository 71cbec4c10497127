"""Scores whether two questions ask the same: the adapted cosine in both directions, and the words they share."""

from collections.abc import Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from askdoc.index.bm25 import InvertedIndex, Tokenizer
from askdoc.retriever.query_adapter import QueryAdapter
from askdoc.text import words
from training.datasets import rows
from training.embedding import CachedEmbedder

Floats = NDArray[np.float64]
STEMS, FORMS = 0.5, 0.2
"""How much the words count beside the meaning: their stems, and their very forms."""


def judged(name: str, embed: CachedEmbedder) -> tuple[NDArray[np.bool_], Floats, Floats]:
    """Truth, our score and the plain cosine of each pair of a set."""
    pairs = rows(name)
    left, right = (embed([row[side] for row in pairs]) for side in ("a", "b"))
    adapter = QueryAdapter.of(embed.tables)
    assert adapter is not None
    meaning = ((adapter(left) * right).sum(axis=1) + (adapter(right) * left).sum(axis=1)) / 2
    tokenizer = Tokenizer()
    stems, forms = ([(split(row["a"]), split(row["b"])) for row in pairs] for split in (tokenizer, words))
    ours = meaning + STEMS * shared(stems) + FORMS * shared(forms)
    return np.array([row["label"] == 1 for row in pairs]), ours, (left * right).sum(axis=1).astype(np.float64)


def shared(pairs: Sequence[tuple[list[str], list[str]]]) -> Floats:
    """Cosine of the two texts' words, each weighed by its rarity in the set."""
    index = InvertedIndex.build([text for pair in pairs for text in pair])

    def weighed(text: list[str]) -> dict[str, float]:
        return {term: sqrt(text.count(term)) * index.rarity(term) for term in set(text)}

    cosines = []
    for left, right in (map(weighed, pair) for pair in pairs):
        lengths = sqrt(sum(v * v for v in left.values()) * sum(v * v for v in right.values())) or 1.0
        cosines.append(sum(value * right.get(term, 0.0) for term, value in left.items()) / lengths)
    return np.array(cosines)


def at_best(scores: Floats, truth: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which pairs are judged rightly at the threshold that judges most rightly."""
    best = max(np.unique(scores), key=lambda least: ((scores >= least) == truth).mean())
    right: NDArray[np.bool_] = (scores >= best) == truth
    return right
