"""Finds the questions that take longest: times texts made to be slow, part by part, and prints the worst ten.

    python -m benchmarks.speed.worst_questions [INDEX]

INDEX is a built index; the larger its vocabulary, the more an unknown word costs. A server answers on one thread, so
that all others wait while a question is answered.
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
"""Tries of each question, of which the fastest counts."""
SHOWN = 10
"""Questions that are printed."""
CONSONANTS, VOWELS = "bcdfghjklmnprstvwz", "aeiou"
PLAIN = "a plain question"
KNOWN = "What helps against hives, shingles and piles after a nose job or a tummy tuck?"


@dataclass(frozen=True)
class Input:
    """A question, with the questions before it."""

    name: str
    question: str
    context: tuple[str, ...] = ()


@dataclass(frozen=True)
class Timing:
    """Milliseconds of the whole reply and of its parts."""

    name: str
    reply: float
    rewriting: float
    followup: float
    safety: float

    def line(self) -> str:
        """A line of the table."""
        parts = self.reply, self.rewriting, self.followup, self.safety
        return f"{self.name:<42}" + "".join(f"{part:>12.1f}" for part in parts)


def filled(draw: Callable[[], str], separator: str = " ") -> str:
    """Join drawn pieces to a text as long as a question may be."""
    text = draw()
    while len(text) < LONGEST_QUESTION:
        text += separator + draw()
    return text[:LONGEST_QUESTION].strip()


def inputs(seed: int = 0) -> Iterator[Input]:
    """Make questions that could be slow for one reason or another, and a plain one."""
    texts = slow_texts(random.Random(seed))
    for name, text in texts.items():
        yield Input(name, text)
    for name in ("gibberish, words of 8 letters", "names of conditions", "pronouns", "openings", "one-letter words"):
        yield Input(
            f"ten times before: {name}", "and how long does it last?", (texts[name][:LONGEST_CONTEXT],) * MOST_CONTEXT
        )
    yield Input(PLAIN, KNOWN)


def slow_texts(draw: random.Random) -> dict[str, str]:
    """Texts of the greatest length by what is unusual about them."""

    def syllables(count: int) -> str:
        return "".join(draw.choice(CONSONANTS) + draw.choice(VOWELS) for _ in range(count))

    gibberish = {f"gibberish, words of {2 * n} letters": filled(partial(syllables, n)) for n in (2, 3, 4, 5, 6, 9)}
    return gibberish | {
        "gibberish in capitals": filled(lambda: syllables(4).title()),
        "gibberish between hyphens": filled(lambda: syllables(4), "-"),
        "words one typo from known ones": filled(lambda: mistyped(draw.choice(KNOWN.split()), draw)),
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


def mistyped(word: str, draw: random.Random) -> str:
    """Replace a letter within the word."""
    at = draw.randrange(1, max(len(word), 2))
    return word[:at] + draw.choice(VOWELS + CONSONANTS) + word[at + 1 :]


def fastest(work: Callable[[], object]) -> float:
    """Milliseconds of the fastest round."""
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        took.append(1000 * (time.perf_counter() - began))
    return min(took)


def timed(input_: Input, responder: Responder, parts: Parts) -> Timing | None:
    """Time one input; None where it is refused."""
    try:
        responder.reply(input_.question, context=input_.context)
    except QuestionError:
        return None
    return Timing(
        input_.name,
        fastest(lambda: responder.reply(input_.question, context=input_.context)),
        fastest(lambda: parts.rewriter.rewrite(input_.question)),
        fastest(lambda: parts.followups.resolve(input_.question, input_.context)),
        fastest(lambda: parts.gate.assess(input_.question)),
    )


def worst(timings: Sequence[Timing]) -> list[Timing]:
    """The slowest first, then the plain question to compare them with."""
    slowest = sorted(timings, key=lambda timing: -timing.reply)
    return slowest[:SHOWN] + [timing for timing in slowest[SHOWN:] if timing.name == PLAIN]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path, nargs="?", default=Path("index"), help="folder of a built index")
    index = bootstrap.open_generation(Settings(index=parser.parse_args().index))
    parts = bootstrap.parts(index)
    responder = Responder(parts, index_id=index.index_id)
    timings = [timing for input_ in inputs() if (timing := timed(input_, responder, parts))]
    print(
        f"{'milliseconds':<42}" + "".join(f"{name:>12}" for name in ("reply", "rewriting", "follow-up", "gate's look"))
    )
    print("\n".join(timing.line() for timing in worst(timings)))


if __name__ == "__main__":
    main()
