"""Makes small collections in memory, embedded without a model, as the trainings and the benchmarks hold them."""

from collections.abc import Sequence
from typing import cast

import numpy as np

from askdoc.retriever.learned_tables import ModelTables
from tests import tiny
from tests.retriever.small_corpus import PAGES
from training.embedding import CachedEmbedder
from training.in_memory_index import Floats, InMemoryIndex
from training.judged_collections import JudgedCollection

REPEATED = 6
"""The default model's vectors are so many times as wide as the tiny model's."""


class RepeatedEmbedder:
    """The tiny model's vectors as wide as the shipped tables need them; cosines are the same."""

    dimension = tiny.DIMENSION * REPEATED
    tables = ModelTables.default()

    def __call__(self, texts: Sequence[str]) -> Floats:
        return self.encode(texts)

    def documents(self, texts: Sequence[str]) -> Floats:
        return self.encode(texts)

    def encode(self, texts: Sequence[str]) -> Floats:
        vectors: Floats = np.tile(tiny.TinyEmbedder().encode(texts), REPEATED) / np.float32(np.sqrt(REPEATED))
        return vectors


def small_collection(*, titles: bool = True) -> JudgedCollection:
    """The eight pages of the small corpus, each title's question asked in two more words."""
    passages = [[body] for bodies in PAGES.values() for body in bodies]
    pages = [page for page, bodies in enumerate(PAGES.values()) for _ in bodies]
    embed = cast(CachedEmbedder, RepeatedEmbedder())
    index = InMemoryIndex(passages, pages, list(PAGES) if titles else [], embed)
    grades = [{answer: 1 for answer, of in enumerate(pages) if of == page} for page in range(len(PAGES))]
    return JudgedCollection("small", index, [f"Tell me, {title}" for title in PAGES], list(PAGES), grades)
