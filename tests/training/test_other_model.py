"""Another model's tables: learned from its own vectors, written into its folder, and taken up by its index."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from askdoc import bootstrap
from askdoc.embedder import locate
from askdoc.embedder.model_files import TABLES as FOLDER
from askdoc.retriever import learned_tables
from askdoc.retriever.artifacts import Artifacts
from askdoc.retriever.learned_tables import TablesOrigin
from askdoc.retriever.offline.own_tables import tables_of
from askdoc.safety import examples
from askdoc.settings import Settings
from tests import tiny
from training import (
    fit_confidence,
    fit_fusion,
    fit_query_adapter,
    fit_scope,
    fit_topicality,
    fit_word_vectors,
    table_file,
    tables,
)
from training.embedding import CachedEmbedder
from training.fit_query_adapter import Pairs
from training.fit_topicality import RankedQuestions
from training.in_memory_index import InMemoryIndex
from training.judged_collections import JudgedCollection
from training.table_file import TableContent

SYLLABLES = ("ba", "du", "fi", "go", "ke", "lu", "mo", "ni", "pa", "ro", "su", "ti")
PAGES = 40


def pages() -> list[tuple[str, str]]:
    """Title and body of some pages about made-up illnesses."""
    draw = random.Random(0)
    names = ["".join(draw.choices(SYLLABLES, k=4)) for _ in range(PAGES)]
    return [(f"what helps against {name}", f"rest and warmth heal {name} in a week") for name in names]


def collection(name: str, *, titles: bool) -> Callable[[CachedEmbedder], JudgedCollection]:
    """A maker of a collection of the pages, with the titles as its questions."""

    def make(embed: CachedEmbedder) -> JudgedCollection:
        asked, bodies = zip(*pages(), strict=True)
        index = InMemoryIndex([[body] for body in bodies], range(PAGES), asked if titles else [], embed)
        return JudgedCollection(name, index, asked, range(PAGES), [{page: 1} for page in range(PAGES)])

    return make


def pairs(embed: CachedEmbedder) -> list[Pairs]:
    """The titles with their bodies."""
    questions, texts = (torch.from_numpy(embed(side)) for side in zip(*pages(), strict=True))
    return [Pairs(questions, texts, torch.arange(PAGES))]


def ranked(embed: CachedEmbedder) -> tuple[InMemoryIndex, list[RankedQuestions]]:
    """The pages' questions, the same without their page, and the same once more as requests."""
    index = collection("", titles=False)(embed).index
    ranker, queries = index.ranker(), index.queries([title for title, _ in pages()])
    whole = [ranker.generator.generate([query])[0] for query in queries]
    found = [ranker.score(query, candidates) for query, candidates in zip(queries, whole, strict=True)]
    without = [
        ranker.score(query, candidates.without(candidates.answers == page))
        for page, (query, candidates) in enumerate(zip(queries, whole, strict=True))
    ]
    return index, [RankedQuestions.of(index, ranked) for ranked in (found, without, without)]


def scope(embed: CachedEmbedder) -> TableContent:
    """A table that puts everything in scope."""
    values = {"bias": 0.0, "weights": {"nearness": 1.0, "health": 0.0}, "threshold": -1.0, "scales": {"health": 1.0}}
    return TableContent(values, {"health": np.zeros(embed.dimension, np.int8)})


def word_vectors(embed: CachedEmbedder) -> TableContent:
    """A table of one stem."""
    arrays = {"vectors": (1, 2), "basis": (2, embed.dimension), "mean": (embed.dimension,)}
    scales = dict.fromkeys(arrays, 1.0)
    return TableContent(
        {"stems": "rest", "scales": scales}, {name: np.ones(shape, np.int8) for name, shape in arrays.items()}
    )


@pytest.fixture
def model(small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model of one's own, and small collections to learn its tables from."""
    monkeypatch.setenv("ASKDOC_CACHE", str(tmp_path / "cache"))
    names = {name for names in fit_fusion.LEARNED.values() for name in names}
    with_titles = set(fit_fusion.LEARNED["both"])
    collections = {name: collection(name, titles=name in with_titles) for name in names}
    monkeypatch.setattr(fit_fusion, "COLLECTIONS", collections)
    monkeypatch.setattr(fit_query_adapter, "pairs", pairs)
    monkeypatch.setattr(fit_topicality, "ranked_questions", ranked)
    monkeypatch.setattr(fit_topicality, "STEPS", 20)
    confidence = {name: value for name, value in learned_tables.load("confidence").items() if name != "made_by"}
    monkeypatch.setattr(fit_confidence, "learn", lambda embed: TableContent(confidence))
    monkeypatch.setattr(fit_scope, "learn", scope)
    monkeypatch.setattr(fit_word_vectors, "learn", word_vectors)
    return shutil.copytree(small_model, tmp_path / "model")


def learn(model: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Learn all tables of a model as the command does, in this process; their files in order."""
    made = list(tables.tables_for(str(model)).values())
    for table in made:
        monkeypatch.setattr(tables, "sets_read", lambda table=table: set(table.data))
        table.make()
    return [table.path for table in made]


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")  # what torch says when it exports
def test_a_model_gets_tables_of_its_own(
    model: Path, corpus_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Learned in order from its own vectors, each with a head that says so, carried by its index, used by a server."""
    sentences, before = examples.sentences, locate(str(model))
    few = ("My ear itches.", "Help.", "It hurts when I chew.")
    monkeypatch.setattr(examples, "sentences", lambda: few)
    made = learn(model, monkeypatch)
    assert made == [model / FOLDER / name for name in learned_tables.FILES]
    heads = {path.name: table_file.made_by(path) for path in made}
    assert {head["model"] for head in heads.values()} == {before.sha256}
    assert set(heads["topicality.npz"]["tables"]) == {"term_weights.json", "query_adapter.npz", "fusion.json"}
    assert heads["fusion.json"]["command"] == "python -m training.tables --model MODEL fusion"
    assert str(model) not in str(heads)
    tables = tables_of(locate(str(model)))
    assert tables.origin is TablesOrigin.OWN

    monkeypatch.setattr(examples, "sentences", sentences)  # a gate wants the vectors of all of them
    settings = Settings(corpus=corpus_folder, index=tmp_path / "index", model=str(model))
    bootstrap.build_index(settings, progress=tiny.Quiet())
    shutil.rmtree(model / FOLDER)
    served = bootstrap.open_generation(settings)
    assert Artifacts.open(served).tables == tables
    assert bootstrap.responder(served).reply("How long does a bruise last?").document()["answers"]


def test_a_fit_sees_the_earlier_tables_that_it_names_and_no_others() -> None:
    """What an earlier run has left does not leak into a new one; the plain ones never see what fits one model."""
    seen = {name: set(table.earlier_of_model().contents) for name, table in tables.BY_TABLE.items()}
    assert seen["fusion"] == {"query_adapter.npz"}
    assert seen["topicality"] == {"query_adapter.npz", "fusion.json"}
    assert seen["confidence"] == {"query_adapter.npz", "fusion.json", "topicality.npz"}
    assert (seen["plain_fusion"], seen["plain_confidence"]) == (set(), {"fusion.json"})


def test_tables_that_count_words_are_not_learned_for_another_model(tmp_path: Path) -> None:
    """They serve every model as they are."""
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    assert list(tables.tables_for(str(tmp_path))) == [name.split(".")[0] for name in learned_tables.FILES]
    assert "plain_fusion" in tables.tables_for("all-MiniLM-L6-v2")
