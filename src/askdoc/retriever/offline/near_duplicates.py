"""Which answers say nearly the same: they are shown as one card.

Two answers to one question do where eight tenths of their runs of four words are the same. Those to different questions
must agree in nearly every word: texts made after one pattern ("The signs of X are …") differ in what matters most.
Among so many they are found by sketches (Broder, "On the resemblance and containment of documents", 1997): for each of
many ways to shuffle all runs there could be, the run that comes first. Ways are put together into bands, and only
answers with two bands in common are compared. A sketch depends on nothing but its text, so builds carry it over.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from askdoc.doctors import resolve
from askdoc.models import Author
from askdoc.retriever.artifacts import Sketches
from askdoc.text import words

RUN = 4
ALIKE, ALIKE_ELSEWHERE = 0.8, 0.95
"""The share of all their runs that near copies have in common: under one question, and under two."""
BANDS, WAYS, SHARED = 16, 12, 2
"""Answers that share so many bands are compared: copies under two questions are missed once in ten thousand times, and
of texts with seven tenths in common one in 50 is read.
"""
AT_ONCE = 1_000
CROWD = 8
"""Of the answers that share a band each is compared with so many before it: boilerplate must not cost its square."""

_DRAW = np.random.default_rng(1997)
_SHUFFLES = _DRAW.integers(1, 2**63, (BANDS, WAYS), np.uint64) * np.uint64(2) + np.uint64(1)
_PLACES = _DRAW.integers(1, 2**63, RUN, np.uint64) * np.uint64(2) + np.uint64(1)
_MIXER = np.uint64(0xFF51AFD7ED558CCD)
_HIGH = np.uint64(32)


def sketches(bodies: Sequence[str]) -> Sketches:
    """The sketch of each text."""
    found = np.zeros((len(bodies), BANDS), np.uint32)
    for start in range(0, len(bodies), AT_ONCE):
        part = [_runs(body) for body in bodies[start : start + AT_ONCE]]
        ends = np.cumsum([len(runs) for runs in part])
        every, starts = np.concatenate(part), np.concatenate([[0], ends[:-1]])
        for band, ways in enumerate(_SHUFFLES):
            together = np.zeros(len(part), np.uint64)
            for way in ways:
                together = _mixed(together + np.minimum.reduceat(every * way, starts))
            found[start : start + len(part), band] = together >> _HIGH
    return found


def near_copies(bodies: Sequence[str], question_of: NDArray[np.int32], sketched: Sketches) -> NDArray[np.int32]:
    """(answers,) the first answer that says nearly the same, or the answer itself. ``question_of`` ascends."""
    first = list(range(len(bodies)))
    runs: dict[int, NDArray[np.uint64]] = {}
    questions = question_of.tolist()

    def root(answer: int) -> int:
        while first[answer] != answer:
            answer = first[answer]
        return answer

    def runs_of(answer: int) -> NDArray[np.uint64]:
        if answer not in runs:
            runs[answer] = np.unique(_runs(bodies[answer]))
        return runs[answer]

    for one, other in sorted({*_neighbours(question_of), *_sharing(sketched)}):
        low, high = sorted((root(one), root(other)))
        share = ALIKE if questions[one] == questions[other] else ALIKE_ELSEWHERE
        if low != high and _alike(runs_of(one), runs_of(other), share):
            first[high] = low
    return np.array([root(answer) for answer in range(len(first))], np.int32)


def by_doctor(authors: Sequence[Author], copies: NDArray[np.int32]) -> NDArray[np.int32]:
    """(answers,) the first near copy of each answer that is by the same doctor, or the answer itself."""
    groups: dict[int, list[int]] = {}
    for answer, copy in enumerate(copies.tolist()):
        groups.setdefault(copy, []).append(answer)
    found = np.arange(len(authors), dtype=np.int32)
    for group in groups.values():
        if len(group) > 1:
            found[group] = [group[first] for first in resolve(authors[answer] for answer in group)]
    return found


def _alike(one: NDArray[np.uint64], other: NDArray[np.uint64], share: float) -> bool:
    """Whether two sorted sets of runs have such a share of all their runs in common."""
    if min(len(one), len(other)) < share * max(len(one), len(other)):
        return False  # too unlike in length
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared >= share * (len(one) + len(other) - shared)


def _neighbours(question_of: NDArray[np.int32]) -> Iterator[tuple[int, int]]:
    """The pairs of answers to one question."""
    starts = np.flatnonzero(np.diff(question_of, prepend=-1)).tolist()
    for start, end in zip(starts, [*starts[1:], len(question_of)], strict=True):
        yield from combinations(range(start, end), 2)


def _sharing(sketched: Sketches) -> Sequence[tuple[int, int]]:
    """The pairs of answers with ``SHARED`` bands in common, the smaller row first."""
    rows = len(sketched)
    found: list[NDArray[np.int64]] = []
    equal = np.unique(sketched, axis=0, return_inverse=True)[1].reshape(rows)
    for column in sketched.T:
        order = np.lexsort((equal, column))  # the very same texts side by side
        for apart in range(1, min(CROWD, rows - 1) + 1):
            same = column[order[apart:]] == column[order[:-apart]]
            if not same.any():
                break
            pair = np.sort(np.stack([order[:-apart][same], order[apart:][same]]), axis=0)
            found.append(pair[0] * rows + pair[1])
    if not found:
        return []
    pairs, often = np.unique(np.concatenate(found), return_counts=True)
    ones, others = np.divmod(pairs[often >= SHARED], rows)
    return list(zip(ones.tolist(), others.tolist(), strict=True))


class _Codes(dict[str, int]):
    """A number for every word: looked up sooner than worked out again."""

    def __missing__(self, word: str) -> int:
        code = crc32(word.encode())
        if len(self) < 1_000_000:
            self[word] = code
        return code


_CODES = _Codes()


def _runs(text: str) -> NDArray[np.uint64]:
    """A hash of each run of four words in order; a shorter text is one run."""
    found = np.array([_CODES[word] for word in words(text)], np.uint64)
    if len(found) < RUN:
        found = np.pad(found, (0, RUN - len(found)))
    total = np.zeros(len(found) - RUN + 1, np.uint64)
    for place, factor in enumerate(_PLACES):
        total += _mixed(found[place : place + len(total)] * factor)
    return _mixed(total)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Every bit of a number in all bits of another."""
    values = (values ^ (values >> _HIGH)) * _MIXER
    return values ^ (values >> _HIGH)
