"""Highlights the sentences of a passage that answer best; only offsets leave this module, so no character can change.

A small logistic model of what experts marked: sentences near the beginning of an answer, those that hold the
question's words, and no scraps. ``highlight.json`` holds ``{"format", "bias", "weights": {feature: …}}``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, log1p
from typing import Any, Self

from askdoc.corpus import sources
from askdoc.corpus.passages import sentences
from askdoc.index.bm25 import Tokenizer
from askdoc.index.protocol import PostingLists
from askdoc.retriever import learned_tables

Span = tuple[int, int]
"""Start and end in a text, in code points."""
SENTENCE_FEATURES = ("early", "opening", "late", "length", "cover", "dense_cover", "crowded")
OPENING = 3
"""The first sentences of an answer, which count as its opening."""
MAX_HIGHLIGHTS = 2
"""Sentences of a passage that are highlighted, at most."""
MAX_BEHIND = 0.5
"""A second sentence is highlighted where its log odds are so near to the best one's."""
QUESTION_PENALTY = 3.0
"""Log odds that a sentence loses which only asks."""


@dataclass(frozen=True, slots=True)
class Highlighter:
    """The learned logistic model of sentences, over the words of one corpus."""

    bias: float
    weights: tuple[float, ...]
    tokenizer: Tokenizer
    body: PostingLists

    @classmethod
    def shipped(cls, tokenizer: Tokenizer, body: PostingLists) -> Self:
        """The model that comes with the program."""
        return cls.parse(learned_tables.load("highlight"), tokenizer, body)

    @classmethod
    def parse(cls, document: Mapping[str, Any], tokenizer: Tokenizer, body: PostingLists) -> Self:
        """Read the document that ``highlight.json`` holds."""
        weights = document["weights"]
        return cls(float(document["bias"]), tuple(float(weights[name]) for name in SENTENCE_FEATURES), tokenizer, body)

    def highlight(
        self, passage: str, terms: Mapping[str, float], *, before: int = 0, after: int = 0
    ) -> tuple[Span, ...]:
        """Spans of the passage, in its order; nothing of a line that says where the facts come from.

        ``before``, ``after``: how many sentences of the answer stand before the passage, and after it.
        """
        spans = answer_sentences(passage)
        if not spans:
            return ()
        texts = [passage[start:end] for start, end in spans]
        scores = self.scores(texts, terms, before=before, after=after)
        scores = [score - QUESTION_PENALTY * text.endswith("?") for score, text in zip(scores, texts, strict=True)]
        best = max(scores)
        order = sorted(range(len(spans)), key=lambda place: (-scores[place], place))[:MAX_HIGHLIGHTS]
        return tuple(spans[place] for place in sorted(order) if scores[place] >= best - MAX_BEHIND)

    def scores(
        self, texts: Sequence[str], terms: Mapping[str, float], *, before: int = 0, after: int = 0
    ) -> list[float]:
        """The log odds of each sentence to be marked by an expert, for a question's weighted terms."""
        shares = {term: weight * self.body.rarity(term) for term, weight in terms.items()}
        count = before + len(texts) + after
        scores = []
        for place, text in enumerate(texts, before):
            values = self.features(text, shares, place=place, count=count)
            scores.append(self.bias + sum(value * weight for value, weight in zip(values, self.weights, strict=True)))
        return scores

    def features(self, text: str, shares: Mapping[str, float], *, place: int, count: int) -> tuple[float, ...]:
        """The features of sentence ``place`` among ``count``, in the order of ``SENTENCE_FEATURES``.

        ``shares``: weight times rarity of each of the question's terms.
        """
        stems = self.tokenizer(text)
        held = set(stems)
        cover = sum(share for term, share in shares.items() if term in held) / (sum(shares.values()) or 1.0)
        return (
            1 / (1 + place),
            float(place < OPENING),
            place / count,
            log1p(len(stems)),
            cover,
            cover / (1 + len(stems)) ** 0.5,
            log(count),
        )


def answer_sentences(text: str) -> list[Span]:
    """Spans of the sentences of a text, but for the lines that say where its facts come from."""
    spans: list[Span] = []
    at = 0
    for start, end in [*sources.lines(text), (len(text), len(text))]:
        spans += [(at + first, at + last) for first, last in sentences(text[at:start])]
        at = end
    return spans
