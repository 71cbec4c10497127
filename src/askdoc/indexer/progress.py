"""Progress of a build, as whoever waits for it hears of it."""

from typing import Protocol

PERCENT = "%"
"""The unit of a step that has no others."""


class Progress(Protocol):
    """Listener of a build."""

    def step(self, name: str) -> None:
        """Hear that a new part of the work begins."""
        ...

    def advanced(self, unit: str, done: int, of: int, *, work: int, of_work: int) -> None:
        """Hear that ``done`` of ``of`` units are done; the time left follows from ``work``, done of ``of_work``."""
        ...
