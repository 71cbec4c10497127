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
from askdoc.server.service import Service

log = logging.getLogger("askdoc")


class Watched(Service, Protocol):
    """A desk that loads and follows its index by itself."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


def serve(desk: Watched, *, host: str, port: int, app: FastAPI, announce: Callable[[str], None]) -> None:
    """Serve until a signal. ``announce`` hears the address.

    Raises UsageError where the address cannot be used, IndexUnusable where no index could be loaded.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    with _listening(host, port) as listening:
        address = listening.getsockname()
        shown = f"[{address[0]}]" if ":" in address[0] else address[0]
        # No access log: it would hold who asked when, and that is nobody's business.
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
        server = _Server(config, desk, lambda: announce(f"askdoc is at http://{shown}:{address[1]}  (Ctrl-C stops it)"))
        desk.start()
        try:
            with contextlib.suppress(KeyboardInterrupt):
                server.run(sockets=[listening])
        finally:
            desk.stop()
        if server.failed:
            raise IndexUnusable(server.failed)


class _Server(uvicorn.Server):
    """Stops by itself where the first index cannot be loaded: better no server than one without answers."""

    def __init__(self, config: uvicorn.Config, desk: Service, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self.failed: str | None = None
        self._desk = desk
        self._announce = announce
        self._announced = False

    async def on_tick(self, counter: int) -> bool:
        state = self._desk.state()
        if state.ready and not self._announced:
            self._announced = True
            self._announce()
        if state.problem and not state.ready:
            self.failed = state.problem
            return True
        return await super().on_tick(counter)


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            f"{host}:{port} cannot be served on ({reason}). Choose others with --host and --port."
        ) from None
    with listening:
        yield listening
