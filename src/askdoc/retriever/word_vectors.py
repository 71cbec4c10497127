"""Word vectors: how near a few words are to a question, from a model's vectors, without running the model.

The vector of a sentence is the sum of its stems' vectors, which were learned by ridge regression: the sum of a
passage's stems is as near to its own vector as single words can bring it. They lie in the few dimensions of ``basis``
in which they differ most (singular value decomposition). They fit one model's vectors; any other model does without.

``word_vectors.npz`` holds the arrays and ``{"format", "stems": "one another …", "scales"}``, as
``learned_tables`` says.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Any, Self

import numpy as np

from askdoc.retriever.array_types import Floats
from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.query_adapter import normalized


@dataclass(frozen=True, slots=True)
class WordVectors:
    """The learned arrays, and the row of each known stem.

    ``vectors`` (stems, k); ``basis`` (k, d) with orthonormal rows; ``mean`` (d,) of passages.
    """

    rows: Mapping[str, int]
    vectors: Floats
    basis: Floats
    mean: Floats

    @classmethod
    def of(cls, tables: ModelTables) -> Self | None:
        """The table among a model's tables, or None where there is none."""
        read = tables.arrays("word_vectors.npz")
        return cls.parse(*read) if read else None

    @classmethod
    def parse(cls, document: Mapping[str, Any], arrays: Mapping[str, Floats]) -> Self:
        """Read what ``word_vectors.npz`` holds."""
        return cls({stem: row for row, stem in enumerate(document["stems"].split())}, **arrays)

    def affinities(self, texts: Sequence[Collection[str]], vector: Floats) -> Floats:
        """(texts,) the cosine of a question's vector (d,) with that of each text's stems; 0 where none is known."""
        affinities: Floats = self.directions(texts) @ self.direction(vector)
        return affinities

    def directions(self, texts: Sequence[Collection[str]]) -> Floats:
        """(texts, k) the unit vector of each text's stems, each stem once; a zero vector where none is known."""
        known = [sorted({row for stem in stems if (row := self.rows.get(stem)) is not None}) for stems in texts]
        sums = np.zeros((len(known), self.vectors.shape[1]), np.float32)
        if some := [place for place, rows in enumerate(known) if rows]:
            starts = [0, *accumulate(len(known[place]) for place in some)][:-1]
            sums[some] = np.add.reduceat(self.vectors[list(chain.from_iterable(known))], starts, axis=0)
        return normalized(sums)

    def direction(self, vector: Floats) -> Floats:
        """(k,) what the ``directions`` of texts are multiplied by, from a question's vector (d,)."""
        direction: Floats = self.basis @ normalized(vector - self.mean)
        return direction
