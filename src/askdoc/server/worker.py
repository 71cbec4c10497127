"""One of several processes that serve on the socket of their supervisor."""

import socket
import threading
import time
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from askdoc.errors import AskdocError, IndexUnusable
from askdoc.server import logs, run
from askdoc.server.supervisor import READY, RETIRE, Line

Application = tuple[run.BackgroundProvider, FastAPI]
"""What is served, and what answers with it."""
LOOK_S = 0.02
"""Seconds between two looks whether the index is loaded."""
RETIRING_S = 6.0
"""Seconds that a retiring worker waits for its connections: uvicorn closes those that are idle after 5."""
STOPPING_S = 20
"""Seconds after which a worker that stops waits no longer for clients who have sent half of a request."""
BUSY = 4
"""Requests at once above which a worker asks clients to connect anew, so that another may take their next request."""
CLOSE = (b"connection", b"close")
"""The header that asks a client to connect anew."""
BACKLOG = 2048
"""Connections that may wait to be accepted, as uvicorn has it."""


def work(make: Callable[[], Application], bound: socket.socket, line: Line) -> None:
    """Load the index, then serve until the supervisor says so or is gone.

    Says ``READY`` over ``line``, or why no index could be loaded. No connection is accepted before: others would have
    answered it.
    """
    logs.start()
    try:
        provider, app = make()
        provider.start()
        _wait_until_loaded(provider)
    except AskdocError as error:
        line.send(error)
        return
    server = _WorkerServer(app, line)
    threading.Thread(target=server.obey, name="askdoc-supervisor", daemon=True).start()
    try:
        server.run(sockets=[bound])
    finally:
        provider.stop()


def _wait_until_loaded(provider: run.BackgroundProvider) -> None:
    """Wait for the first index. Raises IndexUnusable where it could not be loaded."""
    while not (state := provider.state()).ready:
        if state.problem:
            raise IndexUnusable(state.problem)
        time.sleep(LOOK_S)


class SharingMiddleware:
    """Asks clients to connect anew, with the response to what they have sent.

    A connection that is kept belongs to one worker, however much that has to do and whether another is idle. Whoever
    connects anew is accepted by a worker that has time for it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._at_once = 0
        self.retiring = False
        """Whether no connection is to be kept."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_close(message: Message) -> None:
            if message["type"] == "http.response.start" and (self.retiring or self._at_once > BUSY):
                message["headers"] = [*message["headers"], CLOSE]
            await send(message)

        self._at_once += 1
        try:
            await self._app(scope, receive, send_with_close)
        finally:
            self._at_once -= 1


class _WorkerServer(uvicorn.Server):
    """A server that its supervisor tells to stop or to retire.

    A server that stops closes idle connections at once, and a client may just be sending its next question over one.
    One that retires accepts no further connection, answers all that comes over those it has, and asks each client to
    connect anew; the connections that stay idle are closed when they would have been anyway.
    """

    def __init__(self, app: FastAPI, line: Line) -> None:
        self._sharing = SharingMiddleware(app)
        super().__init__(run.configuration(self._sharing))
        self.config.timeout_graceful_shutdown = STOPPING_S
        self.config.backlog = 1  # asyncio accepts as many connections in a row, and the other workers have none
        self._line = line
        self._ends_at = 0.0

    def obey(self) -> None:
        """Wait for what the supervisor says; it closes the line where the server must stop, also when it dies."""
        try:
            while self._line.recv() == RETIRE:
                self._sharing.retiring = True
        except (EOFError, OSError):
            pass
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for bound in sockets or ():
            bound.listen(BACKLOG)
        self._line.send(READY)

    async def on_tick(self, counter: int) -> bool:
        """Look ten times a second whether to retire; True ends the server."""
        ends = await super().on_tick(counter)
        if not self._sharing.retiring:
            return ends
        if not self._ends_at:
            self._ends_at = time.monotonic() + RETIRING_S
            for listening in self.servers:
                listening.close()
            return ends  # what was accepted just now is among the connections at the next look
        return ends or not self.server_state.connections or time.monotonic() >= self._ends_at
