"""Artifacts that an index keeps for the retriever: statistics, inverted indexes, calibration, sketches, own tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from askdoc.index import array_codec
from askdoc.index.bm25 import InvertedIndex
from askdoc.index.checked import CheckedGeneration
from askdoc.index.protocol import OpenedIndex, PostingLists
from askdoc.retriever.confidence import Calibration
from askdoc.retriever.features import VectorSearch
from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.ranking import Ranker
from askdoc.retriever.statistics import FILE, PASSAGE, QUESTION, CollectionStatistics

Sketches = NDArray[np.uint32]
"""(answers, BANDS): most likely equal in two places or more for near copies, and not for others."""

SKETCHES = "sketches.npy"
"""The sketch of every answer, (answers, BANDS) uint32, for later builds alone."""
RECORD = "relevance"
"""The key of the manifest's ``extra`` that holds what is no file."""


@dataclass(frozen=True, slots=True)
class Artifacts:
    """Artifacts of an opened index: all that a retriever works with beside vectors and texts."""

    tables: ModelTables
    statistics: CollectionStatistics
    postings: Mapping[str, PostingLists]
    calibration: Calibration

    @classmethod
    def open(cls, index: OpenedIndex) -> Self:
        """Read the artifacts of an index. Raises OSError, ValueError or KeyError."""
        record = index.manifest.extra[RECORD]
        statistics = CollectionStatistics.load(index.artifact(FILE))
        postings = {field: index.postings(field) for field in (PASSAGE, QUESTION)}
        return cls(ModelTables.stored(index), statistics, postings, Calibration.parse(record["confidence"]))

    def ranker(self, index: VectorSearch) -> Ranker:
        """The ranker over this corpus."""
        body, title = self.postings[PASSAGE], self.postings[QUESTION]
        return Ranker.of(index, self.statistics, body, title, tables=self.tables)


@dataclass(frozen=True, slots=True)
class PreparedArtifacts:
    """Artifacts of a corpus that is being indexed, to be written; later builds use the sketches again."""

    tables: ModelTables
    statistics: CollectionStatistics
    postings: Mapping[str, InvertedIndex]
    calibration: Calibration
    sketches: Sketches

    @property
    def opened(self) -> Artifacts:
        """The artifacts as a retriever reads them from the index."""
        return Artifacts(self.tables, self.statistics, self.postings, self.calibration)

    def files(self) -> dict[str, bytes]:
        """File names and bytes."""
        files = {FILE: self.statistics.dump(), SKETCHES: array_codec.dump(self.sketches), **self.tables.to_store()}
        for field, postings in self.postings.items():
            files.update(postings.dump(field))
        return files

    def facts(self) -> dict[str, Any]:
        """The plain values that the manifest keeps."""
        return {RECORD: {"confidence": self.calibration.document()}}


def stored_sketches(generation: CheckedGeneration) -> Sketches:
    """The sketches of an earlier generation, mapped."""
    return array_codec.mapped(generation.file(SKETCHES))
