"""What a build prepares for the retriever is what a retriever opens."""

import json

import numpy as np

from askdoc.index.generation import Generation
from askdoc.retriever import Retriever
from askdoc.retriever.artifacts import RECORD, SKETCHES, Artifacts
from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.offline.prepare import EmbeddedCorpus, prepare
from askdoc.retriever.statistics import FILE
from tests.index.in_memory import copied


def test_what_is_prepared_opens_as_it_was(tiny_index: Generation) -> None:
    """Read back from its files it ranks the same; the same corpus gives the same bytes."""
    memory = copied(tiny_index)
    corpus = EmbeddedCorpus(memory.documents.questions, memory.documents.passages, memory.vectors)
    prepared = prepare(corpus, encoder=memory.embedder, tables=ModelTables.plain())
    assert {name: tiny_index.artifact(name) for name in prepared.files()} == prepared.files()
    stored = {RECORD: tiny_index.manifest.extra[RECORD]}
    assert json.loads(json.dumps(prepared.facts())) == stored
    opened = Artifacts.open(tiny_index)
    assert opened.calibration == prepared.calibration
    retrievers = (Retriever(memory, opened), Retriever(memory, prepared.opened))
    text = "how long is tea on the teeth"
    queries = [retriever.analyze([text], lambda: memory.embedder.encode([text]))[0] for retriever in retrievers]
    rankings = [retriever.rank(query, limit=9) for retriever, query in zip(retrievers, queries, strict=True)]
    assert rankings[0] == rankings[1]
    assert len(rankings[0].answers) == 3


def test_an_opened_index_reads_no_sketches(tiny_index: Generation) -> None:
    """They are for later builds alone: large, and no server needs them."""
    names: list[str] = []

    class Listening(Generation):
        def artifact(self, name: str) -> bytes:
            names.append(name)
            return super().artifact(name)

    parts = (getattr(tiny_index, name) for name in ("checked", "documents", "vocabulary", "embedder", "vectors"))
    Artifacts.open(Listening(*parts))
    assert names == [FILE]
    assert SKETCHES in tiny_index.manifest.files
    assert np.isfinite(Artifacts.open(tiny_index).statistics.endorsement).all()
