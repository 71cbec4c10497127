"""Keeps a server on the active generation: opens it, watches for another, and changes over in one step."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from askdoc.errors import AskdocError
from askdoc.index import folder
from askdoc.responder import Responder

log = logging.getLogger("askdoc")
EVERY_S = 0.5
"""How often CURRENT is looked at."""
AGAIN_S = 30.0
"""After how long a generation that could not be taken is tried again."""


@dataclass(frozen=True, slots=True)
class State:
    """How the server stands: ``problem`` says in a sentence what keeps it from the newest index, if anything."""

    ready: bool
    index_id: str | None
    problem: str | None


class Live:
    """The responder of the active generation. A request keeps the one it began with."""

    def __init__(self, index: Path, open_responder: Callable[[], Responder]) -> None:
        self._index = index
        self._open = open_responder
        self._responder: Responder | None = None
        self._named: str | None = None
        self._problem: str | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="askdoc-index", daemon=True)

    def start(self) -> None:
        """Load the index and watch it, in the background."""
        self._thread.start()

    def stop(self) -> None:
        """End the watching."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def responder(self) -> Responder | None:
        """The responder to ask now, or None while the index is still loading."""
        return self._responder

    def state(self) -> State:
        """Whether questions can be asked, of which index, and what is wrong."""
        responder = self._responder
        return State(responder is not None, responder and responder.index_id, self._problem)

    def load(self) -> None:
        """Open the active generation and take it. Raises AskdocError where it cannot be opened."""
        named = folder.current(self._index)
        responder = self._open()
        self._responder, self._named, self._problem = responder, named, None

    def _watch(self) -> None:
        waited = AGAIN_S
        while not self._stop.is_set():
            named = folder.current(self._index)
            waited += EVERY_S
            if self._responder is None or named != self._named or (self._problem and waited >= AGAIN_S):
                waited = 0.0
                self._take(named)
            self._stop.wait(EVERY_S)

    def _take(self, named: str | None) -> None:
        before = self._responder
        try:
            self.load()
        except (AskdocError, OSError, MemoryError) as error:
            self._named, self._problem = named, str(error)
            log.error("%s%s", error, " The index before it is still served." if before else "")
            return
        if before and self._responder and before.index_id != self._responder.index_id:
            log.warning("Now serving index %s in place of %s.", self._responder.index_id, before.index_id)
