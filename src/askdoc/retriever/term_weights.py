"""Query term weighting: a learned weight for each word of a message, from 0 for filler to 1 for what is asked about.

A logistic model of the chance that a word of a long message stands in the short question a librarian made of it.

| feature | of the word |
|---|---|
| `rare`, `title_rare` | rarity among the passages; how much greater it is than among the titles, if a title has it |
| `known`, `titled` | whether a passage has it, whether a title has it |
| `often`, `place` | how often it occurs in the message (log), and where first: from 0 to 1 |
| `opening`, `in_question`, `asking` | whether it occurs in the first sentence, in one with "?", in one that asks |
| `sentence_length`, `length` | stems of its shortest sentence, and of the message (log) |
| `opening_length`, `question_length`, `rare_length` | products of two features |
| `leaning` | learned log odds of a common stem |
| `statement` | whether it is in no sentence with "?" while another sentence has one |

``term_weights.json`` holds ``{"format", "bias", "weights": {feature: …}, "words": {stem: leaning}}``.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import mul
from typing import Any, Self

from askdoc.index.bm25 import Tokenizer
from askdoc.index.protocol import PostingLists
from askdoc.retriever import learned_tables

TERM_FEATURES = (
    "rare", "known", "titled", "title_rare", "often", "place", "opening", "in_question", "asking", "sentence_length",
    "length", "opening_length", "question_length", "leaning", "rare_length", "statement",
)  # fmt: skip
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
ASKING = re.compile(
    r"(what|how|why|when|where|who|which|is|are|can|could|does|do|should|will|would|any|please|looking|need"
    r"|i (want|need|would like|wonder|am wondering|am looking))\b",
    re.IGNORECASE,
)
"""How a sentence begins that asks, with a question mark or without."""
MAX_LOG_COUNT = 1.5
"""Repeating a word counts up to this."""


@dataclass(slots=True)
class TermContext:
    """Where a stem occurs in a message; ``shortest`` is the length of its shortest sentence, in stems."""

    count: int = 0
    place: int = 0
    opening: bool = False
    in_question: bool = False
    asking: bool = False
    shortest: int = 1_000


@dataclass(frozen=True, slots=True)
class TermWeights:
    """The learned table: bias, a weight for each feature, and the leanings of common stems."""

    bias: float
    weights: Mapping[str, float]
    words: Mapping[str, float]

    @classmethod
    def shipped(cls) -> Self:
        """The table that comes with the program."""
        return cls.parse(learned_tables.load("term_weights"))

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> Self:
        """Read the document that ``term_weights.json`` holds."""
        weights = document["weights"]
        learned_tables.check_names("term_weights", weights, TERM_FEATURES, all_needed=True)
        return cls(float(document["bias"]), weights, document["words"])

    def weigh(self, message: str, *, tokenizer: Tokenizer, body: PostingLists, title: PostingLists) -> dict[str, float]:
        """The stems of a message in order with their weights; the weightiest has 1."""
        coefficients = [self.weights[name] for name in TERM_FEATURES]
        chances = {}
        for stem, values in term_features(message, tokenizer=tokenizer, body=body, title=title, leanings=self.words):
            odds = self.bias + sum(map(mul, values, coefficients))
            chances[stem] = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
        most = max(chances.values(), default=1.0)
        return {stem: chance / most for stem, chance in chances.items()}


def term_features(
    message: str, *, tokenizer: Tokenizer, body: PostingLists, title: PostingLists, leanings: Mapping[str, float]
) -> Iterator[tuple[str, list[float]]]:
    """The stems of a message in order, each with its features in the order of ``TERM_FEATURES``."""
    contexts, length = _contexts(message, tokenizer)
    asks = "?" in message
    log_length = math.log(max(length, 1))
    for stem, context in contexts.items():
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
                min(math.log(context.count), MAX_LOG_COUNT),
                context.place / max(length, 1),
                float(context.opening),
                float(context.in_question),
                float(context.asking),
                math.log1p(context.shortest),
                log_length,
                context.opening * log_length,
                context.in_question * log_length,
                leanings.get(stem, 0.0),
                rare * log_length,
                float(asks and not context.in_question),
            ],
        )


def _contexts(message: str, tokenizer: Tokenizer) -> tuple[dict[str, TermContext], int]:
    """The context of each stem in the order of their first occurrences, with the length of the message in stems."""
    contexts: dict[str, TermContext] = {}
    length = 0
    sentences = [piece.strip() for piece in SENTENCE_END.split(message) if piece.strip()]
    for number, sentence in enumerate(sentences):
        stems = tokenizer(sentence)
        asking = bool(ASKING.match(sentence))
        for place, stem in enumerate(stems, length):
            if stem not in contexts:
                contexts[stem] = TermContext(place=place)
            context = contexts[stem]
            context.count += 1
            context.opening |= number == 0
            context.in_question |= "?" in sentence
            context.asking |= asking
            context.shortest = min(context.shortest, len(stems))
        length += len(stems)
    return contexts, length
