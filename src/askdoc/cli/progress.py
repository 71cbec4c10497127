"""Shows the progress of a build: one moving line on a terminal, a plain line every ten seconds elsewhere."""

import contextlib
import time
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self, TextIO

from askdoc.cli import output
from askdoc.cli.terminal import safe
from askdoc.indexer.progress import PERCENT

TERMINAL_INTERVAL_S = 0.1
PLAIN_INTERVAL_S = 10.0
WAITED_INTERVAL_S = 1.0
"""How often a terminal shows the time that a step has taken which says nothing of its progress."""
BAR_WIDTH = 24
"""Cells of the bar; the words beside it take the rest of a line."""


class ProgressDisplay:
    """Writes progress to a stream, usually standard error. One that is closed, full or gone does not stop the build.

    While a step says nothing, the time that it has taken shows that it is at work.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._glyphs = output.glyphs(stream)
        self._terminal = stream is not None and stream.isatty()
        self._began = self._shown = time.monotonic()
        self._line_is_open = self._is_measured = False
        self._lock = Lock()
        self._ended = Event()
        self._ticker = Thread(target=self._show_time, name="askdoc-progress", daemon=True)

    def __enter__(self) -> Self:
        self._ticker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._ticker.join(WAITED_INTERVAL_S)  # one that is stuck in a write keeps nobody from leaving
        self._end_line()

    def step(self, name: str) -> None:
        """Name the step of the build that begins."""
        with self._lock:
            self._end_line()
            self._began = self._shown = time.monotonic()
            self._is_measured = False
            self._write(f"{safe(name)} {self._glyphs.cut}\n")

    def advanced(self, unit: str, done: int, of: int, *, work: int, of_work: int) -> None:
        """Show how many units are done. The time left follows from ``work``, as short texts come first."""
        with self._lock:
            self._is_measured = True
            now = time.monotonic()
            if now - self._shown < (TERMINAL_INTERVAL_S if self._terminal else PLAIN_INTERVAL_S):
                return
            spent = max(now - self._began, 1e-6)
            left = spent * (of_work - work) / max(work, 1)
            counted = f"{done:,} of {of:,} {unit}, {done / spent:,.1f} a second"
            line = f"{f'{done} %' if unit == PERCENT else counted}, {_clock(left)} left"
            filled = BAR_WIDTH * work // max(of_work, 1)
            bar = self._glyphs.done * filled + self._glyphs.left * (BAR_WIDTH - filled)
            self._show(f"{bar} {line}" if self._terminal else line)

    def _show_time(self) -> None:
        """Show how long a step takes that says nothing, until the display ends."""
        interval = WAITED_INTERVAL_S if self._terminal else PLAIN_INTERVAL_S
        while not self._ended.wait(WAITED_INTERVAL_S):
            with self._lock:
                now = time.monotonic()
                if not self._is_measured and now - self._shown >= interval:
                    self._show(f"{_clock(now - self._began)} so far")

    def _show(self, line: str) -> None:
        """Show a line in place of the last one of this step, or below it where the stream is no terminal."""
        self._shown = time.monotonic()
        self._write(f"\r  {line}\x1b[K" if self._terminal else f"  {line}\n")
        self._line_is_open = self._terminal

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
