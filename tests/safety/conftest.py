"""What the safety tests share: the gate without a model, and the test corpus."""

import csv
import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from askdoc.countries import Country
from askdoc.embedder.onnx_encoder import OnnxEncoder
from askdoc.retriever.learned_tables import ModelTables
from askdoc.safety import Gate, examples
from askdoc.safety.language_identification import LanguageIdentifier
from askdoc.safety.phrases import ConceptMatcher
from askdoc.safety.similarity import KernelRidge
from askdoc.safety.table import KnownWords, shipped
from training.embedding import CachedEmbedder
from training.safety_sentences import JUDGING, SENTENCES, STUDIED

needs_identifier = pytest.mark.skipif(find_spec("pycld2") is None, reason="pycld2 has no wheel for this machine")


def foreign(name: str) -> list[dict[str, str]]:
    """The rows of a part of the corpus in languages that are not read."""
    with (JUDGING / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def lines(name: str) -> list[str]:
    """The lines of a part of the corpus that has no labels."""
    return (JUDGING / f"{name}.txt").read_text(encoding="utf-8").splitlines()


@dataclass(frozen=True)
class Sentence:
    """One line of the test corpus; ``label`` is emergency, crisis or benign."""

    label: str
    register: str
    topic: str
    text: str


def _part_of(text: str) -> str:
    """The part that a sentence belongs to: three of ten by hash are not looked at while rules are made."""
    return "unseen" if int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % 10 < 3 else "making"


@pytest.fixture(scope="session")
def gate() -> Gate:
    return Gate.load()


@pytest.fixture(scope="session")
def concepts() -> ConceptMatcher:
    """The shipped table's concepts."""
    return ConceptMatcher(shipped().concept_lists(), skip=shipped().skipped)


@pytest.fixture(scope="session")
def identifier() -> LanguageIdentifier:
    """The identifier that the gate asks."""
    known = KnownWords.of(shipped())
    return LanguageIdentifier(english=known.english_function_words, spanish=known.spanish)


@pytest.fixture(scope="session")
def near() -> Gate:
    """The gate with one axis for each example: a vector is like one of them and like no other."""
    table = shipped()
    labels = [example.level for example in table.examples]
    similarity = KernelRidge(np.eye(len(labels), dtype=np.float32), labels)
    return Gate(table, country=Country.find("US"), similarity=similarity)


@pytest.fixture(scope="session")
def parts() -> dict[str, list[Sentence]]:
    """The parts of the corpus."""
    found = {}
    for part in ("making", "unseen", "studied", "fresh", "judge"):
        with ((SENTENCES if part in STUDIED else JUDGING) / f"{part}.tsv").open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            found[part] = [Sentence(**row) for row in rows]
        # By other hands: `studied` was measured once and then read, `fresh` and `judge` are only counted.
        assert part in ("studied", "fresh", "judge") or all(_part_of(sentence.text) == part for sentence in found[part])
    return found


@pytest.fixture(scope="session")
def inner(default_export: Path) -> Callable[[Sequence[str]], Any]:
    """Texts → inner vectors by the default model's export, as an index carries it."""
    encoder, vectors = OnnxEncoder.open(default_export), sqlite3.connect(":memory:")
    return CachedEmbedder(encoder, sha256="", vectors=vectors, tables=ModelTables.default()).inner


@pytest.fixture(scope="session")
def whole(inner: Callable[[Sequence[str]], Any]) -> Gate:
    """The gate with the examples' vectors, as an index gives them."""
    return Gate.load(vectors=inner(examples.sentences()))
