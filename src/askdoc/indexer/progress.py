"""How a build tells whoever waits for it what it is doing."""

from typing import Protocol


class Progress(Protocol):
    """Hears how a build goes."""

    def step(self, name: str) -> None:
        """A new part of the work begins."""
        ...

    def advanced(self, unit: str, done: int, of: int, *, work: int, of_work: int) -> None:
        """``done`` of ``of`` units are done, which were ``work`` of ``of_work`` to do: the time left goes by work."""
        ...
