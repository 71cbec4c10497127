"""Finds stored questions that begin like what is being typed, by their words alone."""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice, takewhile

from askdoc.models import RelatedQuestion
from askdoc.text import words

ENOUGH = 0.5
"""The share of what was typed, weighed by rarity, that a question must hold to be offered."""
SHORTEST_BEGINNING = 3
"""Letters from which on an unfinished word stands for the words that begin with it."""


class Suggestions:
    """The titles of all questions that have answers, each wording once, findable word by word."""

    def __init__(self, asked: Iterable[tuple[str, str]]) -> None:
        worded: dict[tuple[str, ...], RelatedQuestion] = {}
        for question_id, title in asked:
            worded.setdefault(tuple(words(title)), RelatedQuestion(question_id, title))
        self._questions = list(worded.values())
        places: defaultdict[str, list[int]] = defaultdict(list)
        for place, said in enumerate(worded):
            for word in dict.fromkeys(said):
                places[word].append(place)
        self._places = dict(places)
        self._vocabulary = sorted(places)

    def complete(self, text: str, *, most: int) -> tuple[RelatedQuestion, ...]:
        """Questions with the typed words, nearest first; for an empty text, some from all over the corpus."""
        typed = list(dict.fromkeys(words(text)))
        if not typed:
            every = max(1, len(self._questions) // most)
            return tuple(self._questions[::every][:most])
        scores: defaultdict[int, float] = defaultdict(float)
        whole = 0.0
        for word in typed:
            found = {place for known in self._beginning(word) for place in self._places[known]}
            weight = math.log1p(len(self._questions) / max(1, len(found)))
            whole += weight
            for place in found:
                scores[place] += weight
        near = [place for place, score in scores.items() if score >= ENOUGH * whole]
        near.sort(key=lambda place: (-scores[place], len(self._questions[place].question), place))
        return tuple(self._questions[place] for place in near[:most])

    def _beginning(self, word: str) -> Iterator[str]:
        """The known words that begin with ``word``; a very short one stands for itself alone."""
        if len(word) < SHORTEST_BEGINNING:
            yield from (word,) if word in self._places else ()
            return
        start = bisect_left(self._vocabulary, word)
        yield from takewhile(lambda known: known.startswith(word), islice(self._vocabulary, start, None))
