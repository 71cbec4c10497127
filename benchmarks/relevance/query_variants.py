"""A question as others would type it: with typing errors, as bare keywords, or amid small talk. Seeded, made afresh.

``typo`` and ``slips`` make different errors, so that what mends the one is not fitted to it: ``typo`` leaves out,
doubles or crosses letters; ``slips`` doubles, halves, loses vowels and strikes the next key, in some long words twice.
"""

import random
from collections.abc import Callable

from askdoc.index.bm25 import STOP_WORDS
from askdoc.text import WORD, words

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
TWICE_FROM = 9
"""Longer words may hold two."""
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
BESIDE = {
    key: row[max(place - 1, 0) : place] + row[place + 1 : place + 2] + below[max(place - 1, 0) : place + 1]
    for row, below in zip(KEYS, (*KEYS[1:], ""), strict=True)
    for place, key in enumerate(row)
}
"""The keys to the left and right of each, and below it."""


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


def slips(question: str, draw: random.Random) -> str:
    """One or two other errors in the longest word, and in each other long word by one chance in four."""
    long = [match for match in WORD.finditer(question) if len(match[0]) > LEAST and match[0].isalpha()]
    chosen = {max(long, key=lambda match: len(match[0]))} if long else set()
    chosen |= {match for match in long if draw.random() < 0.25}
    for match in sorted(chosen, key=lambda match: -match.start()):
        word = _slipped(match[0], draw)
        if len(match[0]) >= TWICE_FROM and draw.random() < 1 / 3:
            word = _slipped(word, draw)
        question = question[: match.start()] + word + question[match.end() :]
    return question


def _slipped(word: str, draw: random.Random) -> str:
    """The word with one letter doubled, halved, left out where it is a vowel, or struck beside; never the first."""
    small, places = word.lower(), range(1, len(word))
    vowels = [place for place in places if small[place] in "aeiou"]
    twins = [place for place in places if small[place] == small[place - 1]]
    kinds = [("double", list(places)), ("drop", vowels), ("drop", twins), ("strike", [*places])]
    kind, among = draw.choice([(kind, among) for kind, among in kinds if among])
    at = draw.choice(among)
    if kind == "double":
        return word[:at] + word[at] + word[at:]
    return word[:at] + (draw.choice(BESIDE.get(small[at], small[at])) if kind == "strike" else "") + word[at + 1 :]


def keywords(question: str, _: random.Random) -> str:
    """The content words alone, without case or order of a sentence."""
    return " ".join(word for word in words(question) if word not in STOP_WORDS) or question


def chatty(question: str, draw: random.Random) -> str:
    """The question between a greeting and thanks."""
    return f"{draw.choice(OPENINGS)} {question} {draw.choice(CLOSINGS)}"


VARIANTS: dict[str, Callable[[str, random.Random], str]] = {
    "typo": typo,
    "slips": slips,
    "keywords": keywords,
    "chatty": chatty,
}


def varied(questions: list[str], kind: str, *, seed: int = 0) -> list[str]:
    """Every question in another form."""
    draw = random.Random(f"{seed} {kind}")
    return [VARIANTS[kind](question, draw) for question in questions]
