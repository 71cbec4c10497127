"""Asks a corpus its own questions when its index is made, and others that it cannot answer, to calibrate."""

import random
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from askdoc.index.protocol import PostingLists
from askdoc.retriever.confidence import NAMES, Calibration, Certainty
from askdoc.retriever.ranking import Ranker
from askdoc.retriever.statistics import CollectionStatistics
from askdoc.text import words

FOREIGN = (
    "What time does the supermarket close on Sundays?",
    "How do I reset the password of my bank account?",
    "Book me a window seat to Lisbon for Friday morning",
    "Who won the cup final last year?",
    "How many ounces are in a litre?",
    "Play some jazz in the kitchen",
    "What is the exchange rate of the yen today?",
    "Can you translate good evening into Portuguese?",
    "My tyre is flat, where is the nearest garage?",
    "What is the capital of Mongolia?",
    "Remind me to pay the electricity bill tomorrow",
    "How do I export a spreadsheet as a PDF?",
    "Is it going to rain in Hamburg this weekend?",
    "How long does it take to roast a chicken?",
    "Which visa do I need to work in Canada?",
    "How can I improve my credit score?",
    "What is the square root of 841?",
    "Turn down the lights in the living room",
    "When does the next train to Leeds leave?",
    "How do I change the oil of a lawn mower?",
    "Which laptop is best for editing videos?",
    "Tell me a joke about penguins",
    "How do I file an appeal against a parking ticket?",
    "What should I plant in a shady garden?",
    "How many days of leave do I have left?",
    "Who wrote the music of that film about sharks?",
    "Why does my printer say that it is offline?",
    "How do I tie a bow tie?",
    "Order more coffee beans",
    "What does carpe diem mean?",
)


Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
ASKED = 250
"""So many of the corpus's own questions are asked, of those that it answers."""
SCRAMBLED = 60
SAME_TOPIC = 0.7
"""Stored questions so near in meaning are taken to be about the same."""
RARE = 0.01
"""A word that so small a share of the titles has names a topic."""


def calibrate(
    ranker: Ranker,
    titles: Sequence[str],
    vectors: Floats,
    *,
    topics: PostingLists,
    among: Sequence[int] | None = None,
) -> Calibration:
    """From the titles of all questions, their vectors (questions, d) and their words.

    ``among``: the rows that may be asked, all unless named. A question that nobody has answered is not asked.
    """
    covered, uncovered = ask_itself(ranker, titles, vectors, topics=topics, among=among)
    return Calibration.fit(covered, uncovered, Certainty.shipped(titles=bool(ranker.reader.title.size)))


def ask_itself(
    ranker: Ranker,
    titles: Sequence[str],
    vectors: Floats,
    *,
    topics: PostingLists,
    among: Sequence[int] | None = None,
) -> tuple[Floats, Floats]:
    """Signals (questions, names) of questions that the corpus covers, and of others that it does not."""
    draw = random.Random(0)
    statistics = ranker.generator.statistics
    allowed = range(len(titles)) if among is None else among
    rows = [row for row in allowed if statistics.answered[row]]
    chosen = sorted(draw.sample(rows, min(ASKED, len(rows))))
    keys = np.array([" ".join(words(title)) for title in titles])
    covered, uncovered = [], []
    questions = [ranker.reader.with_vector(titles[row], vectors[row]) for row in chosen]
    found_by = ranker.generator.collect(questions)
    near = vectors[chosen] @ vectors.T >= SAME_TOPIC
    for row, asked, found, alike in zip(chosen, questions, found_by, near, strict=True):
        same = statistics.question_of[found.answers]
        covered.append(ranker.weigh(asked, found.untitled(keys[same] == keys[row])).observed)
        gone = about_the_same(row, asked.terms, alike, topics)
        uncovered.append(ranker.weigh(asked, found.without(with_copies(gone, statistics)[found.answers])).observed)
    strangers = [_scrambled(titles, draw) for _ in chosen[:SCRAMBLED]] + list(FOREIGN)
    uncovered += [ranked.observed for ranked in ranker.rank(ranker.reader.read(strangers))]
    return _seen(covered), _seen(uncovered)


def about_the_same(
    row: int, terms: Mapping[str, float], near: NDArray[np.bool_], topics: PostingLists
) -> NDArray[np.bool_]:
    """(questions,) those that must go so that one is not covered: ``near`` in meaning, or with its rarest word."""
    near = near.copy()
    near[row] = True
    if terms:
        topic = max(terms, key=lambda term: terms[term] * topics.rarity(term))
        holders = topics.postings(topic)[0]
        if len(holders) <= max(RARE * topics.size, 1):
            near[holders] = True
    return near


def with_copies(gone: NDArray[np.bool_], statistics: CollectionStatistics) -> NDArray[np.bool_]:
    """(answers,) those of the questions (questions,) that go, with the near copies of them under other questions."""
    answers = gone[statistics.question_of]
    found: NDArray[np.bool_] = np.isin(statistics.copy_of, statistics.copy_of[answers])
    return found


def _seen(observed: Sequence[Floats]) -> Floats:
    """(questions, names) of those questions that found anything at all."""
    return np.array([one for one in observed if one.any()], np.float32).reshape(-1, len(NAMES))


def _scrambled(titles: Sequence[str], draw: random.Random) -> str:
    """Words of several questions in no order."""
    pool = [word for title in draw.sample(list(titles), min(6, len(titles))) for word in words(title)]
    return " ".join(draw.sample(pool, min(7, len(pool))))
