"""Finds answers that say nearly the same: they are shown as one result.

Two answers to one question do where eight tenths of their shingles, runs of four words, are the same. Those to
different questions must agree in nearly every word: texts made after one pattern ("The signs of X are …") differ in
what matters most. Pairs to compare are found by MinHash (Broder, "On the resemblance and containment of documents",
1997): for each of many permutations of all shingles there could be, the shingle of the text that comes first.
Permutations are put together into bands, and only answers with two bands in common are compared. A sketch depends on
nothing but its text, so a later build takes it over.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from askdoc.doctors import resolve
from askdoc.models import Author
from askdoc.retriever.array_types import StoredRows
from askdoc.retriever.artifacts import Sketches
from askdoc.text import words

Shingles = NDArray[np.uint64]
"""Hashes of shingles."""
SHINGLE = 4
"""Words of a shingle."""
MIN_RESEMBLANCE, MIN_RESEMBLANCE_ELSEWHERE = 0.8, 0.95
"""The share of all their shingles that near copies have in common: under one question, and under two."""
BANDS, PERMUTATIONS, MIN_SHARED_BANDS = 16, 12, 2
"""Bands of a sketch, permutations of a band, and bands in common from which answers are compared.

Copies under two questions are missed once in ten thousand times, and of texts with seven tenths in common one in 50 is
read.
"""
BATCH = 1_000
"""Texts that are sketched together."""
MAX_COMPARED = 8
"""Of the answers that share a band each is compared with so many before it: boilerplate must not cost its square."""
MAX_CODES = 1_000_000
"""Words whose hashes are kept."""

_RANDOM = np.random.default_rng(1997)
_FACTORS = _RANDOM.integers(1, 2**63, (BANDS, PERMUTATIONS), np.uint64) * np.uint64(2) + np.uint64(1)
"""Odd numbers: multiplication by one permutes the hashes."""
_POSITIONS = _RANDOM.integers(1, 2**63, SHINGLE, np.uint64) * np.uint64(2) + np.uint64(1)
"""Odd factors of the words in a shingle, so that their order counts."""
_MIXER = np.uint64(0xFF51AFD7ED558CCD)
_HIGH = np.uint64(32)


def sketches(bodies: Sequence[str]) -> Sketches:
    """(texts, BANDS): the MinHash sketch of each text."""
    sketched = np.zeros((len(bodies), BANDS), np.uint32)
    for start in range(0, len(bodies), BATCH):
        batch = [_shingles(body) for body in bodies[start : start + BATCH]]
        ends = np.cumsum([len(shingles) for shingles in batch])
        every, starts = np.concatenate(batch), np.concatenate([[0], ends[:-1]])
        for band, factors in enumerate(_FACTORS):
            together = np.zeros(len(batch), np.uint64)
            for factor in factors:
                together = _mixed(together + np.minimum.reduceat(every * factor, starts))
            sketched[start : start + len(batch), band] = together >> _HIGH
    return sketched


def near_copies(bodies: Sequence[str], question_of: StoredRows, sketched: Sketches) -> StoredRows:
    """(answers,) the first answer that says nearly the same, or the answer itself. ``question_of`` ascends."""
    first = list(range(len(bodies)))
    known: dict[int, Shingles] = {}
    questions = question_of.tolist()

    def root(answer: int) -> int:
        while first[answer] != answer:
            answer = first[answer]
        return answer

    def shingles(answer: int) -> Shingles:
        if answer not in known:
            known[answer] = np.unique(_shingles(bodies[answer]))
        return known[answer]

    for one, other in sorted({*_same_question(question_of), *_sharing_bands(sketched)}):
        low, high = sorted((root(one), root(other)))
        least = MIN_RESEMBLANCE if questions[one] == questions[other] else MIN_RESEMBLANCE_ELSEWHERE
        if low != high and _resemble(shingles(one), shingles(other), least):
            first[high] = low
    return np.array([root(answer) for answer in range(len(first))], np.int32)


def first_by_doctor(authors: Sequence[Author], copy_of: StoredRows) -> StoredRows:
    """(answers,) the first near copy of each answer that is by the same doctor, or the answer itself."""
    groups: dict[int, list[int]] = {}
    for answer, copy in enumerate(copy_of.tolist()):
        groups.setdefault(copy, []).append(answer)
    first = np.arange(len(authors), dtype=np.int32)
    for group in groups.values():
        if len(group) > 1:
            first[group] = [group[place] for place in resolve(authors[answer] for answer in group)]
    return first


def _resemble(some: Shingles, others: Shingles, least: float) -> bool:
    """Whether the Jaccard similarity of two sorted sets of shingles is ``least`` or more."""
    if min(len(some), len(others)) < least * max(len(some), len(others)):
        return False  # too unlike in length
    shared = len(np.intersect1d(some, others, assume_unique=True))
    return shared >= least * (len(some) + len(others) - shared)


def _same_question(question_of: StoredRows) -> Iterator[tuple[int, int]]:
    """The pairs of answers to one question."""
    starts = np.flatnonzero(np.diff(question_of, prepend=-1)).tolist()
    for start, end in zip(starts, [*starts[1:], len(question_of)], strict=True):
        yield from combinations(range(start, end), 2)


def _sharing_bands(sketched: Sketches) -> Sequence[tuple[int, int]]:
    """The pairs of answers with ``MIN_SHARED_BANDS`` bands in common, the smaller row first."""
    rows = len(sketched)
    pairs_by_band: list[NDArray[np.int64]] = []
    equal = np.unique(sketched, axis=0, return_inverse=True)[1].reshape(rows)
    for column in sketched.T:
        order = np.lexsort((equal, column))  # the very same texts side by side
        for apart in range(1, min(MAX_COMPARED, rows - 1) + 1):
            same = column[order[apart:]] == column[order[:-apart]]
            if not same.any():
                break
            pair = np.sort(np.stack([order[:-apart][same], order[apart:][same]]), axis=0)
            pairs_by_band.append(pair[0] * rows + pair[1])
    if not pairs_by_band:
        return []
    pairs, counts = np.unique(np.concatenate(pairs_by_band), return_counts=True)
    ones, others = np.divmod(pairs[counts >= MIN_SHARED_BANDS], rows)
    return list(zip(ones.tolist(), others.tolist(), strict=True))


class _WordCodes(dict[str, int]):
    """The hash of every word that was met: looked up sooner than computed again."""

    def __missing__(self, word: str) -> int:
        code = crc32(word.encode())
        if len(self) < MAX_CODES:
            self[word] = code
        return code


_CODES = _WordCodes()


def _shingles(text: str) -> Shingles:
    """A hash of each shingle in order; a shorter text is one shingle."""
    codes = np.array([_CODES[word] for word in words(text)], np.uint64)
    if len(codes) < SHINGLE:
        codes = np.pad(codes, (0, SHINGLE - len(codes)))
    hashes = np.zeros(len(codes) - SHINGLE + 1, np.uint64)
    for place, factor in enumerate(_POSITIONS):
        hashes += _mixed(codes[place : place + len(hashes)] * factor)
    return _mixed(hashes)


def _mixed(values: Shingles) -> Shingles:
    """Spread every bit of a number over all bits of another (one round of MurmurHash3's finaliser)."""
    values = (values ^ (values >> _HIGH)) * _MIXER
    return values ^ (values >> _HIGH)
