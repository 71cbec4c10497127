"""Marks the sentences of a passage that answer best; only offsets leave this module, so no character can change.

A small logistic model of what experts marked: sentences near the beginning of an answer, those that hold the
question's words, and no scraps. ``highlight.json`` holds ``{"format", "bias", "weights": {name: …}}``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from math import log, log1p
from typing import Self

from askdoc.corpus import sources
from askdoc.corpus.passages import sentences
from askdoc.index.bm25 import Tokenizer
from askdoc.index.protocol import PostingLists

Span = tuple[int, int]
NAMES = ("early", "opening", "late", "length", "cover", "dense_cover", "crowded")
OPENING = 3
MOST = 2
"""At most so many sentences of a passage are marked."""
NEARLY = 0.5
"""A second sentence is marked where its log odds are so near to the best one's."""
NO_ANSWER = 3.0
"""What a sentence loses that only asks."""


@dataclass(frozen=True, slots=True)
class Marker:
    """The learned weights, with the tokenizer and the words' rarity of one corpus."""

    bias: float
    weights: tuple[float, ...]
    tokenizer: Tokenizer
    body: PostingLists

    @classmethod
    def shipped(cls, tokenizer: Tokenizer, body: PostingLists) -> Self:
        """The weights that come with the program."""
        text = files("askdoc.retriever.learned").joinpath("highlight.json").read_text(encoding="utf-8")
        return cls.parse(json.loads(text), tokenizer, body)

    @classmethod
    def parse(cls, document: Mapping[str, object], tokenizer: Tokenizer, body: PostingLists) -> Self:
        """From what ``highlight.json`` holds."""
        weights = document["weights"]
        assert isinstance(weights, dict)
        return cls(float(str(document["bias"])), tuple(float(weights[name]) for name in NAMES), tokenizer, body)

    def mark(self, passage: str, terms: Mapping[str, float], *, before: int = 0, after: int = 0) -> tuple[Span, ...]:
        """Offsets in the passage, in its order; nothing of a line that says where the facts come from.

        ``before``, ``after``: how many sentences of the answer stand before the passage, and after it.
        """
        spans = answering(passage)
        if not spans:
            return ()
        texts = [passage[start:end] for start, end in spans]
        scores = self.scores(texts, terms, before=before, after=after)
        scores = [score - NO_ANSWER * text.endswith("?") for score, text in zip(scores, texts, strict=True)]
        best = max(scores)
        order = sorted(range(len(spans)), key=lambda place: (-scores[place], place))[:MOST]
        return tuple(spans[place] for place in sorted(order) if scores[place] >= best - NEARLY)

    def scores(
        self, texts: Sequence[str], terms: Mapping[str, float], *, before: int = 0, after: int = 0
    ) -> list[float]:
        """The log odds of each sentence to be marked, for a question's weighted terms."""
        weighed = {term: weight * self.body.rarity(term) for term, weight in terms.items()}
        found = []
        for place, text in enumerate(texts):
            values = self.observe(text, weighed, place=before + place, count=before + len(texts) + after)
            found.append(self.bias + sum(value * weight for value, weight in zip(values, self.weights, strict=True)))
        return found

    def observe(self, text: str, weighed: Mapping[str, float], *, place: int, count: int) -> tuple[float, ...]:
        """The signals of one sentence in the order of ``NAMES``."""
        stems = self.tokenizer(text)
        held = set(stems)
        cover = sum(weight for term, weight in weighed.items() if term in held) / (sum(weighed.values()) or 1.0)
        return (
            1 / (1 + place),
            float(place < OPENING),
            place / count,
            log1p(len(stems)),
            cover,
            cover / (1 + len(stems)) ** 0.5,
            log(count),
        )


def answering(text: str) -> list[Span]:
    """Offsets of the sentences of a text, but for the lines that say where its facts come from."""
    found: list[Span] = []
    at = 0
    for start, end in [*sources.lines(text), (len(text), len(text))]:
        found += [(at + first, at + last) for first, last in sentences(text[at:start])]
        at = end
    return found
