"""Finds the concepts of the safety table in a question: each is spelled by words, prefixes and phrases."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import NamedTuple

from askdoc.errors import AskdocError
from askdoc.phrase_matching import PhraseTrie

CUE = "~"
"""Before the name of a cue, so that it can be no concept of a rule."""
MASK = CUE + "masked"
"""The cue of idioms: "stroke of luck" is no stroke."""
_CHOICE = re.compile(r"\(([^()]*)\)")


class Mention(NamedTuple):
    """A concept at the tokens ``start`` to ``end``."""

    start: int
    end: int
    concept: str


class ConceptMatcher:
    """Finds concepts by their entries in ``lists``; the words ``skip`` are left out of the entries."""

    def __init__(self, lists: Iterable[Mapping[str, str]], *, skip: frozenset[str]) -> None:
        self._skip = skip
        self._trie: PhraseTrie[str] = PhraseTrie()
        for concepts in lists:
            for concept, entries in concepts.items():
                for phrase in expand_phrases(entries):
                    self._add(phrase, concept)

    def _add(self, phrase: str, concept: str) -> None:
        tokens = [word for word in phrase.split() if word not in self._skip]
        try:
            self._trie.add(tokens, concept)
        except ValueError as error:
            raise AskdocError(_fault(phrase, tokens, concept)) from error

    def knows(self, word: str) -> bool:
        """Whether the word is in the table, as it stands or by a prefix."""
        return word in self._skip or self._trie.knows(word)

    def find(self, tokens: list[str]) -> list[Mention]:
        """Find every mention of a concept in the tokens, overlapping ones too; by start."""
        new = tuple.__new__  # half the time of Mention(…), for messages that are full of concepts
        return [new(Mention, match) for match in self._trie.find(tokens)]


def _fault(phrase: str, tokens: list[str], concept: str) -> str:
    """Why a phrase of the table cannot be looked for."""
    if not tokens:
        return f"safety table: {phrase!r} of {concept!r} is made of dropped words only; add one that counts"
    stem = min((token for token in tokens if token[-1] == "*"), key=len)
    return f"safety table: the stem {stem} of {concept!r} is too short; write the words"


def without_masked(mentions: list[Mention]) -> list[Mention]:
    """Leave out concepts inside an idiom, save where the concept's own phrase is the longer one."""
    masked: dict[int, int] = {}  # for each token, the length of the longest idiom over it
    for mention in mentions:
        if mention.concept == MASK:
            for at in range(mention.start, mention.end):
                masked[at] = max(masked.get(at, 0), mention.end - mention.start)
    if not masked:
        return mentions
    return [mention for mention in mentions if mention.concept[0] == CUE or not _is_masked(mention, masked)]


def _is_masked(mention: Mention, masked: Mapping[int, int]) -> bool:
    size = mention.end - mention.start
    return any(masked.get(at, 0) >= size for at in range(mention.start, mention.end))


def expand_phrases(text: str) -> Iterator[str]:
    """The entries of a list of the table, with their alternatives written out: ``a (b|c), d`` is a b, a c and d."""
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


def words_of(lists: Iterable[str]) -> frozenset[str]:
    """Every word of some lists of the table, prefixes without their star."""
    phrases = (phrase.replace("*", "") for text in lists for phrase in expand_phrases(text))
    return frozenset(word for phrase in phrases for word in phrase.split())
