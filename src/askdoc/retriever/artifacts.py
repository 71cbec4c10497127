"""Holds what an index keeps for the retriever: statistics, word weights, calibration, sketches."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from askdoc.index.bm25 import InvertedIndex
from askdoc.retriever.confidence import Calibration
from askdoc.retriever.features import VectorSearch
from askdoc.retriever.ranking import Ranker
from askdoc.retriever.statistics import PASSAGE, QUESTION, CollectionStatistics

Sketches = NDArray[np.uint32]
"""(answers, BANDS): most likely equal in two places or more for near copies, and not for others."""

STATISTICS = "statistics.npz"
SKETCHES = "sketches.npy"
"""The sketch of every answer, (answers, BANDS) uint32, for later builds alone."""


@dataclass(frozen=True, slots=True)
class Artifacts:
    """What the index keeps for the retriever."""

    model: str
    statistics: CollectionStatistics
    lexicons: Mapping[str, InvertedIndex]
    calibration: Calibration
    sketches: Sketches

    def files(self) -> dict[str, bytes]:
        """File names and bytes."""
        file = io.BytesIO()
        np.save(file, self.sketches, allow_pickle=False)
        found = {STATISTICS: self.statistics.dump(), SKETCHES: file.getvalue()}
        for field, lexicon in self.lexicons.items():
            found.update(lexicon.dump(field))
        return found

    def facts(self) -> dict[str, Any]:
        """What the manifest keeps."""
        return {"relevance": {"model": self.model, "confidence": self.calibration.document()}}

    @classmethod
    def open(cls, folder: Path, record: Mapping[str, Any]) -> Self:
        """From a generation's folder and what its manifest keeps. Raises OSError, ValueError or KeyError."""
        statistics = CollectionStatistics.load((folder / STATISTICS).read_bytes())
        lexicons = {field: InvertedIndex.open(folder, field) for field in (PASSAGE, QUESTION)}
        sketches = stored_sketches(folder)
        return cls(record["model"], statistics, lexicons, Calibration.parse(record["confidence"]), sketches)

    def ranker(self, index: VectorSearch) -> Ranker:
        """What ranks over this corpus."""
        body, title = self.lexicons[PASSAGE], self.lexicons[QUESTION]
        return Ranker.of(index, self.statistics, body, title, model=self.model)


def stored_sketches(folder: Path) -> Sketches:
    # Mapped: a server never reads it.
    found: Sketches = np.load(folder / SKETCHES, mmap_mode="r", allow_pickle=False)
    return found
