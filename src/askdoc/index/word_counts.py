"""Vocabulary of an index: ``words.json`` with the number of answers that hold each word.

::

    {"answers": 2008, "words": {"acne": 31, …}}

The words stand in lower case and in order, as ``askdoc.text.words`` finds them; an answer counts with its
headline and its question.
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from askdoc.models import Question
from askdoc.text import words

NAME = "words.json"

WordCounts = tuple[Mapping[str, int], int]
"""The number of answers that hold each word, and that of all answers."""
_AnswerTexts = tuple[str, str | None, str | None, str]


def dump(
    questions: Iterable[Question], *, previous: WordCounts | None = None, previous_questions: Iterable[Question] = ()
) -> bytes:
    """Give the bytes of ``words.json``.

    With the ``previous`` counts and the questions that they were counted over, only the differences are read.
    """
    texts = Counter(_texts(questions))
    counts, new, gone = Counter(previous[0] if previous else ()), texts, Counter[_AnswerTexts]()
    if previous:
        previous_texts = Counter(_texts(previous_questions))
        new, gone = texts - previous_texts, previous_texts - texts
    for differing, sign in ((new, 1), (gone, -1)):
        for parts, times in differing.items():
            for word in set(words("\n".join(filter(None, parts)))):
                counts[word] += sign * times
    record = {"answers": texts.total(), "words": dict(sorted((+counts).items()))}
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def _texts(questions: Iterable[Question]) -> Iterator[_AnswerTexts]:
    """The texts that each answer's words are taken from."""
    for question in questions:
        for answer in question.answers:
            yield question.title, question.details, answer.headline, answer.body


def load(data: bytes) -> WordCounts:
    """Read what ``dump`` wrote. Raises ValueError."""
    record = json.loads(data)
    return record["words"], record["answers"]


class Vocabulary:
    """Words of an index. ``ordinary`` tells whether a word is one of the language, in the corpus or not."""

    def __init__(self, counts: Mapping[str, int], answers: int, *, ordinary: Callable[[str], bool]) -> None:
        self._counts = counts
        self._answers = answers
        self.ordinary = ordinary

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        """The words by their number of letters: not every question asks for them."""
        by_length: dict[int, list[str]] = {}
        for word in self._counts:
            by_length.setdefault(len(word), []).append(word)
        return by_length

    def count(self, word: str) -> int:
        """Number of answers that hold the word."""
        return self._counts.get(word, 0)

    def of_length(self, length: int) -> Sequence[str]:
        """All words of ``length`` letters."""
        return self._by_length.get(length, ())

    def rarity(self, word: str) -> float:
        """Inverse document frequency, scaled: 0 for a word that every answer holds, 1 for one that none holds."""
        return math.log((self._answers + 1) / (self.count(word) + 1)) / math.log(self._answers + 2)
