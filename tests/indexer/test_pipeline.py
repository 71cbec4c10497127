"""A new index folder takes what was made of the model for another, if it is that, whole, and right here."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from askdoc.embedder.onnx_encoder import FILES, OnnxEncoder
from askdoc.embedder.protocol import EncoderKind, ShareCallback, unheard
from askdoc.errors import IndexUnusable
from askdoc.index import array_codec
from askdoc.index.folder import IndexFolder
from askdoc.index.generation import SAFETY
from askdoc.indexer import pipeline
from askdoc.indexer.build import BuildReport, Indexer
from askdoc.indexer.pipeline import EmbeddingModel
from askdoc.indexer.user_cache import UserCache
from askdoc.retriever.learned_tables import ModelTables
from askdoc.safety import examples
from tests import tiny
from tests.making import spoil


class Exportable(tiny.TinyEmbedder):
    """The tiny model as one that can be exported; ``exports`` counts how often it was."""

    kind = EncoderKind.QUANTIZED
    exports = 0

    def export(self, typical: Sequence[str], on_share: ShareCallback = unheard) -> dict[str, bytes] | None:
        self.exports += 1
        on_share(0.7)
        return {name: f"{name} {self.exports}".encode() for name in FILES}


class Heard(tiny.Quiet):
    """Keeps what was said of how far a step is, too."""

    def advanced(self, unit: str, done: int, of: int, *, work: int, of_work: int) -> None:
        self.steps.append(f"{done} of {of} {unit}")


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Exportable:
    """The model, which stands for its exports as well."""
    model = Exportable()
    monkeypatch.setattr(OnnxEncoder, "open", lambda folder: model)
    monkeypatch.setattr(examples, "sentences", lambda: ("Help.",))
    return model


@pytest.fixture
def cache(tmp_path: Path) -> UserCache:
    return UserCache(tmp_path / "cache")


def built(
    corpus: Path, model: Exportable, cache: UserCache | None, *, name: str, full: bool = False, fingerprint: str = "1"
) -> tuple[BuildReport, list[str]]:
    """An index in a folder beside the corpus; its report, and the steps of the build."""
    progress = Heard()
    weights = replace(tiny.WEIGHTS, fingerprint=fingerprint * 64)
    embedding = EmbeddingModel(weights, ModelTables.plain(), lambda _: model, cache=cache)
    indexer = Indexer(corpus, IndexFolder(corpus.parent / name), embedding)
    return indexer.build(trial=lambda made: None, progress=progress, full=full), progress.steps


def test_a_second_folder_neither_loads_nor_exports_the_model(
    corpus_folder: Path, model: Exportable, cache: UserCache
) -> None:
    """Nor embeds the examples: it has the bytes of the first, and says where they come from."""
    first, _ = built(corpus_folder, model, cache, name="first")
    second, steps = built(corpus_folder, model, cache, name="second")
    assert [second.manifest.files[name] for name in (*FILES, SAFETY)] == [
        first.manifest.files[name] for name in (*FILES, SAFETY)
    ]
    assert (model.exports, model.asked.count("Help.")) == (1, 1)
    assert "Taking the exported encoder from the cache" in steps
    assert "Loading the model tiny" not in steps


def test_it_is_said_how_far_export_and_examples_are(
    corpus_folder: Path, model: Exportable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes the time of a first build; the examples come back in their order."""
    sentences = ("A long one, to be embedded last.", "Help.", "It itches.")
    monkeypatch.setattr(examples, "sentences", lambda: sentences)
    monkeypatch.setattr(pipeline, "AT_ONCE", 2)
    report, steps = built(corpus_folder, model, None, name="first")
    assert [step for step in steps if "of 100 %" in step or "of 3 texts" in step] == [
        "70 of 100 %",
        "2 of 3 texts",
        "3 of 3 texts",
    ]
    vectors = array_codec.load((report.path / SAFETY).read_bytes())
    assert np.array_equal(vectors, [tiny.vector(sentence) for sentence in sentences])


def test_another_model_is_exported_itself(corpus_folder: Path, model: Exportable, cache: UserCache) -> None:
    """By its fingerprint; the entry of the first stays."""
    for fingerprint in "121":
        built(corpus_folder, model, cache, name=f"{fingerprint}-{model.exports}", fingerprint=fingerprint)
    assert model.exports == 2


def test_a_damaged_entry_is_made_anew_without_a_word(
    corpus_folder: Path, model: Exportable, cache: UserCache, caplog: pytest.LogCaptureFixture
) -> None:
    """And replaced: the third folder takes it."""
    for name in ("first", "second", "third"):
        built(corpus_folder, model, cache, name=name)
        if name == "first":
            for entry in cache.folder.iterdir():
                spoil(entry)
    assert (model.exports, caplog.messages) == (2, [])


def test_an_export_that_computes_otherwise_here_is_made_anew(
    corpus_folder: Path, model: Exportable, cache: UserCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that another machine put into a home that both share."""
    built(corpus_folder, model, cache, name="first")

    def opened(folder: Path) -> Exportable:
        if (folder / FILES[0]).read_bytes().endswith(b"1"):
            raise IndexUnusable("It was made on a machine that computes otherwise. Run: askdoc index --full")
        return model

    monkeypatch.setattr(OnnxEncoder, "open", opened)
    report, _ = built(corpus_folder, model, cache, name="second")
    assert (report.path / FILES[0]).read_bytes().endswith(b"2")


def test_a_full_build_takes_nothing_from_the_cache(corpus_folder: Path, model: Exportable, cache: UserCache) -> None:
    """It is what to run where something is wrong; what it makes takes the place of what was there."""
    built(corpus_folder, model, cache, name="first")
    full, _ = built(corpus_folder, model, cache, name="second", full=True)
    third, _ = built(corpus_folder, model, cache, name="third")
    assert (full.path / FILES[0]).read_bytes() == (third.path / FILES[0]).read_bytes()
    assert model.exports == 2


@pytest.mark.parametrize("kept", [False, True])
def test_a_build_needs_no_cache(corpus_folder: Path, model: Exportable, cache: UserCache, kept: bool) -> None:
    """Where there is none, or a file stands in its place."""
    cache.folder.write_text("in the way")
    report, _ = built(corpus_folder, model, cache if kept else None, name="first")
    assert (report.changed, model.exports) == (True, 1)
