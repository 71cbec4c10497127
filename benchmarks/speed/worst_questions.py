"""The questions that take longest: texts made to be slow, timed part by part, the worst ten printed.

Run: ``python -m benchmarks.speed.worst_questions [INDEX]`` over a built index; the larger its vocabulary, the more
a word costs that nobody knows. The line of a server has one thread: what one question takes, the others wait for.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from askdoc import bootstrap
from askdoc.errors import QuestionError
from askdoc.query.followup import LONGEST_CONTEXT, MOST_CONTEXT
from askdoc.responder import LONGEST_QUESTION, Parts, Responder
from askdoc.settings import Settings

ROUNDS = 3
SHOWN = 10
CONSONANTS, VOWELS = "bcdfghjklmnprstvwz", "aeiou"
KNOWN = "What helps against hives, shingles and piles after a nose job or a tummy tuck?"


@dataclass(frozen=True)
class Input:
    """A question with the ones before it."""

    name: str
    question: str
    context: tuple[str, ...] = ()


@dataclass(frozen=True)
class Timed:
    """Milliseconds of the fastest of some rounds, for the whole reply and for its parts."""

    name: str
    reply: float
    rewriting: float
    following: float
    looking: float

    def line(self) -> str:
        parts = self.reply, self.rewriting, self.following, self.looking
        return f"{self.name:<42}" + "".join(f"{part:>12.1f}" for part in parts)


def filled(draw: Callable[[], str], joint: str = " ", most: int = LONGEST_QUESTION) -> str:
    """Pieces as long as a question may be."""
    text = draw()
    while len(text) < most:
        text += joint + draw()
    return text[:most].strip()


def inputs(seed: int = 0) -> Iterator[Input]:
    """Texts of the greatest length that are slow in one way or another."""
    draw = random.Random(seed)

    def syllables(count: int) -> str:
        return "".join(draw.choice(CONSONANTS) + draw.choice(VOWELS) for _ in range(count))

    made: dict[str, str] = {
        f"gibberish, words of {2 * n} letters": filled(partial(syllables, n)) for n in (2, 3, 4, 5, 6, 9)
    }
    made |= {
        "gibberish in capitals": filled(lambda: syllables(4).title()),
        "gibberish between hyphens": filled(lambda: syllables(4), "-"),
        "words one slip from known ones": filled(lambda: slipped(draw.choice(KNOWN.split()), draw)),
        "one-letter words": filled(lambda: draw.choice("bcdefghjklmnopqrstuvwxyz")),
        "one letter, again and again": "s " * 500,
        "a thousand letters without a space": filled(lambda: draw.choice(CONSONANTS + VOWELS), ""),
        "one letter held down": "a" * LONGEST_QUESTION,
        "letters of three scripts by turns": filled(
            lambda: draw.choice("abc") + draw.choice("абв") + draw.choice("אבג"), ""
        ),
        "words of three scripts by turns": filled(lambda: draw.choice(("pain", "боль", "כאב", "疼痛", "ألم"))),
        "Chinese": filled(lambda: chr(draw.randint(0x4E00, 0x9FA5)), ""),
        "digits": filled(lambda: str(draw.randint(0, 9)), ""),
        "numbers": filled(lambda: str(draw.randint(0, 999))),
        "measures": filled(
            lambda: f"{draw.randint(30, 45)}.{draw.randint(0, 9)}C {draw.randint(60, 250)}/{draw.randint(40, 150)}"
        ),
        "punctuation": "why" + "?!.,;:-" * 142,
        "apostrophes": filled(lambda: "n't", "'"),
        "brackets": "pain" + "(" * 498 + ")" * 498,
        "emoji": "pain " + "\U0001f469\U0001f3fd\u200d⚕\ufe0f" * 199,
        "accents on one letter": "pain e" + "\u0301" * 990,
        "soft hyphens": filled(lambda: draw.choice(VOWELS), "\u00ad"),
        "zero-width spaces": filled(lambda: syllables(2), "\u200b"),
        "compatibility forms that grow": "\ufdfa" * 55,
        "names of conditions": filled(lambda: draw.choice(("hives", "urticaria", "shingles", "piles", "hemorrhoids"))),
        "pronouns": filled(lambda: draw.choice(("it", "they", "that", "those", "for that", "is it that to"))),
        "openings": filled(lambda: draw.choice(("and", "but", "so", "ok", "what about"))),
        "line breaks": filled(lambda: syllables(3), "\n"),
        "a plain question, six times": " ".join([KNOWN] * 12)[:LONGEST_QUESTION],
    }
    for name, text in made.items():
        yield Input(name, text)
    for name in ("gibberish, words of 8 letters", "names of conditions", "pronouns", "openings", "one-letter words"):
        yield Input(
            f"ten times before: {name}", "and how long does it last?", (made[name][:LONGEST_CONTEXT],) * MOST_CONTEXT
        )
    yield Input("a plain question", KNOWN)


def slipped(word: str, draw: random.Random) -> str:
    """The word with one other letter in its middle."""
    at = draw.randrange(1, max(len(word), 2))
    return word[:at] + draw.choice(VOWELS + CONSONANTS) + word[at + 1 :]


def fastest(work: Callable[[], object]) -> float:
    """Milliseconds of the fastest round."""
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - began))
    return min(found)


def timed(one: Input, responder: Responder, parts: Parts) -> Timed | None:
    """How long one input takes; None where it is refused."""
    try:
        responder.reply(one.question, context=one.context)
    except QuestionError:
        return None
    return Timed(
        one.name,
        fastest(lambda: responder.reply(one.question, context=one.context)),
        fastest(lambda: parts.rewriter.rewrite(one.question)),
        fastest(lambda: parts.conversations.resolve(one.question, one.context)),
        fastest(lambda: parts.gate.assess(one.question)),
    )


def worst(found: Sequence[Timed]) -> list[Timed]:
    """The slowest, and the plain question to compare them with."""
    order = sorted(found, key=lambda one: -one.reply)
    return order[:SHOWN] + [one for one in order[SHOWN:] if one.name == "a plain question"]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("index", type=Path, nargs="?", default=Path("index"), help="folder of a built index")
    index = bootstrap.open_generation(Settings(index=parser.parse_args().index))
    parts = bootstrap.parts(index)
    responder = Responder(parts, index_id=index.index_id)
    found = [one for one in (timed(one, responder, parts) for one in inputs()) if one]
    print(
        f"{'milliseconds':<42}" + "".join(f"{name:>12}" for name in ("reply", "rewriting", "follow-up", "gate's look"))
    )
    print("\n".join(one.line() for one in worst(found)))


if __name__ == "__main__":
    main()
