"""Nothing leaves the machine, and nothing is written but the index and what depends on the model alone.

Every command and the library, seen by strace.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from askdoc.embedder import onnx_encoder
from tests.tracing import SOURCE, Place

ASKED = "How long does a bruise last?"
LIBRARY = f"""
from pathlib import Path
from askdoc import bootstrap
from askdoc.settings import Settings
responder = bootstrap.responder(bootstrap.open_generation(Settings(index=Path("index"))))
print(responder.reply({ASKED!r}).answers[0].passage.text, flush=True)
input()
"""
CACHE = "home/.cache/askdoc"
"""What was made of the model, for other index folders."""
UNGUARDED = "import onnxruntime; print(flush=True); input()"


def fresh(code: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """What Python makes of the code where nobody has said what may be reported."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(SOURCE), **more}
    command = [sys.executable, "-B", "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_runtime_keeps_nothing_of_the_machine(tmp_path: Path) -> None:
    """Whichever part of askdoc is imported first, onnxruntime makes no number for the machine in its home."""
    done = fresh("import askdoc.models, onnxruntime", tmp_path)
    assert (done.returncode, done.stderr, list(tmp_path.rglob("*"))) == (0, "", [])


def test_the_hubs_client_reports_nothing(tmp_path: Path) -> None:
    """Neither by itself nor in what it sends with a model that the operator has asked for."""
    code = "import askdoc.models; from huggingface_hub import constants; print(constants.HF_HUB_DISABLE_TELEMETRY)"
    assert fresh(code, tmp_path).stdout == "True\n"


def test_a_runtime_imported_before_askdoc_is_said_loudly(tmp_path: Path) -> None:
    """It has begun to report by then: the program that did it must know, unless it has taken care itself."""
    code = "import onnxruntime, askdoc"
    assert "ORT_DISABLE_TELEMETRY=1" in fresh(code, tmp_path).stderr
    assert fresh(code, tmp_path, ORT_DISABLE_TELEMETRY="1").stderr == ""


def test_a_runtime_imported_before_askdoc_is_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """What can still be stopped is stopped."""
    told: list[bool] = []
    monkeypatch.setattr("onnxruntime.disable_telemetry_events", lambda: told.append(True))
    onnx_encoder.runtime()
    assert told == [True]


def test_the_server_gives_no_request_to_a_tracer() -> None:
    """FastAPI hands bodies and errors, with the question in them, to whatever tracing is set up around it."""
    from askdoc.index.folder import IndexFolder
    from askdoc.live import Live
    from askdoc.server.app import create_app

    app = create_app(Live(IndexFolder(Path("index")), lambda path, before: pytest.fail("not opened")))
    telemetry = getattr(app, "_telemetry", {})  # a FastAPI without it traces nothing
    assert not any(telemetry.get(name) for name in ("tracing", "metrics", "logs", "auto_configure"))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A little corpus, indexed under strace by the real command with the real model."""
    from tests.conftest import PAGE, RECORD

    place = Place.made(tmp_path_factory.mktemp("private"))
    corpus = place.work / "corpus"
    corpus.mkdir()
    (corpus / "bruise.txt").write_text(PAGE, encoding="utf-8")
    (corpus / "more.jsonl").write_text(RECORD, encoding="utf-8")
    done = place.run("-m", "askdoc", "index", name="index")
    assert done.returncode == 0, done.stderr
    return place


@pytest.mark.model
def test_index_turns_to_nobody_and_writes_the_index_alone(place: Place) -> None:
    """Its scratch files are gone afterwards, and so is everything that the libraries keep."""
    kept_to_itself(place, "index", "work/index", "tmp", "home/.cache")
    assert {path.name for path in place.work.iterdir()} == {"corpus", "index"}


@pytest.mark.model
def test_the_users_cache_has_nothing_of_the_corpus(place: Place) -> None:
    """Only the export and the gate's own examples, as the owner's private files."""
    entries = list((place.folder / CACHE).iterdir())
    assert [entry.stat().st_mode & 0o777 for entry in entries] == [0o600] * 2
    assert not any(b"fades within" in entry.read_bytes() for entry in entries)


@pytest.mark.model
def test_ask_turns_to_nobody_and_writes_nothing(place: Place) -> None:
    """Also what is cached stays where it is."""
    done = place.run("-m", "askdoc", "ask", ASKED, name="ask")
    assert "A bruise fades within two weeks." in done.stdout
    kept_to_itself(place, "ask")


@pytest.mark.model
def test_serve_and_the_library_turn_to_nobody_however_long_they_run(place: Place) -> None:
    """They are watched until the runtime, left to itself in a process that began later, has looked for its maker."""
    server = place.start("-m", "askdoc", "serve", "--port", "0", name="serve")
    library = place.start("-c", LIBRARY, name="library")
    control = Place.made(place.folder / "control")
    try:
        assert server.stdout is not None
        assert library.stdout is not None
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address
        assert "A bruise fades within two weeks." in answered(address[0])
        assert "bruise" in library.stdout.readline()
        left_to_itself = control.start("-c", UNGUARDED, name="control", refused=True)
        try:
            assert left_to_itself.stdout is not None
            left_to_itself.stdout.readline()
            if control.left():  # a runtime that keeps nothing of the machine reports nothing either
                until(lambda: bool(control.reached("control")), left_to_itself)
        finally:
            end(left_to_itself)
        assert "A bruise fades within two weeks." in answered(address[0])
    finally:
        end(server)
        end(library)
    kept_to_itself(place, "serve")
    kept_to_itself(place, "library")


def kept_to_itself(place: Place, name: str, *allowed: str) -> None:
    """Hold that a program turned to nobody, wrote below the allowed folders alone, and left nothing beside them."""
    cache = str(place.folder / CACHE)
    left = [path for path in place.left() if not path.startswith(cache) and not cache.startswith(f"{path}/")]
    assert place.traced(name)
    assert (place.reached(name), place.written(name, *allowed), left) == ([], [], [])


def answered(address: str) -> str:
    """What the server says to a question, once it is ready."""
    until(lambda: opened(f"{address}/readyz") is not None)
    body = json.dumps({"question": ASKED}).encode()
    request = urllib.request.Request(f"{address}/v1/ask", data=body, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as reply:
        text: str = reply.read().decode()
    return text


def opened(address: str) -> bytes | None:
    try:
        with urllib.request.urlopen(address) as reply:
            found: bytes = reply.read()
            return found
    except OSError:
        return None


def until(happened: Callable[[], bool], process: "subprocess.Popen[str] | None" = None) -> None:
    """Wait for it, two minutes at most."""
    last = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < last, "it did not happen"
        assert process is None or process.poll() is None, "the process has ended"
        time.sleep(0.1)


def end(process: "subprocess.Popen[str]") -> None:
    """Stop what strace runs; strace goes with it."""
    os.kill(child(process.pid), signal.SIGTERM)
    process.communicate(timeout=60)


def child(parent: int) -> int:
    """The first process that another has started."""
    return int(Path(f"/proc/{parent}/task/{parent}/children").read_text().split()[0])
