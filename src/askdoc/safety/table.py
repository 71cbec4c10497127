"""Reads the safety table from its files: rules, languages, examples, weights."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Self

from askdoc.models import Level
from askdoc.safety.phrases import CUE, expand_phrases, words_of
from askdoc.safety.weights import FittedWeights

LANGUAGES = ("en", "es")
"""Each is a file of the same name; another language is another file and a word here."""
BENIGN = "benign"
"""The label of an ordinary sentence; those of the others are their levels."""


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled sentence; the level None is an ordinary question."""

    text: str
    level: Level | None

    @classmethod
    def parse(cls, line: str) -> Self:
        """Parse a line of ``examples.tsv``: label, tab, sentence."""
        label, text = line.split("\t")
        return cls(text, None if label == BENIGN else Level(label))


@dataclass(frozen=True, slots=True)
class Table:
    """The safety table, as its files have it."""

    rules: Mapping[str, Any]
    languages: tuple[Mapping[str, Any], ...]
    examples: tuple[Example, ...]
    """In the order in which they are embedded."""
    protected: frozenset[str]
    """Real words that are one edit away from a word of the table, and are not corrected to it."""
    weights: FittedWeights

    @property
    def version(self) -> str:
        """The table's own version and a hash of the examples: what an index must record of them."""
        text = "\n".join(example.text for example in self.examples)
        return f"{self.rules['version']}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"

    @property
    def skipped(self) -> frozenset[str]:
        """The words that carry no meaning for a rule, and are dropped from questions and phrases."""
        return frozenset(word for language in self.languages for word in expand_phrases(language["skip"]))

    @property
    def owners(self) -> frozenset[str]:
        """The dropped words that say whose: "my", "his"."""
        return frozenset(word for language in self.languages for word in expand_phrases(language["owners"]))

    @property
    def numbers(self) -> dict[str, int]:
        """The numbers that are written out, with their values."""
        return {word: value for language in self.languages for word, value in language["numbers"].items()}

    def concept_lists(self) -> Iterator[dict[str, str]]:
        """How concepts and cues are spelled; the names of cues bear the mark ``CUE``."""
        for language in self.languages:
            yield language["words"]
            yield {CUE + name: text for name, text in language["cues"].items()}
            yield {CUE + name: text for name, text in language["idioms"].items()}


@dataclass(frozen=True, slots=True)
class KnownWords:
    """The known words of the two languages that are read."""

    english: frozenset[str]
    spanish: frozenset[str]
    english_function_words: frozenset[str]
    of_concepts: frozenset[str]
    """Those that misspelt words are corrected to."""

    @classmethod
    def of(cls, table: Table, *, weighted: Set[str] = frozenset()) -> Self:
        """Collect the words of a table; ``weighted`` are words that the linear model knows, most of them English."""
        english, spanish = (words_of(language["words"].values()) for language in table.languages)
        of_concepts = english | spanish
        function_words, spanish_function_words = (
            words_of(language[key] for key in ("telling", "skip", "owners")) for language in table.languages
        )
        spanish |= spanish_function_words
        return cls(
            english=english | function_words | table.protected | (weighted - spanish),
            spanish=spanish,
            english_function_words=function_words,
            of_concepts=of_concepts,
        )


@cache
def shipped() -> Table:
    """The table that is shipped; the files do not change while the program runs."""
    data = files("askdoc.safety") / "data"

    def load(name: str) -> dict[str, Any]:
        return tomllib.loads((data / f"{name}.toml").read_text(encoding="utf-8"))

    words = (data / "words.txt").read_text(encoding="utf-8")
    return Table(
        rules=load("rules"),
        languages=tuple(load(language) for language in LANGUAGES),
        examples=tuple(map(Example.parse, (data / "examples.tsv").read_text(encoding="utf-8").splitlines())),
        protected=frozenset(word for line in words.splitlines() if line[:1] != "#" for word in line.split()),
        weights=FittedWeights.shipped(),
    )
