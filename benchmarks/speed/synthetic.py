"""Makes up any number of vectors and texts, distributed as real ones are: in clusters, and by Zipf's law."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from askdoc.models import Answer, Author, Passage, Question, Source

Vectors = NDArray[np.float32]
DIMENSION = 384
PART = 50_000
"""Rows made at once."""
VOCABULARY = 200_000
"""Different words."""
SHIFT, EXPONENT = 20, 1.15
"""Of Mandelbrot's form of Zipf's law, rank ** -EXPONENT behind SHIFT ranks: as the stems of MedQuAD's answers are
spread that are no stop words (the first in 39 of 100 passages of 54 stems, the hundredth in 7, the thousandth in 0.7).
"""
WORDS = 60
"""Mean number of words in a passage."""
TITLE_WORDS = 6
"""Words of a title, all from its first answer."""


def vectors(rows: int, *, seed: int = 0) -> Vectors:
    """Make unit vectors (rows, 384): clusters of uneven size, each spread along a few directions.

    A cluster is a topic. Its spread is of low rank, as that of a model's vectors is, with a little noise over it.
    """
    random = np.random.default_rng(seed)
    clusters = max(20, rows // 100)
    centres = _unit(random.normal(size=(clusters, DIMENSION)))
    shared = _unit(random.normal(size=(64, DIMENSION)))
    weights = 1 / np.arange(1, clusters + 1) ** 0.6
    owner = random.choice(clusters, rows, p=weights / weights.sum())
    made = np.empty((rows, DIMENSION), np.float32)
    for start in range(0, rows, PART):
        part = slice(start, min(rows, start + PART))
        count = part.stop - start
        spread = random.normal(size=(count, 64)).astype(np.float32) @ shared / 8
        noise = random.normal(size=(count, DIMENSION)).astype(np.float32) / DIMENSION**0.5
        made[part] = _unit(centres[owner[part]] + 0.6 * spread + 0.5 * noise)
    return made


def questions(of: Vectors, count: int, *, seed: int = 1) -> Vectors:
    """Make vectors near to stored ones, as a question is near to its answer: cosine about 0.8."""
    return near(of[np.random.default_rng(seed).integers(0, len(of), count)], seed=seed)


def near(vectors: Vectors, *, seed: int) -> Vectors:
    """Make a vector near to each: cosine about 0.8."""
    random = np.random.default_rng(seed)
    noise = random.standard_normal(size=vectors.shape, dtype=np.float32)
    return _unit(vectors + np.float32(0.75 / DIMENSION**0.5) * noise)


def word(rank: int) -> str:
    """Make up a word of consonants and vowels in turn, another for each rank."""
    letters = ""
    while rank or len(letters) < 4:
        rank, consonant = divmod(rank, 20)
        rank, vowel = divmod(rank, 5)
        letters += "bcdfghjklmnpqrstvwxz"[consonant] + "aeiou"[vowel]
    return letters


def pages(passages: int, *, seed: int = 2, most_frequent: Sequence[str] = ()) -> tuple[list[Question], list[Passage]]:
    """Make questions with four answers each, each answer one passage, in words whose frequencies follow Zipf's law.

    ``most_frequent`` are the words of the first ranks, where they are not to be made up.
    """
    random = np.random.default_rng(seed)
    names = [*most_frequent, *(word(rank) for rank in range(VOCABULARY - len(most_frequent)))]
    made, cut = [], []
    texts = _texts(random, passages, names)
    for number in range(-(-passages // 4)):
        bodies = [next(texts) for _ in range(min(4, passages - 4 * number))]
        title = " ".join(bodies[0].split()[::-1][:TITLE_WORDS])
        answers = tuple(Answer(f"{number}:{n}", body, author=Author(f"Doctor {n}")) for n, body in enumerate(bodies))
        question = Question(str(number), title, Source("made-up.jsonl", number + 1), answers=answers)
        made.append(question)
        cut += [Passage(question, answer, 0, len(answer.body)) for answer in answers]
    return made, cut


def _texts(random: np.random.Generator, count: int, names: Sequence[str]) -> Iterator[str]:
    ranks = 1 / (np.arange(1, len(names) + 1) + SHIFT) ** EXPONENT
    chances = np.cumsum(ranks / ranks.sum())
    for start in range(0, count, 1000):
        lengths = random.poisson(WORDS, min(1000, count - start)) + 1
        drawn = np.searchsorted(chances, random.random(int(lengths.sum()))).clip(max=len(names) - 1)
        words = [names[number] for number in drawn.tolist()]
        for end, length in zip(np.cumsum(lengths), lengths, strict=True):
            yield " ".join(words[end - length : end])


def _unit(rows: NDArray[np.floating]) -> Vectors:
    unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit
