"""Whoever waits for a build sees what for, how far it is, and that it goes on."""

import io
import time

import pytest

from askdoc.cli import progress
from askdoc.cli.progress import ProgressDisplay
from askdoc.indexer.progress import PERCENT
from tests.waiting import until


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class Gone(Terminal):
    """A terminal that was closed."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every report is shown at once."""
    for name, seconds in (("TERMINAL_INTERVAL_S", 0.0), ("PLAIN_INTERVAL_S", 0.0), ("WAITED_INTERVAL_S", 0.01)):
        monkeypatch.setattr(progress, name, seconds)


def shown(stream: io.StringIO, unit: str, done: int, of: int) -> str:
    with ProgressDisplay(stream) as display:
        display.step("Exporting")
        display.advanced(unit, done, of, work=done, of_work=of)
    return stream.getvalue()


@pytest.mark.parametrize(("stream", "before"), [(io.StringIO(), "  "), (Terminal(), "█████████████████░░░░░░░ ")])
def test_a_step_without_units_shows_its_percentage(stream: io.StringIO, before: str) -> None:
    """On a terminal with a bar, in a log on a line."""
    assert f"{before}72 %, 0:00 left" in shown(stream, PERCENT, 72, 100)


def test_a_step_with_units_counts_them() -> None:
    """With how many a second."""
    line = shown(io.StringIO(), "texts", 1000, 1500).splitlines()[-1]
    assert line.startswith("  1,000 of 1,500 texts, ")
    assert line.endswith(" a second, 0:00 left")


@pytest.mark.parametrize(("stream", "lines"), [(io.StringIO(), "Loading ...\n  0:00 so far\n"), (Terminal(), "\r  0:")])
def test_a_step_that_says_nothing_shows_the_time(stream: io.StringIO, lines: str) -> None:
    """It may take long, and is at work."""
    with ProgressDisplay(stream) as display:
        display.step("Loading")
        assert until(lambda: lines in stream.getvalue())


def test_the_time_gives_way_to_a_measure() -> None:
    """A percentage is not written over."""
    stream = io.StringIO()
    with ProgressDisplay(stream) as display:
        display.advanced(PERCENT, 50, 100, work=50, of_work=100)
        length = len(stream.getvalue())
        time.sleep(0.05)
        assert len(stream.getvalue()) == length


def test_a_terminal_that_is_gone_stops_nothing() -> None:
    """Neither the build nor its end."""
    assert shown(Gone(), "texts", 1, 2) == ""
