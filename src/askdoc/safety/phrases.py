"""Words to concepts: which concepts of the table stand where in a question."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

from askdoc.errors import AskdocError

_CHOICE = re.compile(r"\(([^()]*)\)")


class Mention(NamedTuple):
    """A concept at the tokens ``start`` to ``end``."""

    start: int
    end: int
    concept: str


_BEGINNING = 3
"""Letters of a stem that are looked up at once."""
_STEMS = ""
_CONCEPTS = " "
"""Keys of a step that can be no word: continuations that fix only a word's beginning, and what ends here."""
_Step = dict[str, Any]


class PhraseMatcher:
    """A tree of phrases. To walk it from every token costs a few look-ups, whatever the question says."""

    def __init__(self, lists: Iterable[Mapping[str, str]], *, skip: frozenset[str]) -> None:
        self._skip = skip
        # Plain dictionaries: the tree has tens of thousands of steps and is built at each start.
        self._root: _Step = {}
        self._vocabulary: set[str] = set(skip)
        self._stems: set[str] = set()
        for concepts in lists:
            for concept, text in concepts.items():
                for phrase in phrases(text):
                    self._add(phrase, concept)
        self._by_beginning: dict[str, list[str]] = {}
        for stem in self._stems:
            self._by_beginning.setdefault(stem[:_BEGINNING], []).append(stem)

    def _add(self, phrase: str, concept: str) -> None:
        step = self._root
        for word in phrase.split():
            if word in self._skip:
                continue
            if word[-1] == "*":
                word = word[:-1]
                if len(word) < _BEGINNING:
                    raise AskdocError(f"safety table: the stem {word}* of {concept!r} is too short; write the words")
                self._stems.add(word)
                step = step.setdefault(_STEMS, {})
            else:
                self._vocabulary.add(word)
            onward = step.get(word)
            if onward is None:
                onward = step[word] = {}
            step = onward
        if step is self._root:
            raise AskdocError(
                f"safety table: {phrase!r} of {concept!r} is made of dropped words only; add one that counts"
            )
        concepts = step.get(_CONCEPTS, ())
        if concept not in concepts:
            step[_CONCEPTS] = (*concepts, concept)

    def knows(self, word: str) -> bool:
        """Whether the word is in the table, as it stands or by its stem."""
        return word in self._vocabulary or bool(self._stems_of(word))

    def _stems_of(self, word: str) -> list[str]:
        return [stem for stem in self._by_beginning.get(word[:_BEGINNING], ()) if word.startswith(stem)]

    def find(self, tokens: list[str]) -> list[Mention]:
        """Every concept in the tokens, by start; overlapping ones all count."""
        found: list[Mention] = []
        stems_of = {token: self._stems_of(token) for token in set(tokens)}
        size = len(tokens)
        new = tuple.__new__  # half the time of Found(…), which stands in the innermost loop
        root, root_stems = self._root, self._root.get(_STEMS, {})
        for start in range(size):
            token = tokens[start]
            if token not in root and not any(stem in root_stems for stem in stems_of[token]):
                continue
            steps = [root]
            at = start
            while steps and at < size:
                token = tokens[at]
                at += 1
                onward: list[_Step] = []
                for step in steps:
                    if token in step:
                        onward.append(step[token])
                    stems = step.get(_STEMS)
                    if stems is not None:
                        onward.extend(stems[stem] for stem in stems_of[token] if stem in stems)
                for step in onward:
                    if _CONCEPTS in step:
                        found.extend([new(Mention, (start, at, concept)) for concept in step[_CONCEPTS]])
                steps = onward
        return found


def phrases(text: str) -> Iterator[str]:
    """The entries of a list in the table, with their alternatives written out."""
    for entry in text.split(","):
        phrase = " ".join(entry.split())
        if "(" not in phrase:
            if phrase:
                yield phrase
            continue
        parts = _CHOICE.split(phrase)
        choices = [part.split("|") if number % 2 else [part] for number, part in enumerate(parts)]
        for chosen in product(*choices):
            yield " ".join("".join(chosen).split())
