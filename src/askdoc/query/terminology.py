"""The field's own vocabulary: names of conditions, procedures and drugs, and which of them mean the same.

``synonyms.toml`` holds lists of groups, ``names.toml`` lists of names, ``classes.toml`` what common words do in a
question; each says in its head what may stand there.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Self

from askdoc.text import words

Phrase = tuple[str, ...]
WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
SHORTEST = 3
"""Letters of the shortest entry: shorter ones mean too many things."""


def singular(word: str) -> str:
    """The word without the ending of a plural; both sides of a comparison must pass through it."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > SHORTEST and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def phrase(text: str) -> Phrase:
    """A name as it is compared: its words in the singular."""
    return tuple(map(singular, words(text)))


@dataclass(frozen=True, slots=True)
class Terminology:
    """``alike`` gives the other names of a name, as written; ``names`` holds all; ``drugs`` the words of medicines.

    ``vocabulary`` holds the words of all names as written; ``classes`` words in the singular, as small, aspect,
    symptom, part or person.
    """

    alike: Mapping[Phrase, tuple[str, ...]]
    names: frozenset[Phrase]
    drugs: frozenset[str]
    vocabulary: frozenset[str]
    classes: Mapping[str, frozenset[str]]
    longest: int
    """Words of the longest name."""

    @classmethod
    def shipped(cls) -> Self:
        """The tables that come with the program."""
        here = files("askdoc.query")
        synonyms, names, classes = (
            tomllib.loads(here.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
            for name in ("synonyms", "names", "classes")
        )
        listed = {kind: [name.strip() for name in text.split(",") if name.strip()] for kind, text in names.items()}
        return cls.make(synonyms, listed, {kind: text.split() for kind, text in classes.items()})

    @classmethod
    def make(
        cls,
        synonyms: Mapping[str, Iterable[list[str]]],
        names: Mapping[str, list[str]],
        classes: Mapping[str, list[str]],
    ) -> Self:
        """From tables. Raises ValueError where an entry is too short or stands in two groups."""
        alike: dict[Phrase, tuple[str, ...]] = {}
        groups = [group for listed in synonyms.values() for group in listed]
        for group in groups:
            for name in group:
                if len(name.strip()) < SHORTEST:
                    raise ValueError(f"'{name}' is shorter than {SHORTEST} letters")
                if phrase(name) in alike:
                    raise ValueError(f"'{name}' stands twice among the synonyms")
                alike[phrase(name)] = tuple(other for other in group if other != name)
        known = {phrase(name) for listed in names.values() for name in listed} | set(alike)
        medicines = [*names.get("drugs", ()), *(name for group in synonyms.get("drugs", ()) for name in group)]
        drugs = frozenset(name.lower() for name in medicines if len(words(name)) == 1 and name.isalpha())
        single = {word for listed in (*names.values(), *groups) for name in listed for word in words(name)}
        vocabulary = frozenset(word for word in single if len(word) > SHORTEST and word.isalpha())
        kinds = {kind: frozenset(map(singular, listed)) for kind, listed in classes.items()}
        return cls(alike, frozenset(known), drugs, vocabulary, kinds, max(map(len, known)))
