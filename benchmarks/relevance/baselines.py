"""What ours is compared with: plain BM25 and plain dense search, one text per document."""

from collections.abc import Sequence

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

from askdoc.retriever.statistics import PASSAGE, QUESTION
from training.embedding import CachedEmbedder
from training.in_memory_index import Trial

Floats = NDArray[np.float32]
CHARACTERS = 700
"""So much of a body is embedded."""


class Bm25:
    """bm25s with its defaults, English stop words and the Snowball stemmer."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._stemmer = Stemmer.Stemmer("english")
        self._index = bm25s.BM25()
        self._index.index(self._tokens(texts), show_progress=False)

    def _tokens(self, texts: Sequence[str]) -> list[list[str]]:
        found = bm25s.tokenize(
            list(texts), stopwords="en", stemmer=self._stemmer, show_progress=False, return_ids=False
        )
        return [list(tokens) for tokens in found]

    def scores(self, question: str) -> Floats:
        """(texts,) for one question."""
        known = [token for token in self._tokens([question])[0] if token in self._index.vocab_dict]
        if not known:
            return np.zeros(self._index.scores["num_docs"], np.float32)
        found: Floats = self._index.get_scores(known)
        return found


class Dense:
    """Cosine with the default model."""

    def __init__(self, texts: Sequence[str], embed: CachedEmbedder) -> None:
        self._embed = embed
        self._vectors = embed([text[:CHARACTERS] for text in texts])

    def scores(self, question: str) -> Floats:
        """(texts,) for one question."""
        found: Floats = self._vectors @ self._embed([question])[0]
        return found


class TitleAndBody:
    """Cosine with the title and with the beginning of the body, added: a stronger baseline than one text of both."""

    def __init__(self, trial: Trial) -> None:
        self._embed = trial.embed
        self._titles = trial.fields[QUESTION][np.asarray(trial.question_of)]
        self._bodies = trial.fields[PASSAGE][trial.statistics.passage_starts[:-1]]

    def scores(self, question: str) -> Floats:
        """(answers,) for one question."""
        vector = self._embed([question])[0]
        found: Floats = self._titles @ vector + self._bodies @ vector
        return found
