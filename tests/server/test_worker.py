"""A worker serves on a socket that others share, and does what its supervisor says."""

import asyncio
import contextlib
import http.client
import json
import multiprocessing
import threading
from collections.abc import Iterator, Sequence

import pytest
from starlette.types import Message, Receive, Scope, Send

from askdoc.errors import IndexUnusable, QuestionError
from askdoc.live import ServingStatus
from askdoc.models import Confidence, Reply
from askdoc.responder import AskRequest, Responder
from askdoc.server import listening, worker
from askdoc.server.app import create_app
from askdoc.server.supervisor import READY, RETIRE
from tests.server.doubles import FixedProvider
from tests.waiting import LONG_S, until


class Held(Responder):
    """Answers when it is let go."""

    def __init__(self) -> None:
        self.index_id = "one"
        self.begun = threading.Event()
        self.go = threading.Event()

    def reply_many(self, requests: Sequence[AskRequest]) -> list[Reply | QuestionError]:
        self.begun.set()
        assert self.go.wait(LONG_S)
        return [Reply(request.question, Confidence.NONE, self.index_id) for request in requests]


class Provider(FixedProvider):
    looks = 0
    """How often somebody has looked whether the index is loaded."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def state(self) -> ServingStatus:
        self.looks += 1
        return super().state()


class Worker:
    """A worker in a thread, and the supervisor's end of its line."""

    def __init__(self, provider: Provider) -> None:
        self.line, theirs = multiprocessing.Pipe()
        self._sockets = contextlib.ExitStack()
        bound = self._sockets.enter_context(listening.bound_socket("127.0.0.1", 0))
        self.port: int = bound.getsockname()[1]
        arguments = (lambda: (provider, create_app(provider)), bound, theirs)
        self.thread = threading.Thread(target=worker.work, args=arguments, daemon=True)
        self.thread.start()

    def said(self) -> object:
        assert self.line.poll(LONG_S)
        return self.line.recv()

    def connection(self) -> "contextlib.closing[http.client.HTTPConnection]":
        return contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG_S))

    def refuses(self) -> bool:
        """Whether it accepts no further connection."""
        try:
            with self.connection() as connection:
                connection.connect()
        except ConnectionRefusedError:
            return True
        return False

    def end(self) -> None:
        self.line.close()
        self.thread.join(LONG_S)
        self._sockets.close()


def send(connection: http.client.HTTPConnection) -> None:
    connection.request("POST", "/v1/ask", json.dumps({"question": "a"}), {"content-type": "application/json"})


def received(connection: http.client.HTTPConnection) -> tuple[int, str | None]:
    """The status of a reply and its Connection header."""
    response = connection.getresponse()
    response.read()
    return response.status, response.getheader("connection")


@pytest.fixture
def held() -> Iterator[Held]:
    responder = Held()
    yield responder
    responder.go.set()


@pytest.fixture
def serving(held: Held) -> Iterator[Worker]:
    serving = Worker(Provider(held))
    assert serving.said() == READY
    yield serving
    held.go.set()
    serving.end()


def test_no_connection_is_accepted_before_the_index_is_loaded(held: Held) -> None:
    """Others would have answered it."""
    provider = Provider(None)
    starting = Worker(provider)
    assert until(lambda: provider.looks > 2 or starting.line.poll())
    assert starting.refuses()
    assert not starting.line.poll()
    provider.fixed = held
    assert starting.said() == READY
    assert not starting.refuses()
    starting.end()


def test_what_keeps_it_from_serving_is_said() -> None:
    """And that is all that it does."""
    broken = Worker(Provider(None, problem="The index is damaged. Mend it."))
    error = broken.said()
    assert isinstance(error, IndexUnusable)
    assert str(error) == "The index is damaged. Mend it."
    broken.thread.join(LONG_S)
    assert not broken.thread.is_alive()


def test_a_question_that_was_accepted_is_answered_before_the_end(serving: Worker, held: Held) -> None:
    """Whether the supervisor has closed the line or died."""
    with serving.connection() as connection:
        send(connection)
        assert held.begun.wait(LONG_S)
        serving.line.close()
        assert until(serving.refuses)
        assert serving.thread.is_alive()
        held.go.set()
        assert received(connection) == (200, "close")
    serving.thread.join(LONG_S)
    assert not serving.thread.is_alive()


def test_who_retires_answers_over_its_connections_and_sends_their_clients_elsewhere(
    serving: Worker, held: Held
) -> None:
    """An idle connection is not closed under a client that is just about to ask."""
    held.go.set()
    with serving.connection() as connection:
        send(connection)
        assert received(connection) == (200, None)
        serving.line.send(RETIRE)
        assert until(serving.refuses)
        send(connection)
        assert received(connection) == (200, "close")
    serving.thread.join(LONG_S)
    assert not serving.thread.is_alive()


@pytest.mark.parametrize(("at_once", "kept"), [(worker.BUSY, True), (worker.BUSY + 1, False)])
def test_a_busy_worker_asks_its_clients_to_connect_anew(at_once: int, kept: bool) -> None:
    """A connection that is kept belongs to one worker: the next request shall find one that has time."""
    assert asyncio.run(kept_under_load(at_once)) == kept


async def kept_under_load(at_once: int) -> bool:
    """Whether the connection of the first of some requests is kept that are answered together."""
    all_come = asyncio.Barrier(at_once)
    sent: list[Message] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await all_come.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Message:
        raise AssertionError("nothing is read")

    async def send(message: Message) -> None:
        sent.append(message)

    sharing = worker.SharingMiddleware(application)
    await asyncio.gather(*(sharing({"type": "http"}, receive, send) for _ in range(at_once)))
    return worker.CLOSE not in sent[0]["headers"]
