"""Baselines that the retriever is compared with: plain BM25 and plain dense search."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from askdoc.retriever.statistics import PASSAGE
from training.embedding import CachedEmbedder
from training.in_memory_index import InMemoryIndex

Floats = NDArray[np.float32]
CHARACTERS = 700
"""Of a body, what is embedded: about what the model reads."""


class Bm25:
    """bm25s with its defaults, English stop words and the Snowball stemmer."""

    def __init__(self, texts: Sequence[str]) -> None:
        import bm25s  # needed for this baseline alone: pip install bm25s PyStemmer
        import Stemmer

        self._tokenize = bm25s.tokenize
        self._stemmer = Stemmer.Stemmer("english")
        self._index = bm25s.BM25()
        self._index.index(self._tokens(texts), show_progress=False)

    def _tokens(self, texts: Sequence[str]) -> list[list[str]]:
        tokenized = self._tokenize(
            list(texts), stopwords="en", stemmer=self._stemmer, show_progress=False, return_ids=False
        )
        return [list(tokens) for tokens in tokenized]

    def scores(self, question: str) -> Floats:
        """(texts,) for one question."""
        known = [token for token in self._tokens([question])[0] if token in self._index.vocab_dict]
        if not known:
            return np.zeros(self._index.scores["num_docs"], np.float32)
        scores: Floats = self._index.get_scores(known)
        return scores


class Dense:
    """Cosine with the beginning of each text, by the default model."""

    def __init__(self, texts: Sequence[str], embed: CachedEmbedder) -> None:
        self._embed = embed
        self._vectors = embed.documents([text[:CHARACTERS] for text in texts])

    def scores(self, question: str) -> Floats:
        """(texts,) for one question."""
        scores: Floats = self._vectors @ self._embed([question])[0]
        return scores


class TitleAndBody:
    """Cosine with the title and with the beginning of the body, added: a stronger baseline than one text of both.

    Without titles in the index it is the body's alone.
    """

    def __init__(self, index: InMemoryIndex) -> None:
        self._embed = index.embed
        self._bodies = index.fields[PASSAGE][index.statistics.passage_starts[:-1]]
        self._titles = np.zeros_like(self._bodies)
        if index.titles:
            self._titles = index.embed(index.titles)[np.asarray(index.question_of)]

    def scores(self, question: str) -> Floats:
        """(answers,) for one question."""
        vector = self._embed([question])[0]
        found: Floats = self._titles @ vector + self._bodies @ vector
        return found
