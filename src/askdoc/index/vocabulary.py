"""The words of an index: ``words.json`` with how many answers hold each word.

::

    {"answers": 2008, "words": {"acne": 31, …}}

The words stand in lower case and in order, as ``askdoc.words.words`` finds them; an answer counts with its
headline and its question.
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from askdoc.models import Question
from askdoc.words import words

NAME = "words.json"


def dump(questions: Sequence[Question]) -> bytes:
    """The bytes of ``words.json``."""
    counts: Counter[str] = Counter()
    answers = 0
    for question in questions:
        asked = set(words(f"{question.title}\n{question.details or ''}"))
        for answer in question.answers:
            answers += 1
            counts.update(asked | set(words(f"{answer.headline or ''}\n{answer.body}")))
    record = {"answers": answers, "words": dict(sorted(counts.items()))}
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def read(path: Path) -> tuple[Mapping[str, int], int]:
    """The words and the number of answers in a file that ``dump`` made. Raises OSError or ValueError."""
    record = json.loads(path.read_bytes())
    return record["words"], record["answers"]


class Vocabulary:
    """The words of an index. ``ordinary`` tells the language's words from others; it knows more than the corpus."""

    def __init__(self, counts: Mapping[str, int], answers: int, *, ordinary: Callable[[str], bool]) -> None:
        self._counts = counts
        self._answers = answers
        self._by_length: dict[int, list[str]] = {}
        for word in counts:
            self._by_length.setdefault(len(word), []).append(word)
        self.ordinary = ordinary

    def count(self, word: str) -> int:
        """How many answers hold the word."""
        return self._counts.get(word, 0)

    def of_length(self, length: int) -> Sequence[str]:
        """All words with so many letters."""
        return self._by_length.get(length, ())

    def rarity(self, word: str) -> float:
        """From 0 for a word that every answer holds to 1 for one that none holds."""
        return math.log((self._answers + 1) / (self.count(word) + 1)) / math.log(self._answers + 2)
