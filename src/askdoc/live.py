"""Keeps a server on the active generation: opens it, watches for another, and changes over in one step."""

import logging
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from askdoc.errors import AskdocError, IndexUnusable
from askdoc.index import activation, checked
from askdoc.index.folder import IndexFolder
from askdoc.index.generation import Generation
from askdoc.responder import Responder

log = logging.getLogger("askdoc")
EVERY_S = 0.5
"""Seconds between two looks at CURRENT."""
AGAIN_S = 30.0
"""Seconds after which a generation that could not be taken is tried again."""
SWITCH_S = 0.0005
"""Seconds that a thread may keep the interpreter: with Python's 0.005 the slowest replies waited 0.04 in a change."""


@dataclass(frozen=True, slots=True)
class ServingStatus:
    """Whether a server can answer, and from which index.

    ``problem`` says in a sentence what keeps it from the newest index, or what is wrong with that.
    """

    ready: bool
    index_id: str | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class ServedGeneration:
    """Generation by its folder's name, with the responder over it, tried out.

    ``remark`` says in a sentence what should be done about it, if anything.
    """

    name: str
    generation: Generation
    responder: Responder
    remark: str | None = None


MANY_TITLES = 50_000
"""Titles whose suggestions take half a second to make."""
Open = Callable[[Path, ServedGeneration | None], ServedGeneration]
"""Checks, opens and tries a generation; the one served before may lend what they have in common."""


class Live:
    """The responder of the active generation. A request keeps the one it began with."""

    def __init__(self, folder: IndexFolder, open_at: Open) -> None:
        self._folder = folder
        self._open_at = open_at
        self._served: ServedGeneration | None = None
        self._refused: str | None = None
        self._again_at = 0.0
        self._problem: str | None = None
        self._caught_up: str | None = None
        self._damaged: dict[str, str] = {}
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
        served = self._served
        return served.responder if served else None

    def state(self) -> ServingStatus:
        """Whether questions can be asked, of which index, and what is wrong."""
        served = self._served
        if served is None:
            return ServingStatus(False, None, self._problem)
        return ServingStatus(True, served.responder.index_id, self._problem or served.remark)

    def load(self) -> None:
        """Open the active generation, or the newest that works. Raises AskdocError where none does."""
        self._served, self._problem = self._folder.choose(lambda path: self._opened(path, None))
        self._refuse(self._folder.current() if self._problem else None)

    def look(self) -> None:
        """Take what CURRENT names now, if it is not what is served.

        Raises where that does not work: what is served stays, and the same is not tried again at once.
        """
        named = self._folder.current()
        if self._served is None:
            self.load()
        elif named == self._served.name:
            self._problem = None
        elif named is None:
            self._say(f"{self._folder.current_file} names no generation. Run: askdoc index")
        elif named != self._refused or time.monotonic() >= self._again_at:
            self._change(self._served, named)

    def _change(self, before: ServedGeneration, named: str) -> None:
        try:
            served = self._opened(self._folder.path / named, before)
        except BaseException:
            self._refuse(named)
            raise
        self._served, self._problem = served, None
        log.warning("Now serving %s in place of %s.", served.name, before.name)

    def _opened(self, path: Path, before: ServedGeneration | None) -> ServedGeneration:
        """Open a generation so that it can be served at once: nobody who types waits until its suggestions are made.

        But where nothing is served yet and there are many titles, questions are answered before that.
        """
        if path.name in self._damaged:
            raise IndexUnusable(self._damaged[path.name])
        served = self._open_at(path, before)
        if before or len(served.generation.documents.titled) <= MANY_TITLES:
            _ = served.responder.suggestions
        return served

    def catch_up(self) -> None:
        """Do once, while questions are answered, what the start of a large index put off.

        Its suggestions are made, and its large files hashed, which were opened by their stamps; damaged, it is left.
        """
        served = self._served
        if served is None or served.name == self._caught_up:
            return
        self._caught_up = served.name
        _ = served.responder.suggestions
        opened = served.generation.checked
        problems = checked.damage(opened.path, opened.manifest, names=opened.stamped, threads=1)
        for problem in problems:
            self._damaged[served.name] = problem
            self._served = None
            log.error("%s", problem)
            self.load()
            break

    def _refuse(self, named: str | None) -> None:
        self._refused = named
        self._again_at = time.monotonic() + AGAIN_S

    def _say(self, problem: str) -> None:
        if problem != self._problem:
            log.error("%s%s", problem, f" {self._served.name} is still served." if self._served else "")
        self._problem = problem

    def look_safely(self) -> None:
        """Call ``look()`` and ``catch_up()``; turn any exception into the problem that ``state`` reports."""
        try:
            self.look()
            self.catch_up()
        except MemoryError:
            self._say("The memory is not enough for the new index. Free some, or restart the server.")
        except AskdocError as error:
            self._say(str(error))
        except Exception as error:  # what libraries raise for an index that is not theirs
            self._say(f"The new index cannot be opened ({type(error).__name__}: {error}). Run: askdoc index --full")

    def _watch(self) -> None:
        sys.setswitchinterval(SWITCH_S)
        activation.tidy(self._folder)
        while not self._stop.is_set():
            self.look_safely()
            self._stop.wait(EVERY_S)
