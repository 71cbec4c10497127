"""A server at work takes up a new index by itself, and only one that works."""

import json
import logging
import shutil
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from askdoc.errors import IndexUnusable
from askdoc.index import checked
from askdoc.index.folder import IndexFolder
from askdoc.live import Live, ServedGeneration
from askdoc.models import Reply
from askdoc.query.completion import Suggestions
from askdoc.responder import Responder
from askdoc.server.app import create_app
from tests.making import edit, point
from tests.making import make_whole as make
from tests.reliability.tiny_server import open_at
from tests.waiting import LONG_S, until


@pytest.fixture
def index(corpus_folder: Path, tmp_path: Path) -> Path:
    make(corpus_folder, tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def live(index: Path) -> Live:
    """A server's desk, loaded; ``look`` is what its thread does every half second."""
    found = Live(IndexFolder(index), open_at)
    found.look()
    return found


def quoted(reply: Reply) -> str:
    """All passages of a reply: which doctor comes first is not the matter here."""
    return "\n".join(match.passage.text for match in reply.answers)


def asked(live: Live) -> str:
    responder = live.responder()
    assert responder
    return quoted(responder.reply("How long does a bruise last?"))


def test_a_new_generation_is_taken_up(live: Live, index: Path, corpus_folder: Path) -> None:
    """Answers and name change together; a request that began before keeps what it began with."""
    before, old = live.state(), live.responder()
    edit(corpus_folder)
    report = make(corpus_folder, index)
    live.look_safely()
    assert (live.state().index_id, live.state().problem) == (report.manifest.index_id, None)
    assert "orange" in asked(live)
    assert old
    reply = old.reply("How long does a bruise last?")
    assert (reply.index_id, "yellow" in quoted(reply)) == (before.index_id, True)


def test_suggestions_are_made_before_a_generation_is_served(
    index: Path, corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once for each generation, while the one before is served; nobody who types makes them."""
    desk = Live(IndexFolder(index), open_at)
    served: list[Responder | None] = []

    def made(asked: Iterable[tuple[str, str]]) -> Suggestions:
        served.append(desk.responder())
        return Suggestions(asked)

    monkeypatch.setattr("askdoc.responder.Suggestions", made)
    desk.look()
    before = desk.responder()
    edit(corpus_folder)
    make(corpus_folder, index)
    desk.look()
    assert before is not desk.responder()
    with TestClient(create_app(desk)) as client:
        for text in ("bruise", "tea", ""):
            assert client.post("/v1/suggest", json={"text": text}).json()["suggestions"]
    assert served == [None, before]


def test_a_large_index_answers_before_its_suggestions_are_made(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter of a million titles take three seconds."""
    monkeypatch.setattr("askdoc.live.MANY_TITLES", 1)
    live = Live(IndexFolder(index), open_at)
    live.look()
    found = live.responder()
    assert found
    assert found._suggestions is None
    live.catch_up()
    assert found._suggestions is not None


def test_the_thread_does_it_by_itself(index: Path, corpus_folder: Path) -> None:
    """Nobody calls ``look`` for it."""
    live = Live(IndexFolder(index), open_at)
    live.start()
    try:
        edit(corpus_folder)
        wanted = make(corpus_folder, index).manifest.index_id
        assert until(lambda: live.state().index_id == wanted)
    finally:
        live.stop()
    live._thread.join(LONG_S)
    assert not live._thread.is_alive()


def test_a_damaged_generation_is_not_taken(
    live: Live, index: Path, corpus_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The old one keeps serving, ``/readyz`` stays 200 and says why, and so does the log, once."""
    before = live.state().index_id
    edit(corpus_folder)
    new = make(corpus_folder, index).path
    (new / "documents.sqlite").unlink()
    with caplog.at_level(logging.ERROR):
        live.look_safely()
        live.look_safely()
    assert caplog.text.count("documents.sqlite cannot be read") == 1
    assert "still served" in caplog.text
    with TestClient(create_app(live)) as client:
        document = client.get("/readyz")
        assert document.status_code == 200
        assert document.json()["index_id"] == before
        assert f"{new.name}/documents.sqlite cannot be read" in document.json()["problem"]
        assert client.post("/v1/ask", json={"question": "bruise"}).json()["index_id"] == before


def test_a_generation_that_cannot_answer_is_not_taken(index: Path, corpus_folder: Path) -> None:
    """It is asked some of its own questions first; whatever it raises, the watch goes on."""
    errors = [IndexUnusable("It found no answer."), RuntimeError("odd"), MemoryError()]

    def open_once(path: Path, before: ServedGeneration | None) -> ServedGeneration:
        if before and errors:
            raise errors.pop()
        return open_at(path, before)

    live = Live(IndexFolder(index), open_once)
    live.look_safely()
    before = live.state().index_id
    edit(corpus_folder)
    make(corpus_folder, index)
    for words in ("memory is not enough", "odd", "found no answer"):
        live._again_at = 0.0
        live.look_safely()
        assert live.state().index_id == before
        assert words in (live.state().problem or "")
    live._again_at = 0.0
    live.look_safely()
    assert live.state().index_id != before
    assert live.state().problem is None


def test_a_bad_generation_is_tried_again_but_not_at_once(live: Live, index: Path, corpus_folder: Path) -> None:
    """A disk may recover; hashing it twice a second would not help it."""
    edit(corpus_folder)
    new = make(corpus_folder, index).path
    kept = (new / "documents.sqlite").rename(index / "away")
    live.look_safely()
    kept.rename(new / "documents.sqlite")
    live.look_safely()
    assert live.state().problem
    live._again_at = 0.0
    live.look_safely()
    assert live.state().problem is None
    assert "orange" in asked(live)


def test_going_back_mends_it(live: Live, index: Path, corpus_folder: Path) -> None:
    """The operator points CURRENT back: nothing is opened anew, and the problem is gone."""
    first = IndexFolder(index).current()
    edit(corpus_folder)
    (make(corpus_folder, index).path / "documents.sqlite").unlink()
    live.look_safely()
    assert live.state().problem
    assert first
    responder = live.responder()
    point(index, first)
    live.look_safely()
    assert live.state().problem is None
    assert live.responder() is responder


def test_a_current_that_vanishes_changes_nothing(live: Live, index: Path) -> None:
    """Not even the whole folder: what is open stays open, and the state says what is wrong."""
    (index / "CURRENT").unlink()
    live.look_safely()
    assert "names no generation" in (live.state().problem or "")
    shutil.rmtree(index)
    live.look_safely()
    assert "yellow" in asked(live)


def test_a_start_with_a_broken_newest_serves_the_one_before(index: Path, corpus_folder: Path) -> None:
    """Loudly: ``/readyz`` tells it as long as it is so."""
    first = checked.read_manifest(index / (IndexFolder(index).current() or "")).index_id
    edit(corpus_folder)
    (make(corpus_folder, index).path / "documents.sqlite").unlink()
    live = Live(IndexFolder(index), open_at)
    live.look_safely()
    live.look_safely()
    assert live.state().ready
    assert live.state().index_id == first
    assert "documents.sqlite cannot be read" in (live.state().problem or "")


def test_a_start_without_an_index_is_refused(tmp_path: Path) -> None:
    """With what to run."""
    live = Live(IndexFolder(tmp_path), open_at)
    with pytest.raises(IndexUnusable, match="Run: askdoc index"):
        live.look()
    assert not live.state().ready


@pytest.fixture
def turning(live: Live, index: Path, corpus_folder: Path) -> Iterator[Live]:
    """A desk whose index changes all the time."""
    edit(corpus_folder)
    make(corpus_folder, index)
    names, stop = IndexFolder(index).generations(), threading.Event()

    def turn() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            point(index, names[number % 2])
            live.look_safely()

    thread = threading.Thread(target=turn)
    thread.start()
    yield live
    stop.set()
    thread.join()


def test_no_reply_mixes_two_generations(turning: Live, index: Path) -> None:
    """Each is wholly from the one it names."""
    words = {}
    for name in IndexFolder(index).generations():
        served = open_at(index / name, None)
        words[served.responder.index_id] = _text(served.responder)
    seen = set()
    with TestClient(create_app(turning)) as client:
        for _ in range(150):
            reply = client.post("/v1/ask", json={"question": "How long does a bruise last?"}).json()
            assert reply["answers"][0]["passage"] == words[reply["index_id"]]
            seen.add(reply["index_id"])
    assert seen == set(words)


def _text(responder: Responder) -> str:
    return responder.reply("How long does a bruise last?").answers[0].passage.text


def test_damage_that_no_stamp_tells_is_noticed_behind_the_start(
    corpus_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server hashes large files once it is ready; the index is left for the one before it, and nothing takes it."""
    monkeypatch.setattr(checked, "LARGE", 1)
    path = make(corpus_folder, tmp_path / "index").path
    live = Live(IndexFolder(path.parent), open_at)
    live.look()
    live.catch_up()
    assert live.state().ready
    lost = path / "sketches.npy"
    lost.chmod(0o644)
    lost.write_bytes(bytes(lost.stat().st_size))
    stamps = checked._stamps(path, checked.read_manifest(path))
    (path / checked.STAMPS).chmod(0o644)
    (path / checked.STAMPS).write_text(json.dumps(stamps))
    again = Live(IndexFolder(path.parent), open_at)
    again.look_safely()
    assert not again.state().ready
    assert "sketches.npy is damaged" in (again.state().problem or "")
    again.look_safely()
    assert again.responder() is None
