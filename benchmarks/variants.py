"""A question as others would type it: with typing errors, as bare keywords, or amid small talk. Seeded, made afresh."""

import random
from collections.abc import Callable

from askdoc.lexical import STOP_WORDS, words

OPENINGS = (
    "Hi there, I hope somebody can help me with this.",
    "Hello doctor, sorry to bother you again.",
    "Good evening, first time writing here and a bit nervous.",
    "Hey, my sister told me about this site so I thought I would try it.",
    "Dear all, I have been wondering about something for a while now.",
)
CLOSINGS = (
    "Thank you so much in advance for your time!",
    "Any help is much appreciated, have a lovely day.",
    "Sorry for the long message and thanks again.",
    "I would be very grateful for an answer. Kind regards",
    "Please let me know when you get a chance, thanks a lot.",
)
LEAST = 5
"""Shorter words are typed without errors."""


def typo(question: str, draw: random.Random) -> str:
    """One typing error in the longest word, and in each other long word by one chance in five."""
    parts = question.split()
    long = [n for n, part in enumerate(parts) if len(part) >= LEAST]
    chosen = {max(long, key=lambda n: len(parts[n]))} if long else set()
    chosen |= {n for n in long if draw.random() < 0.2}
    return " ".join(_mistyped(part, draw) if n in chosen else part for n, part in enumerate(parts))


def _mistyped(word: str, draw: random.Random) -> str:
    place = draw.randrange(1, len(word) - 2)
    before, first, second, after = word[:place], word[place], word[place + 1], word[place + 2 :]
    return draw.choice(
        (before + second + first + after, before + second + after, before + first + first + second + after)
    )


def keywords(question: str, _: random.Random) -> str:
    """The content words alone, without case or order of a sentence."""
    return " ".join(word for word in words(question) if word not in STOP_WORDS) or question


def chatty(question: str, draw: random.Random) -> str:
    """The question between a greeting and thanks."""
    return f"{draw.choice(OPENINGS)} {question} {draw.choice(CLOSINGS)}"


VARIANTS: dict[str, Callable[[str, random.Random], str]] = {"typo": typo, "keywords": keywords, "chatty": chatty}


def varied(questions: list[str], kind: str, *, seed: int = 0) -> list[str]:
    """Every question in another form."""
    draw = random.Random(f"{seed} {kind}")
    return [VARIANTS[kind](question, draw) for question in questions]
