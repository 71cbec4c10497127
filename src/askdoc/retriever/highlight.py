"""Highlights the sentences of a passage that answer best; only offsets leave this module, so no character can change.

A small logistic model of what experts marked: sentences whose words are near to the question in meaning, those that
open an answer, and those of short answers. ``highlight.json`` holds
``{"format", "bias", "threshold", "weights": {feature: …}}``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any, Self

import numpy as np

from askdoc.index.bm25 import Tokenizer
from askdoc.index.documents import title_key
from askdoc.index.protocol import PostingLists
from askdoc.retriever import learned_tables
from askdoc.retriever.array_types import Floats, Mask
from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.placed_sentences import PlacedSentences, Span
from askdoc.retriever.query import Query
from askdoc.retriever.word_vectors import WordVectors

SENTENCE_FEATURES = ("opening", "crowded", "affinity")
OPENING = 3
"""The first sentences of an answer, which count as its opening."""
MAX_HIGHLIGHTS = 3
"""Sentences of a passage that are highlighted, at most."""
LEAST_AFFINITY, COVER_AFFINITY = 0.2, 0.3
"""Without word vectors, a sentence's affinity is taken from the share of the question's words that it holds: for none
the first number, for all the sum of both, which has the mean and about half the spread of what the vectors give."""
EMPTY_PENALTY = 3.0
"""Log odds that a sentence loses which tells nothing: it only asks, is a scrap or a heading, or repeats the title."""


@dataclass(frozen=True, slots=True)
class AnalyzedSentences:
    """The sentences of a passage, analysed as far as no question is needed: they can be kept between questions.

    | field | of the sentences |
    |---|---|
    | `spans` | offsets in the passage's text |
    | `features` | (sentences, features), the affinity still 0 |
    | `directions` | (sentences, k) unit vectors of their words; None without word vectors |
    | `stems` | the stems of each; empty with word vectors |
    | `keys` | keys, as titles have them |
    | `empty` | (sentences,) whether each tells nothing, whatever is asked |
    """

    spans: tuple[Span, ...]
    features: Floats
    directions: Floats | None
    stems: tuple[frozenset[str], ...]
    keys: tuple[str, ...]
    empty: Mask


@dataclass(frozen=True, slots=True)
class Highlighter:
    """The learned logistic model of sentences, over the words of one corpus.

    A sentence whose log odds reach ``threshold`` is highlighted.
    """

    bias: float
    threshold: float
    weights: tuple[float, ...]
    tokenizer: Tokenizer
    body: PostingLists
    word_vectors: WordVectors | None

    @classmethod
    def of(cls, tables: ModelTables, tokenizer: Tokenizer, body: PostingLists) -> Self:
        """The model that comes with the program, with the word vectors of the embedding model if it has some."""
        return cls.parse(learned_tables.load("highlight"), tokenizer, body, WordVectors.of(tables))

    @classmethod
    def parse(
        cls, document: Mapping[str, Any], tokenizer: Tokenizer, body: PostingLists, word_vectors: WordVectors | None
    ) -> Self:
        """Read the document that ``highlight.json`` holds."""
        weights = document["weights"]
        learned_tables.check_names("highlight", weights, SENTENCE_FEATURES, all_needed=True)
        ordered = tuple(float(weights[name]) for name in SENTENCE_FEATURES)
        return cls(float(document["bias"]), float(document["threshold"]), ordered, tokenizer, body, word_vectors)

    def analyze(self, placed: PlacedSentences) -> AnalyzedSentences:
        """Analyse the sentences of a passage for any question."""
        stems = tuple(frozenset(self.tokenizer.stems(words)) for words in placed.words)
        features = np.zeros((len(stems), len(SENTENCE_FEATURES)), np.float32)
        features[:, 0] = np.arange(placed.first, placed.first + len(stems)) < OPENING
        features[:, 1] = log(max(placed.count, 1))
        directions = self.word_vectors.directions(stems) if self.word_vectors else None
        kept = () if self.word_vectors else stems
        empty = np.array(placed.empty, bool)
        return AnalyzedSentences(placed.spans, features, directions, kept, placed.keys, empty)

    def highlight(self, passages: Sequence[AnalyzedSentences], query: Query) -> list[tuple[Span, ...]]:
        """Spans of each passage, in its order: its best sentence, and others that reach the threshold.

        Nothing of a line that says where the facts come from.
        """
        if not passages:
            return []
        key, direction = title_key(query.text), self._direction(query)
        return [self._highlighted(sentences, self._scores(sentences, query, direction), key) for sentences in passages]

    def _highlighted(self, sentences: AnalyzedSentences, scores: Floats, key: str) -> tuple[Span, ...]:
        """The spans to mark for the question with this key."""
        if not sentences.spans:
            return ()
        repeats = np.array([own == key for own in sentences.keys], bool)
        scores[sentences.empty | repeats] -= EMPTY_PENALTY
        return tuple(sentences.spans[place] for place in choose(scores, self.threshold))

    def scores(self, sentences: AnalyzedSentences, query: Query) -> Floats:
        """(sentences,) log odds to be marked by an expert."""
        return self._scores(sentences, query, self._direction(query))

    def features(self, sentences: AnalyzedSentences, query: Query) -> Floats:
        """(sentences, features) in the order of ``SENTENCE_FEATURES``."""
        return self._features(sentences, query, self._direction(query))

    def _direction(self, query: Query) -> Floats | None:
        """(k,) what the sentences' directions are multiplied by; None without word vectors."""
        return None if self.word_vectors is None else self.word_vectors.direction(query.vector)

    def _scores(self, sentences: AnalyzedSentences, query: Query, direction: Floats | None) -> Floats:
        features = self._features(sentences, query, direction)
        scores: Floats = features @ np.array(self.weights, np.float32) + np.float32(self.bias)
        return scores

    def _features(self, sentences: AnalyzedSentences, query: Query, direction: Floats | None) -> Floats:
        features = sentences.features.copy()
        if sentences.directions is None or direction is None:
            features[:, 2] = self._shared_words(sentences, query)
        else:
            features[:, 2] = sentences.directions @ direction
        return features

    def _shared_words(self, sentences: AnalyzedSentences, query: Query) -> Floats:
        """(sentences,) how near each is to the question by the words that both have."""
        shares = {term: weight * self.body.rarity(term) for term, weight in query.terms.items()}
        held = [sum(share for term, share in shares.items() if term in stems) for stems in sentences.stems]
        affinities: Floats = LEAST_AFFINITY + COVER_AFFINITY * np.array(held, np.float32) / (
            sum(shares.values()) or 1.0
        )
        return affinities


def choose(scores: Floats, threshold: float) -> list[int]:
    """The places of the scores (n > 0,) that are chosen, ascending: the best one, and others from the threshold on."""
    order = np.argsort(-scores, kind="stable")[:MAX_HIGHLIGHTS].tolist()
    return sorted(place for place in order if place == order[0] or scores[place] >= threshold)
