"""Runs the server on an address until it is told to stop."""

import contextlib
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import uvicorn
from fastapi import FastAPI

from askdoc.errors import IndexUnusable, UsageError
from askdoc.server.service import ResponderProvider


class BackgroundProvider(ResponderProvider, Protocol):
    """A provider that loads its index and follows its changes in the background, from start to stop."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


def serve(provider: BackgroundProvider, *, host: str, port: int, app: FastAPI, announce: Callable[[str], None]) -> None:
    """Serve until a signal. ``announce`` gets a sentence with the address once questions can be asked.

    Raises UsageError where the address cannot be used, IndexUnusable where no index could be loaded.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    with _bound_socket(host, port) as bound:
        address = bound.getsockname()
        shown_host = f"[{address[0]}]" if ":" in address[0] else address[0]
        sentence = f"askdoc is at http://{shown_host}:{address[1]}  (Ctrl-C stops it)"
        # No access log: it would hold who asked when, and that is nobody's business.
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
        server = _Server(config, provider, on_ready=lambda: announce(sentence))
        provider.start()
        try:
            with contextlib.suppress(KeyboardInterrupt):
                server.run(sockets=[bound])
        finally:
            provider.stop()
        if server.problem:
            raise IndexUnusable(server.problem)


class _Server(uvicorn.Server):
    """A server that stops by itself where the first index cannot be loaded, rather than serve without answers."""

    def __init__(self, config: uvicorn.Config, provider: ResponderProvider, *, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.problem: str | None = None
        """Why no index could be loaded."""
        self._provider = provider
        self._on_ready = on_ready
        self._was_ready = False

    async def on_tick(self, counter: int) -> bool:
        """Watch the first index load, ten times a second; True ends the server."""
        state = self._provider.state()
        if state.ready and not self._was_ready:
            self._was_ready = True
            self._on_ready()
        if state.problem and not state.ready:
            self.problem = state.problem
            return True
        return await super().on_tick(counter)


@contextmanager
def _bound_socket(host: str, port: int) -> Iterator[socket.socket]:
    """A socket on an address, closed afterwards. Raises UsageError where the address cannot be used."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            f"{host}:{port} cannot be served on ({reason}). Choose others with --host and --port."
        ) from None
    with bound:
        yield bound
