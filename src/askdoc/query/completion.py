"""Completes a query while it is typed: stored questions with its words, the last of which may be unfinished."""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice, takewhile

from askdoc.models import RelatedQuestion
from askdoc.text import words

LEAST_SHARE = 0.5
"""Share of what was typed, weighted by inverse document frequency, that a question must hold to be offered."""
SHORTEST_PREFIX = 3
"""Letters from which on an unfinished word stands for the words that begin with it."""
MOST_TYPED = 64
"""Different words of what was typed that are looked up, the last ones."""
MOST_READ = 200_000
"""Questions that are looked at for all words together, those of rare words first: what most questions hold tells least
of them, and takes longest."""


class Suggestions:
    """An inverted index of the titles of all questions that have answers, each wording once."""

    def __init__(self, asked: Iterable[tuple[str, str]]) -> None:
        """``asked`` are the ids and the titles of the questions."""
        by_wording: dict[tuple[str, ...], RelatedQuestion] = {}
        for question_id, title in asked:
            by_wording.setdefault(tuple(words(title)), RelatedQuestion(question_id, title))
        self._questions = list(by_wording.values())
        postings: defaultdict[str, list[int]] = defaultdict(list)
        for number, wording in enumerate(by_wording):
            for word in dict.fromkeys(wording):
                postings[word].append(number)
        self._postings = dict(postings)
        self._vocabulary = sorted(postings)

    def complete(self, text: str, *, most: int) -> tuple[RelatedQuestion, ...]:
        """Questions with the typed words, nearest first; for an empty text, some from all over the corpus."""
        typed = list(dict.fromkeys(words(text)))[-MOST_TYPED:]
        if not typed:
            step = max(1, len(self._questions) // most)
            return tuple(self._questions[::step][:most])
        scores: defaultdict[int, float] = defaultdict(float)
        highest = 0.0
        for postings in _rarest([[self._postings[known] for known in self._expansions(word)] for word in typed]):
            matches = set[int]().union(*postings)
            weight = math.log1p(len(self._questions) / max(1, len(matches)))
            highest += weight
            for number in matches:
                scores[number] += weight
        near = [number for number, score in scores.items() if score >= LEAST_SHARE * highest]
        near.sort(key=lambda number: (-scores[number], len(self._questions[number].question), number))
        return tuple(self._questions[number] for number in near[:most])

    def _expansions(self, prefix: str) -> Iterator[str]:
        """The known words that begin with what was typed; a very short prefix stands for itself alone."""
        if len(prefix) < SHORTEST_PREFIX:
            yield from (prefix,) if prefix in self._postings else ()
            return
        start = bisect_left(self._vocabulary, prefix)
        yield from takewhile(lambda known: known.startswith(prefix), islice(self._vocabulary, start, None))


def _rarest(of_words: Sequence[Sequence[list[int]]]) -> list[Sequence[list[int]]]:
    """The postings of the rarest words, as many as ``MOST_READ`` allows but at least one, in the order of the words."""
    sizes = [sum(map(len, postings)) for postings in of_words]
    rarest = sorted(range(len(sizes)), key=sizes.__getitem__)
    read = accumulate(sizes[place] for place in rarest)
    kept = {place for place, total in zip(rarest, read, strict=True) if total <= MOST_READ or place == rarest[0]}
    return [postings for place, postings in enumerate(of_words) if place in kept]
