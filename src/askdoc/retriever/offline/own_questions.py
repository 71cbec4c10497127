"""Makes questions of a corpus's answers, to calibrate by where titles say nothing.

An answer is asked about, in turn, by its headline, by a question within its text, by its key terms, and by its first
sentence; where one is missing, by the next of these.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from askdoc.index.bm25 import STOP_WORDS, Tokenizer
from askdoc.models import Answer
from askdoc.text import words

SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
MIN_WORDS, MAX_WORDS = 3, 25
"""Words of a sentence that could be a question somebody types."""
KEY_TERMS = 5
"""How many of an answer's terms are asked for."""
Rarity = Callable[[str], float]
"""Tells how rare a stem is in the corpus."""


def own_questions(answers: Sequence[Answer | None], rarity: Rarity) -> list[str]:
    """A question for each answer; empty where there is none, or nothing in it to ask about."""
    stems = Tokenizer()
    return [_question(answer, place, rarity, stems) if answer else "" for place, answer in enumerate(answers)]


def _question(answer: Answer, place: int, rarity: Rarity, stems: Tokenizer) -> str:
    sentences = [text for text in map(str.strip, SENTENCE.findall(answer.body)) if _is_askable(text)]
    kinds = (
        lambda: answer.headline or "",
        lambda: next((text for text in sentences if text.endswith("?")), ""),
        lambda: _key_terms(answer.body, rarity, stems),
        lambda: next(iter(sentences), ""),
    )
    made = (kinds[(place + step) % len(kinds)]() for step in range(len(kinds)))
    return next((text for text in made if text.strip()), "")


def _is_askable(sentence: str) -> bool:
    return MIN_WORDS <= len(sentence.split()) <= MAX_WORDS


def _key_terms(body: str, rarity: Rarity, stems: Tokenizer) -> str:
    """The words of an answer that tell it best from others, by how often it has them and how rare they are."""
    counts = Counter(word for word in words(body) if word not in STOP_WORDS)
    weight = {word: count * rarity(stems.stem(word)) for word, count in counts.items()}
    return " ".join(sorted(weight, key=lambda word: -weight[word])[:KEY_TERMS])
