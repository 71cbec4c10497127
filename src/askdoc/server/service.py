"""What answers questions, and how it stands."""

from typing import Protocol

from askdoc.responder import Responder
from askdoc.server.batching import NotReady


class Readiness(Protocol):
    """How the server stands."""

    @property
    def ready(self) -> bool: ...
    @property
    def index_id(self) -> str | None: ...
    @property
    def problem(self) -> str | None: ...


class Service(Protocol):
    """Where questions go: a responder, once its index is loaded."""

    def responder(self) -> Responder | None: ...
    def state(self) -> Readiness: ...


def ready(desk: Service) -> Responder:
    """The responder, or NotReady."""
    responder = desk.responder()
    if responder is None:
        raise NotReady
    return responder
