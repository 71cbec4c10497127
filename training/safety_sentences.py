"""Reads the sentences that were written for the safety gate, with the level of each.

``training/sentences`` holds those that the gate is learned from, a tab-separated file for each hand that wrote some;
``tests/safety/corpus`` holds those that only judge it. A file has a head line; ``label`` is a level or ``benign``.
"""

import csv
from pathlib import Path
from typing import NamedTuple

from askdoc.models import Level
from askdoc.safety.table import BENIGN

SENTENCES = Path(__file__).resolve().parent / "sentences"
WRITTEN = SENTENCES / "written"
"""A file for each hand, by its name."""
STUDIED = ("making", "studied")
"""Files of ``SENTENCES`` whose sentences the rules were made on."""
JUDGING = Path(__file__).resolve().parents[1] / "tests" / "safety" / "corpus"
"""Sentences that nothing is learned from."""


class LabelledSentence(NamedTuple):
    """A written sentence and its label: ``emergency``, ``crisis`` or ``benign``."""

    label: str
    text: str

    @property
    def level(self) -> Level | None:
        """The level of the notice that is due; None for an ordinary sentence."""
        return None if self.label == BENIGN else Level(self.label)


def hands() -> list[str]:
    """The hands that wrote sentences to learn from, by the names of their files."""
    return sorted(path.stem for path in WRITTEN.glob("*.tsv"))


def sentence_files() -> list[Path]:
    """Every file of sentences that the gate is learned from, in the order in which they are read."""
    return [*(WRITTEN / f"{hand}.tsv" for hand in hands()), *(SENTENCES / f"{name}.tsv" for name in STUDIED)]


def read(path: Path) -> list[LabelledSentence]:
    """The sentences of one file, in its order."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [LabelledSentence(row["label"], row["text"]) for row in rows]
