"""Runs the server in this process, on an address, until it is told to stop."""

import contextlib
from collections.abc import Callable
from typing import Protocol

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from askdoc.errors import IndexUnusable
from askdoc.server import listening, logs
from askdoc.server.service import ResponderProvider


class BackgroundProvider(ResponderProvider, Protocol):
    """A provider that loads its index and follows its changes in the background, from start to stop."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


def serve(provider: BackgroundProvider, *, host: str, port: int, app: FastAPI, announce: Callable[[str], None]) -> None:
    """Serve until a signal. ``announce`` gets a sentence with the address once questions can be asked.

    Raises UsageError where the address cannot be used, IndexUnusable where no index could be loaded.
    """
    logs.start()
    with listening.bound_socket(host, port) as bound:
        sentence = f"askdoc is at {listening.url(bound)}  (Ctrl-C stops it)"
        server = _Server(configuration(app), provider, on_ready=lambda: announce(sentence))
        provider.start()
        try:
            with contextlib.suppress(KeyboardInterrupt):
                server.run(sockets=[bound])
        finally:
            provider.stop()
        if server.problem:
            raise IndexUnusable(server.problem)


def configuration(app: ASGIApp) -> uvicorn.Config:
    """How uvicorn runs the application. No access log: it would hold who asked when, and that is nobody's business."""
    return uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)


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
