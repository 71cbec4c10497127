"""Several processes serve on one socket, and what happens to one of them costs nobody a reply."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.cli.commands import run
from tests.making import edit, make_whole
from tests.server.doubles import QUESTION
from tests.waiting import LONG_S, until

WORKERS = 2


class Served:
    """A supervisor with its workers, ready."""

    def __init__(self, process: "subprocess.Popen[str]", log: Path) -> None:
        self.process = process
        self.log = log
        assert process.stdout is not None
        self.line = process.stdout.readline()
        assert "127.0.0.1:" in self.line, log.read_text(encoding="utf-8")
        self.port = int(self.line.split("127.0.0.1:")[1].split()[0])

    def workers(self) -> set[int]:
        """The process ids of the workers."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        return {int(child) for child in children if "spawn_main" in _command(child)}

    def connection(self) -> "closing[http.client.HTTPConnection]":
        return closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG_S))

    def ask(self) -> int:
        """The status of a reply, over a connection of its own."""
        with self.connection() as connection:
            return asked(connection)

    def index_id(self) -> object:
        """Which index a worker serves: any of them."""
        with self.connection() as connection:
            connection.request("GET", "/readyz")
            return json.loads(connection.getresponse().read())["index_id"]

    def said(self, words: str) -> bool:
        """Whether something stands in the log."""
        return words in self.log.read_text(encoding="utf-8")


def asked(connection: http.client.HTTPConnection) -> int:
    """The status of a reply."""
    connection.request("POST", "/v1/ask", json.dumps({"question": QUESTION}), {"content-type": "application/json"})
    response = connection.getresponse()
    response.read()
    return response.status


def _command(process: str) -> str:
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8")
    return ""


def _alive(process: int) -> bool:
    return "spawn_main" in _command(str(process))


@contextmanager
def serving(index: Path, log: Path) -> Iterator[Served]:
    command = [sys.executable, "-m", "tests.reliability.tiny_server", str(index), str(WORKERS)]
    with (
        log.open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True
        ) as process,
    ):
        try:
            yield Served(process, log)
        finally:
            process.kill()


@pytest.fixture
def index(corpus_folder: Path, tmp_path: Path) -> Path:
    make_whole(corpus_folder, tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def served(index: Path, tmp_path: Path) -> Iterator[Served]:
    with serving(index, tmp_path / "log") as served:
        yield served


def test_one_line_says_when_all_workers_can_be_asked(served: Served) -> None:
    """With how many they are and the memory that they hold together."""
    assert f"{WORKERS} workers, " in served.line
    assert "MB of memory" in served.line
    assert len(served.workers()) == WORKERS
    assert served.ask() == 200


def test_a_worker_that_dies_is_replaced_while_the_others_answer(served: Served) -> None:
    """Whoever asks next is answered, and soon by as many as before."""
    [victim, *others] = sorted(served.workers())
    os.kill(victim, signal.SIGKILL)
    assert until(lambda: not _alive(victim))
    assert served.ask() == 200
    assert until(lambda: len(served.workers()) == WORKERS)
    assert set(others) < served.workers()
    assert served.said(f"Worker {victim} has ended. Exit code -9.")


def test_replacing_all_workers_loses_no_request(served: Served) -> None:
    """Neither of those who keep their connection nor of those who open another each time."""
    before = served.workers()
    statuses: list[int] = []
    done = threading.Event()

    def keep_asking_over_one_connection() -> None:
        with served.connection() as connection:
            while not done.is_set():
                statuses.append(asked(connection))

    def keep_asking_over_others() -> None:
        while not done.is_set():
            statuses.append(served.ask())

    ways = (keep_asking_over_one_connection, keep_asking_over_one_connection, keep_asking_over_others)
    clients = [threading.Thread(target=way) for way in ways]
    for client in clients:
        client.start()
    served.process.send_signal(signal.SIGHUP)
    replaced = until(lambda: len(served.workers()) == WORKERS and not served.workers() & before)
    done.set()
    for client in clients:
        client.join(LONG_S)
    assert replaced
    assert set(statuses) == {200}
    assert not served.log.read_text(encoding="utf-8")


def test_a_worker_that_cannot_start_any_more_leaves_the_others_at_work(served: Served, index: Path) -> None:
    """It is tried again, and comes back once the index does."""
    hidden = index.rename(index.with_name("hidden"))
    [victim, *others] = served.workers()
    os.kill(victim, signal.SIGKILL)
    assert until(lambda: served.said("There is no index"))
    assert served.ask() == 200
    hidden.rename(index)
    assert until(lambda: len(served.workers()) == WORKERS and served.ask() == 200)
    assert set(others) < served.workers()


def test_a_new_index_is_taken_up_by_every_worker(served: Served, index: Path, corpus_folder: Path) -> None:
    """Without a restart, as by one process alone."""
    edit(corpus_folder)
    new = make_whole(corpus_folder, index).manifest.index_id
    assert until(lambda: all(served.index_id() == new for _ in range(4 * WORKERS)))


def test_ctrl_c_ends_all_of_them_quietly(served: Served) -> None:
    """A terminal sends it to the workers, too: none of them says anything of it."""
    workers = served.workers()
    os.killpg(served.process.pid, signal.SIGINT)
    assert served.process.wait(LONG_S) == 0
    assert not any(map(_alive, workers))
    assert not served.log.read_text(encoding="utf-8")


def test_sigterm_ends_all_of_them(served: Served) -> None:
    """The supervisor ends last, as SIGTERM would have it."""
    workers = served.workers()
    served.process.terminate()
    assert served.process.wait(LONG_S) == -signal.SIGTERM
    assert not any(map(_alive, workers))


def test_workers_end_with_their_supervisor(served: Served) -> None:
    """However it ends: none of them holds the port any longer."""
    workers = served.workers()
    served.process.kill()
    assert until(lambda: not any(map(_alive, workers)))
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", served.port))


def test_the_first_start_fails_with_what_keeps_a_worker_from_serving(tmp_path: Path) -> None:
    """The sentence and exit code that one process alone would end with."""
    done = run("serve", "--port", "0", "--workers", "2", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.splitlines()[-1].startswith("askdoc: There is no index")
    assert "Traceback" not in done.stderr
