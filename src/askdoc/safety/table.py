"""The gate's table, read from its files: rules, words, examples and notices."""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Self

from askdoc.models import Level
from askdoc.safety.phrases import CUE, expand_phrases, words_of

LANGUAGES = ("en", "es")
"""Each is a file of the same name; another language is another file and a word here."""
BENIGN = "benign"
"""The label of an ordinary sentence; those of the others are their levels."""


@dataclass(frozen=True, slots=True)
class Example:
    """A written sentence, and what it is an example of; None is an ordinary question."""

    text: str
    level: Level | None

    @classmethod
    def parse(cls, line: str) -> Self:
        """From label and sentence with a tab between."""
        label, text = line.split("\t")
        return cls(text, None if label == BENIGN else Level(label))


@dataclass(frozen=True, slots=True)
class Table:
    """Everything that the files say."""

    rules: Mapping[str, Any]
    languages: tuple[Mapping[str, Any], ...]
    examples: tuple[Example, ...]
    """In the order in which they are embedded; a line of ``examples.tsv`` is a label and a sentence."""
    protected: frozenset[str]
    weights: Mapping[str, Any]
    """What ``training/fit_safety.py`` found: for names of what patterns see and for words, their rarity and
    their say, and for each example, in their order, what these amount to and its share in nearness."""

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

    @property
    def spelled(self) -> frozenset[str]:
        """The words of the concepts, which misspelt words are corrected to."""
        return words_of(text for language in self.languages for text in language["words"].values())

    @property
    def vocabularies(self) -> tuple[frozenset[str], frozenset[str]]:
        """The known English words, and the known Spanish ones."""
        english, spanish = (
            self.function_words(language["code"]) | words_of(language["words"].values()) for language in self.languages
        )
        return english | self.protected, spanish

    def function_words(self, code: str) -> frozenset[str]:
        """The function words of a language that is read."""
        language = next(language for language in self.languages if language["code"] == code)
        return words_of(language[key] for key in ("telling", "skip", "owners"))

    def concept_lists(self) -> Iterator[dict[str, str]]:
        """How concepts and cues are spelled; the names of cues bear the mark ``CUE``."""
        for language in self.languages:
            yield language["words"]
            yield {CUE + name: text for name, text in language["cues"].items()}
            yield {CUE + name: text for name, text in language["idioms"].items()}


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
        weights=json.loads((data / "weights.json").read_text(encoding="utf-8")),
    )
