"""Hunts for the questions that take longest, and prints the worst ten beside a long message.

    python -m benchmarks.speed.worst_questions INDEX [MESSAGES.jsonl] [--minutes N]

INDEX is a built index; the larger its vocabulary, the more an unknown word may cost. MESSAGES has lines with a "text"
(``benchmarks.speed.query_sets`` makes some): the median of what they take is what a question is compared with; without
them, one message of ours is. A server answers on one thread, so that all others wait while a question is answered.

Questions and the questions before them are put together from pieces of many kinds by Hypothesis, whose target is the
processor time of the whole reply (all threads); each kind is tried by itself as well. The worst are timed again, in
turn with the messages; of those that begin with the same kind of piece, one is kept with questions before it, and
one without.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does, before numpy is loaded

import argparse
import json
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings, target
from hypothesis import strategies as st

from askdoc import bootstrap
from askdoc.errors import QuestionError
from askdoc.query.followup import LONGEST_CONTEXT, MOST_CONTEXT
from askdoc.query.terminology import Terminology
from askdoc.responder import LONGEST_QUESTION, Parts, Responder
from askdoc.safety.phrases import expand_phrases
from askdoc.safety.table import shipped
from askdoc.settings import Settings
from benchmarks.speed import machine

ROUNDS = 5
"""Tries of each of the worst questions and of the messages, in turn, of which the fastest counts."""
SHOWN = 10
"""Questions that are printed."""
KEPT = 25
"""Questions of a hunt that are timed again."""
MESSAGES = 40
"""Messages of a file that are timed: every so many of them."""
CONSONANTS, VOWELS = "bcdfghjklmnprstvwz", "aeiou"
KNOWN = "What helps against hives, shingles and piles after a nose job or a tummy tuck?"
MESSAGE = (
    "For about three weeks now I have had a dull ache in my lower back that gets worse when I sit at my desk, and some "
    "mornings the left leg feels numb down to the knee. I am 46 and otherwise well, I take nothing but a pill for my "
    "thyroid. Heat helps a little. Should I keep moving or rest, and does this need a scan before it gets worse?"
)
"""A message of 73 tokens, special ones included."""


@dataclass(frozen=True)
class Input:
    """A question, with the questions before it."""

    name: str
    question: str
    context: tuple[str, ...] = ()

    @property
    def family(self) -> tuple[str, bool]:
        """What is said of the worst of its like: the first kind of piece, and whether questions stand before it."""
        return re.split(r" \+ |, joined|; ", self.name)[0], bool(self.context)


@dataclass(frozen=True)
class Timing:
    """Milliseconds of processor time of the whole reply and of its parts on the answering thread."""

    name: str
    reply: float
    rewriting: float
    followup: float
    safety: float

    def line(self, message: float) -> str:
        """A line of the table, with the ratio to what a message takes."""
        parts = self.rewriting, self.followup, self.safety
        return f"| {self.name} | {self.reply:.1f} | {self.reply / message:.1f} | " + " | ".join(
            f"{part:.1f}" for part in parts
        )


@dataclass
class Machine:
    """What is measured: a responder, with its parts."""

    responder: Responder
    parts: Parts

    def cost(self, input_: Input, rounds: int = 1) -> float | None:
        """Milliseconds of processor time of the reply, the fastest of some rounds; None where it is refused."""
        try:
            return fastest(lambda: self.responder.reply(input_.question, context=input_.context), rounds)
        except QuestionError:
            return None

    def timed(self, input_: Input, reply: float) -> Timing:
        """Time the parts of one question beside its reply."""
        return Timing(
            input_.name,
            reply,
            fastest(lambda: self.parts.rewriter.rewrite(input_.question)),
            fastest(lambda: self.parts.followups.resolve(input_.question, input_.context)),
            fastest(lambda: self.parts.gate.assess(input_.question)),
        )


def fastest(work: Callable[[], object], rounds: int = 3) -> float:
    """Milliseconds of processor time of the fastest round."""
    took = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        took.append(1000 * (time.process_time() - began))
    return min(took)


def filled(draw: Callable[[], str], separator: str = " ", length: int = LONGEST_QUESTION) -> str:
    """Join drawn pieces to a text as long as a question may be."""
    text = draw()
    while len(text) < length:
        text += separator + draw()
    return text[:length].strip()


Draw = Callable[[random.Random], str]


def syllables(draw: random.Random, count: int) -> str:
    """A word that nobody knows."""
    return "".join(draw.choice(CONSONANTS) + draw.choice(VOWELS) for _ in range(count))


def mistyped(word: str, draw: random.Random) -> str:
    """Replace a letter within the word."""
    at = draw.randrange(1, max(len(word), 2))
    return word[:at] + draw.choice(VOWELS + CONSONANTS) + word[at + 1 :]


def one_of(*pieces: str) -> Draw:
    """Draw one of some pieces."""
    return lambda draw: draw.choice(pieces)


def letters(*bounds: tuple[int, int]) -> Draw:
    """Draw a character of some ranges of Unicode."""
    return lambda draw: chr(draw.randint(*draw.choice(bounds)))


@dataclass(frozen=True)
class Vocabularies:
    """The words that pieces are drawn from."""

    corpus: Sequence[str]
    """Words of the index."""
    names: Sequence[str]
    """Names of the field."""
    alarms: Sequence[str]
    """Phrases of the safety table."""

    @classmethod
    def of(cls, words: Sequence[str]) -> "Vocabularies":
        """Those that come with the program, and the words of an index."""
        terminology = Terminology.shipped()
        lists = [text for table in shipped().concept_lists() for text in table.values()]
        alarms = sorted({phrase.replace("*", "") for text in lists for phrase in expand_phrases(text)})
        return cls(words, sorted(" ".join(name) for name in terminology.names), alarms)


def drawn(known: Vocabularies) -> dict[str, Draw]:
    """The kinds of pieces that are drawn from words or made of syllables, by what is unusual about them."""
    words = KNOWN.rstrip("?").split()
    return {
        **{f"gibberish of {2 * half} letters": partial(syllables, count=half) for half in (2, 3, 4, 5, 7, 11)},
        "gibberish in capitals": lambda draw: syllables(draw, 4).title(),
        "gibberish between hyphens": lambda draw: f"{syllables(draw, 4)}-{syllables(draw, 4)}",
        "slips in known words": lambda draw: mistyped(draw.choice(words), draw),
        "slips in words of the corpus": lambda draw: mistyped(draw.choice(known.corpus), draw),
        "words of the corpus": lambda draw: draw.choice(known.corpus),
        "short words of the corpus": lambda draw: min(draw.choices(known.corpus, k=6), key=len),
        "names": lambda draw: draw.choice(known.names),
        "slips in names": lambda draw: mistyped(draw.choice(known.names), draw),
        "alarms": lambda draw: draw.choice(known.alarms),
        "slips in alarms": lambda draw: mistyped(draw.choice(known.alarms), draw),
        "letters held down": lambda draw: re.sub("[aeiou]", lambda vowel: vowel[0] * 9, draw.choice(known.alarms)),
        "letters": lambda draw: draw.choice(CONSONANTS + VOWELS) * draw.choice((1, 1, 30)),
        "one-letter words": lambda draw: draw.choice("bcdefghjklmnopqrstuvwxyz"),
        "numbers": lambda draw: str(draw.randint(0, 999)),
        "digits": letters((0x30, 0x39)),
        "ideographs": letters((0x4E00, 0x9FA5), (0xAC00, 0xD7A3)),
        "anything": letters((0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x52F), (0x2000, 0x206F)),
    }


CHOICES = {
    "common words": (
        "the",
        "and",
        "of",
        "is",
        "in",
        "to",
        "my",
        "what",
        "how",
        "can",
        "i",
        "do",
        "for",
        "with",
        "pain",
    ),
    "negations": ("no", "not", "never", "without", "denies", "or", "nor", "neither", "n't", "but", ","),
    "cues": (
        "what is",
        "my dog",
        "if",
        "i had",
        "years ago",
        "in 2012",
        "in a novel",
        "does",
        "and now",
        "he",
        "cost of",
    ),
    "measures": ("39.5C", "200/110", "6 weeks", "120 over 80", "300 mg", "sugar 400", "pulse 180", "12 pills", "baby"),
    "dates": ("2012-03-04", "1/2/3.4/", "in 1999", "5 days ago"),
    "punctuation": (*"?!.,;:-–*/()[]", '"', "“", "'", "...", "?!"),
    "markup": ("<b>", "</b>", "https://a.example/?q=", "[x](y)", "**", "`", "&amp;", "&#39;", "#", "{}", "\\"),
    "line breaks": ("\n", "\r\n", "\t", "\n\n- ", "\u2028"),
    "emoji": ("\U0001f469\U0001f3fd\u200d⚕\ufe0f", "😀", "🩸"),
    "combining marks": ("e\u0301", "\u0301\u0302\u0303", "a\u030a", "\u0e33"),
    "invisible": ("\u200b", "\u00ad", "\u200d", "\ufeff", "\u2060", "\u3164", "a\u200b", "pa\u00adin"),
    "directions": ("\u202eabc\u202c", "\u200f", "ألم", "כאב", "في"),
    "scripts": ("боль", "疼痛", "통증", "दर्द", "ปวด", "πόνος", "caпin", "рain"),
    "compatibility forms": ("ﷺ", "ｐａｉｎ", "ﬁ", "①", "㍿", "½", "𝐩𝐚𝐢𝐧"),
    "pronouns": ("it", "they", "that", "those", "for that", "is it that to", "does it take", "them", "he"),
    "openings": ("and", "but", "so", "ok", "thanks", "what about", "how about", "another question"),
    "aspects": ("symptoms of", "what is", "treatment for", "syndrome", "disease", "side effects", "has", "risk of"),
}
"""The kinds of pieces of which there are few."""


def kinds(known: Vocabularies) -> dict[str, Draw]:
    """All kinds of pieces."""
    return drawn(known) | {name: one_of(*pieces) for name, pieces in CHOICES.items()}


SEPARATORS = (" ", "", "\n", ", ", ". ", "-", "'", " and ", "\u200b", "? ", " no ")


@st.composite
def texts(draw: st.DrawFn, known: Vocabularies, length: int) -> tuple[str, str]:
    """A text up to a length, with what it is made of: stretches, each of pieces of one kind or two."""
    stretches, names, all_kinds = [], [], kinds(known)
    for _ in range(draw(st.integers(1, 3))):
        mixed = draw(st.lists(st.sampled_from(sorted(all_kinds)), min_size=1, max_size=2, unique=True))
        separator = draw(st.sampled_from(SEPARATORS))
        share = draw(st.sampled_from((length, length // 2, length // 4, 60)))
        draws = [all_kinds[kind] for kind in mixed]
        stretches.append(_stretch(draws, random.Random(draw(st.integers(0, 999))), separator, share))
        names += mixed
    return " ".join(stretches)[:length].strip(), " + ".join(dict.fromkeys(names))


def _stretch(draws: Sequence[Draw], source: random.Random, separator: str, length: int) -> str:
    return filled(lambda: source.choice(draws)(source), separator, length)


@st.composite
def inputs(draw: st.DrawFn, known: Vocabularies) -> Input:
    """A question, now and then with questions before it."""
    question, name = draw(texts(known, draw(st.sampled_from((LONGEST_QUESTION, LONGEST_QUESTION, 600, 300, 100)))))
    opening = draw(st.sampled_from(("", "", "and does it hurt? ", "what about ", "Is it serious? ")))
    question = (opening + question)[:LONGEST_QUESTION]
    if not draw(st.sampled_from((False, False, True))):
        return Input(name, question)
    earlier, of_earlier = draw(texts(known, LONGEST_CONTEXT))
    before = draw(st.sampled_from((1, MOST_CONTEXT)))
    return Input(f"{name}; {before} times before: {of_earlier}", question, (earlier,) * before)


@dataclass
class Hunt:
    """The worst input of each family that was met, with the milliseconds it took."""

    measured: Machine
    until: float
    tried: int = 0
    worst: dict[tuple[str, bool], tuple[float, Input]] = field(default_factory=dict)

    def run(self, known: Vocabularies) -> None:
        """Let Hypothesis look for greater times, from new beginnings until the time is over."""

        @settings(
            max_examples=250,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.target),
            suppress_health_check=list(HealthCheck),
        )
        @given(inputs(known))
        def look(input_: Input) -> None:
            if time.monotonic() < self.until and (took := self.meet(input_)):
                target(took, label="milliseconds")

        while time.monotonic() < self.until:
            look()

    def meet(self, input_: Input) -> float | None:
        """Time an input, and keep it where it is among the worst."""
        took = self.measured.cost(input_)
        if took is None:
            return None
        self.tried += 1
        before = self.worst.get(input_.family)
        if before is None or before[0] < took:
            self.worst[input_.family] = took, input_
        return took

    def candidates(self) -> list[Input]:
        """The worst ones, worst first."""
        return [input_ for _, input_ in sorted(self.worst.values(), key=lambda pair: -pair[0])[:KEPT]]


def made_by_hand(known: Vocabularies) -> Iterator[Input]:
    """Each kind of piece by itself, at the greatest length: as a question, and ten times before a short one."""
    for name, draw in kinds(known).items():
        for separator in (" ", ""):
            text = filled(partial(draw, random.Random(0)), separator)
            yield Input(f"{name}, joined by {separator!r}", text)
        yield Input(f"10 times before: {name}", "and how long does it last?", (text[:LONGEST_CONTEXT],) * MOST_CONTEXT)
    yield Input("a plain question, again and again", " ".join([KNOWN] * 12)[:LONGEST_QUESTION])
    yield Input("a long message, again and again", " ".join([MESSAGE] * 3)[:LONGEST_QUESTION])


def timed_in_turn(measured: Machine, worst: Sequence[Input], messages: Sequence[str]) -> tuple[list[Timing], float]:
    """The worst inputs with what they take, worst first, and the median of what the messages take."""
    by_name: dict[str, float] = {}
    of_messages = [float("inf")] * len(messages)
    for _ in range(ROUNDS):
        for input_ in worst:
            took = measured.cost(input_)
            if took is not None:
                by_name[input_.name] = min(took, by_name.get(input_.name, took))
        for place, text in enumerate(messages):
            of_messages[place] = min(of_messages[place], measured.cost(Input("", text)) or 0.0)
    inputs_by_name = {input_.name: input_ for input_ in worst}
    first = sorted(by_name, key=lambda name: -by_name[name])[:SHOWN]
    return [measured.timed(inputs_by_name[name], by_name[name]) for name in first], statistics.median(of_messages)


def read_messages(path: Path | None) -> list[str]:
    """Some messages of a file that are no longer than a question may be; without a file, our own."""
    if path is None:
        return [MESSAGE]
    found = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    found = [text for text in found if len(text) <= LONGEST_QUESTION]
    return found[:: max(1, len(found) // MESSAGES)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path, help="folder of a built index")
    parser.add_argument("messages", type=Path, nargs="?")
    parser.add_argument("--minutes", type=float, default=3)
    parsed = parser.parse_args()
    index = bootstrap.open_generation(Settings(index=parsed.index))
    parts = bootstrap.parts(index)
    measured = Machine(Responder(parts, index_id=index.index_id), parts)
    known = Vocabularies.of([word for length in range(4, 15) for word in index.vocabulary.of_length(length)])
    messages = read_messages(parsed.messages)
    for text in messages:
        measured.responder.reply(text)
    hunt = Hunt(measured, time.monotonic() + 60 * parsed.minutes)
    for input_ in made_by_hand(known):
        hunt.meet(input_)
    hunt.run(known)
    worst, message = timed_in_turn(measured, hunt.candidates(), messages)
    tokens = statistics.median(index.embedder.lengths(messages)) + 2
    print(f"{machine.described()}; {index.manifest.counts.answers:,} answers; {hunt.tried:,} questions tried")
    print(f"a message of {tokens:.0f} tokens (median of {len(messages)}): {message:.1f} ms of processor time\n")
    print("| question | ms | messages | rewriting | follow-up | gate's look |\n|---|--:|--:|--:|--:|--:|")
    print("\n".join(f"{timing.line(message)} |" for timing in worst))


if __name__ == "__main__":
    main()
