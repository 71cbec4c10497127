"""Words to concepts: which concepts of the table stand where in a question."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

from askdoc.errors import AskdocError

_CHOICE = re.compile(r"\(([^()]*)\)")


class Found(NamedTuple):
    """A concept at the tokens ``start`` to ``end``."""

    start: int
    end: int
    concept: str


@dataclass(slots=True)
class _Node:
    """A step of the tree of phrases. ``stems`` are continuations that fix only the beginning of a word."""

    words: dict[str, "_Node"] = field(default_factory=dict)
    stems: dict[str, "_Node"] | None = None
    concepts: tuple[str, ...] = ()


class Lexicon:
    """A tree of phrases. Walking it from every token costs a few dictionary look-ups, whatever the question says."""

    def __init__(self, lists: Iterable[Mapping[str, str]], *, skip: frozenset[str]) -> None:
        self._skip = skip
        self._root = _Node()
        self._vocabulary: set[str] = set(skip)
        self._stems: set[str] = set()
        for concepts in lists:
            for concept, text in concepts.items():
                for phrase in phrases(text):
                    self._add(phrase, concept)
        self._stem_lengths = sorted({len(stem) for stem in self._stems})

    def _add(self, phrase: str, concept: str) -> None:
        node, empty = self._root, True
        for word in phrase.split():
            if word in self._skip:
                continue
            empty = False
            if word[-1] == "*":
                stem = word[:-1]
                self._stems.add(stem)
                if node.stems is None:
                    node.stems = {}
                node = node.stems[stem] if stem in node.stems else _grow(node.stems, stem)
            else:
                self._vocabulary.add(word)
                node = node.words[word] if word in node.words else _grow(node.words, word)
        if empty:
            raise AskdocError(
                f"safety table: {phrase!r} of {concept!r} is made of dropped words only; write it with a word that counts"
            )
        if concept not in node.concepts:
            node.concepts += (concept,)

    def knows(self, word: str) -> bool:
        """Whether the word is in the table, as it stands or by its stem."""
        if word in self._vocabulary:
            return True
        return any(word[:length] in self._stems for length in self._stem_lengths)

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every whole word of the table, and every stem."""
        return frozenset(self._vocabulary | self._stems)

    def find(self, tokens: list[str]) -> list[Found]:
        """Every concept in the tokens, by start; overlapping ones all count."""
        found: list[Found] = []
        lengths = self._stem_lengths
        size = len(tokens)
        for start in range(size):
            nodes = [self._root]
            at = start
            while nodes and at < size:
                token = tokens[at]
                at += 1
                onward: list[_Node] = []
                for node in nodes:
                    step = node.words.get(token)
                    if step is not None:
                        onward.append(step)
                    stems = node.stems
                    if stems is not None:
                        for length in lengths:
                            step = stems.get(token[:length])
                            if step is not None and (length <= len(token)):
                                onward.append(step)
                for node in onward:
                    found.extend(Found(start, at, concept) for concept in node.concepts)
                nodes = onward
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


def _grow(steps: dict[str, _Node], word: str) -> _Node:
    node = steps[word] = _Node()
    return node

