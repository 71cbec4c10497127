"""Shows the progress of a build: one moving line on a terminal, a plain line every ten seconds elsewhere."""

import contextlib
import time
from types import TracebackType
from typing import Self, TextIO

from askdoc.cli import output
from askdoc.cli.terminal import safe

TERMINAL_INTERVAL_S = 0.1
PLAIN_INTERVAL_S = 10.0
BAR_WIDTH = 24
"""Cells of the bar; the words beside it take the rest of a line."""


class ProgressDisplay:
    """Writes progress to a stream, usually standard error. One that is closed, full or gone does not stop the build."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._glyphs = output.glyphs(stream)
        self._terminal = stream is not None and stream.isatty()
        self._began = self._shown = time.monotonic()
        self._line_is_open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_line()

    def step(self, name: str) -> None:
        """Name the step of the build that begins."""
        self._end_line()
        self._began = self._shown = time.monotonic()
        self._write(f"{safe(name)} {self._glyphs.cut}\n")

    def advanced(self, unit: str, done: int, of: int, *, work: int, of_work: int) -> None:
        """Show how many units are done. The time left follows from ``work``, as short texts come first."""
        now = time.monotonic()
        if now - self._shown < (TERMINAL_INTERVAL_S if self._terminal else PLAIN_INTERVAL_S):
            return
        self._shown = now
        spent = max(now - self._began, 1e-6)
        left = spent * (of_work - work) / max(work, 1)
        line = f"{done:,} of {of:,} {unit}, {done / spent:,.1f} a second, {_clock(left)} left"
        if not self._terminal:
            self._write(f"  {line}\n")
            return
        filled = BAR_WIDTH * work // max(of_work, 1)
        bar = self._glyphs.done * filled + self._glyphs.left * (BAR_WIDTH - filled)
        self._write(f"\r  {bar} {line}\x1b[K")
        self._line_is_open = True

    def _end_line(self) -> None:
        if self._line_is_open:
            self._write("\n")
            self._line_is_open = False

    def _write(self, text: str) -> None:
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.write(text)
                self._stream.flush()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
