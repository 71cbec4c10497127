"""The service behind the endpoints: the responder in use, the queue in front of it, and the country that is set."""

from concurrent.futures import Future
from typing import Protocol

from askdoc.countries import Country
from askdoc.models import ContentLabels, Reply
from askdoc.responder import AskRequest, Responder
from askdoc.server.batching import BatchQueue, NotReady


class Readiness(Protocol):
    """Whether questions can be asked, as ``/readyz`` reports it."""

    @property
    def ready(self) -> bool: ...
    @property
    def index_id(self) -> str | None: ...
    @property
    def problem(self) -> str | None:
        """A sentence on what keeps the newest index from being served, or on what should be done about it."""
        ...


class ResponderProvider(Protocol):
    """Gives the responder of the index that is served now; another one after the index has changed."""

    def responder(self) -> Responder | None: ...
    def state(self) -> Readiness: ...


class Service:
    """What all endpoints work with. Made once for an application; safe to share between threads."""

    def __init__(self, provider: ResponderProvider, *, country: Country) -> None:
        self.country = country
        self._provider = provider
        self._queue = BatchQueue(provider.responder)

    def responder(self) -> Responder:
        """The responder in use. Raises NotReady while no index is loaded."""
        responder = self._provider.responder()
        if responder is None:
            raise NotReady
        return responder

    def submit(self, request: AskRequest) -> "Future[Reply]":
        """Queue a question for the next batch; see ``BatchQueue.submit``."""
        return self._queue.submit(request)

    def readiness(self) -> Readiness:
        """Whether questions can be asked, and of which index."""
        return self._provider.state()

    def labels(self) -> ContentLabels | None:
        """What the corpus says that its text is; None while no index is loaded."""
        responder = self._provider.responder()
        return responder.labels if responder else None

    def close(self) -> None:
        """Cancel the questions that wait, and end the queue's thread."""
        self._queue.close()
