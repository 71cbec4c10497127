"""What is put together works as one, also after an upgrade of one part."""

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from askdoc import bootstrap
from askdoc.embedder import ModelFiles
from askdoc.errors import IndexUnusable
from askdoc.index import generation
from askdoc.index.generation import Generation
from askdoc.models import Reply, own_disclaimer
from askdoc.safety import Gate, examples
from askdoc.settings import Settings
from tests import tiny
from tests.conftest import RECORD
from tests.making import make, make_whole, opened


@pytest.fixture
def upgraded(tiny_index: Generation, monkeypatch: pytest.MonkeyPatch) -> Generation:
    """An index that was made before this program got other safety examples."""
    monkeypatch.setattr(examples, "TABLE_VERSION", "another")
    return tiny_index


def judged(gate: Gate) -> list[object]:
    """What the gate makes of some of the examples, by their nearness to all of them."""
    some = examples.sentences()[::25]
    return [gate.check(text, tiny.vector(text)) for text in some]


def test_after_an_upgrade_the_gate_knows_its_examples(upgraded: Generation, caplog: pytest.LogCaptureFixture) -> None:
    """They are embedded at the start: it judges as with a new index, not by its patterns alone, and says so."""
    with caplog.at_level(logging.WARNING):
        after = judged(bootstrap.Shared().gate(upgraded))
    vectors = upgraded.embedder.begin(examples.sentences())().inner
    assert after == judged(Gate.load(vectors=vectors))
    assert after != judged(Gate.load())
    assert "embedded at every start" in caplog.text


def test_they_are_embedded_once_for_an_encoder(upgraded: Generation, corpus_folder: Path, tmp_path: Path) -> None:
    """A server that changes over to another generation of the same model takes them over."""
    shared = bootstrap.Shared()
    assert shared.gate(upgraded) is shared.gate(upgraded)
    embedder = upgraded.embedder
    assert isinstance(embedder, tiny.TinyEmbedder)
    assert embedder.asked.count(examples.sentences()[0]) == 1


def test_a_server_after_an_upgrade_is_ready_and_says_what_to_run(
    corpus_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a new index it has nothing more to say."""
    make_whole(corpus_folder, tmp_path / "index")
    monkeypatch.setattr(bootstrap, "_trained", lambda *_: tiny.TinyEmbedder())
    settled = Settings(corpus=corpus_folder, index=tmp_path / "index", model="tiny")
    with monkeypatch.context() as upgrade:
        upgrade.setattr(examples, "TABLE_VERSION", "another")
        live = bootstrap.live(settled)
        live.look()
        assert live.state().ready
        assert "Run: askdoc index" in (live.state().problem or "")
        make_whole(corpus_folder, tmp_path / "index")
        live.look()
        assert live.state().problem is None


def test_an_index_without_examples_gets_them(tiny_index: Generation) -> None:
    """Whatever its manifest says of their version."""
    del tiny_index.manifest.files[generation.SAFETY]
    assert judged(bootstrap.Shared().gate(tiny_index)) != judged(Gate.load())


GERMAN_PASSAGE = "Die Schwellung geht nach einer Woche von selbst zurück, und die Haut heilt ohne Narbe."


def sampled(passages: Sequence[str], index: Generation, monkeypatch: pytest.MonkeyPatch) -> Reply:
    monkeypatch.setattr(bootstrap, "_sample", lambda *_: list(passages))
    return bootstrap.responder(index).reply("Wie lange hält bei meiner Tochter ein long bruise last?")


def test_a_corpus_in_the_language_is_searched(tiny_index: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its answers stand below the numbers; of a corpus in English nothing is shown."""
    reply = sampled([GERMAN_PASSAGE] * 2, tiny_index, monkeypatch)
    assert reply.notice is not None
    assert reply.notice.answers_allowed
    assert reply.related
    assert not sampled(["A bruise fades within two weeks."] * 2, tiny_index, monkeypatch).related


def test_passages_from_all_over_the_corpus_tell_its_language(tiny_index: Generation) -> None:
    """A few of a large one, all of a small one."""
    texts = tiny_index.documents
    rows = range(len(texts.answer_of))
    assert bootstrap._sample(texts, len(rows)) == [texts.passage(row).text for row in rows]


def replied(country: str, question: str, index: Generation) -> dict[str, Any]:
    document = bootstrap.responder(index, shared=bootstrap.Shared(country)).reply(question).document()
    loaded: dict[str, Any] = json.loads(json.dumps(document))
    return loaded


def test_a_library_s_reply_follows_the_country_too(tiny_index: Generation) -> None:
    """Without a server."""
    assert replied("GB", "how do I change a tyre", tiny_index)["disclaimer"] == own_disclaimer("999")
    assert replied("BR", "how do I change a tyre", tiny_index)["disclaimer"] == own_disclaimer(None)


def test_examples_that_do_not_fit_are_refused(corpus_folder: Path, tmp_path: Path) -> None:
    """No answer is given by a gate that is not whole."""
    make(corpus_folder, tmp_path / "index")  # one sentence stands for all of them
    with pytest.raises(IndexUnusable, match="examples need as many rows"):
        bootstrap.Shared().gate(opened(tmp_path / "index"))


def test_a_model_that_cannot_be_exported_is_loaded_once(
    corpus_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server keeps it from one index to the next."""
    loaded: list[str] = []

    def load(found: ModelFiles) -> tiny.TinyEmbedder:
        loaded.append(found.name)
        return tiny.TinyEmbedder()

    monkeypatch.setattr(bootstrap, "locate", lambda name: tiny.WEIGHTS)
    monkeypatch.setattr(bootstrap, "_load", load)
    index = tmp_path / "index"
    make_whole(corpus_folder, index)
    live = bootstrap.live(Settings(index=index, model="tiny"))
    live.look()
    for round_ in range(2):
        (corpus_folder / f"{round_}.jsonl").write_text(RECORD.replace("tea", f"tea{round_}"), encoding="utf-8")
        wanted = make_whole(corpus_folder, index).manifest.index_id
        live.look()
        assert live.state().index_id == wanted
    assert loaded == ["tiny"]


def test_answering_loads_nothing_that_only_a_build_needs() -> None:
    """Whoever asks in a terminal does not wait for the readers of the corpus."""
    code = "import sys, askdoc.bootstrap; print(sorted({'askdoc.indexer', 'askdoc.corpus.loader'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
