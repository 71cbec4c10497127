"""Which words of a message matter: a learned weight for each, from 0 for filler to 1 for what is asked about.

A logistic model of the chance that a word of a long message stands in the short question a librarian made of it.
It reads how rare the word is in the corpus, whether titles use it, where in the message it stands, whether its
sentence asks something, how long the message is, and a learned leaning of common words.

``term_weights.json`` holds ``{"format", "bias", "weights": {name: …}, "words": {stem: leaning}}``.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Self

from askdoc.index.bm25 import Tokenizer
from askdoc.index.protocol import PostingLists

NAMES = (
    "rare", "known", "titled", "title_rare", "often", "place", "opening", "in_question", "asking", "sentence_length",
    "length", "opening_length", "question_length", "leaning", "rare_length", "statement",
)  # fmt: skip
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
ASKING = re.compile(
    r"(what|how|why|when|where|who|which|is|are|can|could|does|do|should|will|would|any|please|looking|need"
    r"|i (want|need|would like|wonder|am wondering|am looking))\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class TermFeatures:
    """Where a word stands in a message."""

    often: int = 0
    place: float = 0.0
    opening: bool = False
    in_question: bool = False
    asking: bool = False
    shortest: int = 1_000


@dataclass(frozen=True, slots=True)
class TermWeights:
    """The learned table."""

    bias: float
    weights: Mapping[str, float]
    words: Mapping[str, float]

    @classmethod
    def shipped(cls) -> Self:
        """The table that comes with the program."""
        return cls.parse(
            json.loads(files("askdoc.retriever.learned").joinpath("term_weights.json").read_text(encoding="utf-8"))
        )

    @classmethod
    def parse(cls, table: Mapping[str, object]) -> Self:
        """From the document that ``term_weights.json`` holds."""
        weights, words = table["weights"], table["words"]
        assert isinstance(weights, dict)
        assert isinstance(words, dict)
        if set(weights) != set(NAMES):
            raise ValueError("term_weights.json names other signals than this program knows")
        return cls(float(str(table["bias"])), weights, words)

    def weigh(self, message: str, *, tokenizer: Tokenizer, body: PostingLists, title: PostingLists) -> dict[str, float]:
        """The stems of a message in order with their weights; the weightiest has 1."""
        found = {}
        for stem, values in observe(message, tokenizer=tokenizer, body=body, title=title, leaning=self.words):
            total = self.bias + sum(map(_product, values, self._ordered()))
            found[stem] = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
        most = max(found.values(), default=1.0)
        return {stem: weight / most for stem, weight in found.items()}

    def _ordered(self) -> list[float]:
        return [self.weights[name] for name in NAMES]


def _product(one: float, other: float) -> float:
    return one * other


def observe(
    message: str, *, tokenizer: Tokenizer, body: PostingLists, title: PostingLists, leaning: Mapping[str, float]
) -> Iterator[tuple[str, list[float]]]:
    """The stems of a message in order, each with its signals in the order of ``NAMES``."""
    seen, length, asks = _read(message, tokenizer)
    long = math.log(max(length, 1))
    for stem, word in seen.items():
        rare = body.rarity(stem) / body.unseen_idf
        titled = stem in title
        title_rare = title.rarity(stem) / title.unseen_idf
        yield (
            stem,
            [
                rare,
                float(stem in body),
                float(titled),
                (rare - title_rare) * titled,
                min(math.log(word.often), 1.5),
                word.place / max(length, 1),
                float(word.opening),
                float(word.in_question),
                float(word.asking),
                math.log1p(word.shortest),
                long,
                word.opening * long,
                word.in_question * long,
                leaning.get(stem, 0.0),
                rare * long,
                float(asks and not word.in_question),
            ],
        )


def _read(message: str, tokenizer: Tokenizer) -> tuple[dict[str, TermFeatures], int, bool]:
    """Where each stem stands, how many stems there are, and whether the message has a question mark."""
    seen: dict[str, TermFeatures] = {}
    position = 0
    sentences = [piece.strip() for piece in SENTENCE_END.split(message) if piece.strip()]
    for number, sentence in enumerate(sentences):
        stems = tokenizer(sentence)
        asking = bool(ASKING.match(sentence))
        for stem in stems:
            word = seen.get(stem)
            if word is None:
                word = seen[stem] = TermFeatures(place=position)
            word.often += 1
            word.opening |= number == 0
            word.in_question |= "?" in sentence
            word.asking |= asking
            word.shortest = min(word.shortest, len(stems))
            position += 1
    return seen, position, "?" in message
