"""Holds the field's terminology: names of conditions, procedures and drugs, and which of them are synonyms.

``synonyms.toml`` holds lists of groups, ``names.toml`` lists of names, ``classes.toml`` what common words do in a
question; each says in its head what may stand there.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Self

from askdoc.phrase_matching import PhraseTrie
from askdoc.text import singular, words

Phrase = tuple[str, ...]
SHORTEST = 3
"""Letters of the shortest entry: shorter ones mean too many things."""


def phrase(text: str) -> Phrase:
    """A name as it is compared: its words in the singular."""
    return tuple(map(singular, words(text)))


@dataclass(frozen=True)
class Terminology:
    """The names of the field."""

    synonyms: Mapping[Phrase, tuple[str, ...]]
    """For a name its other names, as written."""
    names: frozenset[Phrase]
    """All names, with synonyms and without."""
    drugs: frozenset[str]
    """Names of drugs that are one word."""
    vocabulary: frozenset[str]
    """The words of all names, as written."""
    classes: Mapping[str, frozenset[str]]
    """Words in the singular by what they do in a question: small, aspect, symptom, part or person."""

    @classmethod
    def shipped(cls) -> Self:
        """Read the tables that come with the program."""
        here = files("askdoc.query")
        synonyms, names, classes = (
            tomllib.loads(here.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
            for name in ("synonyms", "names", "classes")
        )
        listed = {kind: [name.strip() for name in text.split(",") if name.strip()] for kind, text in names.items()}
        return cls.of(synonyms, listed, {kind: text.split() for kind, text in classes.items()})

    @classmethod
    def of(
        cls,
        synonyms: Mapping[str, Iterable[list[str]]],
        names: Mapping[str, list[str]],
        classes: Mapping[str, list[str]],
    ) -> Self:
        """Make a terminology from tables. Raises ValueError where an entry is too short or stands in two groups."""
        groups = [group for listed in synonyms.values() for group in listed]
        others = _others(groups)
        drugs = [*names.get("drugs", ()), *(name for group in synonyms.get("drugs", ()) for name in group)]
        single = {word for listed in (*names.values(), *groups) for name in listed for word in words(name)}
        return cls(
            others,
            names=frozenset(phrase(name) for listed in names.values() for name in listed) | frozenset(others),
            drugs=frozenset(name.lower() for name in drugs if len(words(name)) == 1 and name.isalpha()),
            vocabulary=frozenset(word for word in single if len(word) > SHORTEST and word.isalpha()),
            classes={kind: frozenset(map(singular, listed)) for kind, listed in classes.items()},
        )

    @cached_property
    def name_trie(self) -> PhraseTrie[None]:
        """Finds the names in a text."""
        return PhraseTrie[None].of(self.names, None)

    @cached_property
    def synonym_trie(self) -> PhraseTrie[None]:
        """Finds the names in a text that have synonyms."""
        return PhraseTrie[None].of(self.synonyms, None)


def _others(groups: Iterable[list[str]]) -> dict[Phrase, tuple[str, ...]]:
    """For each name of the groups the others of its group."""
    others: dict[Phrase, tuple[str, ...]] = {}
    for group in groups:
        for name in group:
            if len(name.strip()) < SHORTEST:
                raise ValueError(f"'{name}' is shorter than {SHORTEST} letters")
            if phrase(name) in others:
                raise ValueError(f"'{name}' stands twice among the synonyms")
            others[phrase(name)] = tuple(other for other in group if other != name)
    return others
