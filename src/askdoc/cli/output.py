"""Writes results to standard output and sentences to standard error, whatever these can take."""

import contextlib
import errno
import json
import os
import sys
from typing import TextIO

from askdoc.cli import terminal
from askdoc.errors import AskdocError

LACKING = (
    "This output has not every character ({encoding}): those that it lacks are written as \\x or \\u and their number. "
    "For the very words use --json, or set PYTHONIOENCODING=utf-8."
)


class OutputError(AskdocError):
    """The result could not be written."""


class ReaderGone(OutputError):
    """Whoever read the output has seen enough (``| head``)."""

    exit_code = 0


def prepare() -> None:
    """Make the standard streams fit to be used, whatever the caller has made of them.

    Where one is closed, the null device takes its place: the next file to be opened would get its number, and be
    written into by every library that prints. What an encoding lacks is escaped and never raises.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free, which is this one
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")


def line(text: str) -> None:
    """Print a result for a reader. Says so on standard error where the encoding of the output lacks a character."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    _write(f"{text}\n")
    if not _has(encoding, text):
        sentence(LACKING.format(encoding=encoding))


def document(value: object) -> None:
    """Print a result as JSON; in ASCII alone where the output is not UTF-8, so that it is exact in any encoding."""
    exact = (getattr(sys.stdout, "encoding", None) or "").lower().replace("_", "-") in {"utf-8", "utf8"}
    _write(json.dumps(value, ensure_ascii=not exact, indent=2) + "\n")


def sentence(text: str) -> None:
    """Say something on standard error, as far as there is anybody to hear it."""
    with contextlib.suppress(OSError, ValueError):
        print(terminal.safe(text), file=sys.stderr, flush=True)


def sentences(text: str) -> None:
    """Write each line of a text to standard error; see ``sentence``."""
    for line_ in text.splitlines():
        sentence(line_)


def courtesy(text: str) -> None:
    """Print a line that nobody needs: an output that is closed or full is no reason to stop."""
    with contextlib.suppress(OutputError):
        line(text)


def marks(stream: TextIO | None) -> terminal.Marks:
    """The signs that a stream can take."""
    return terminal.Marks.fit(getattr(stream, "encoding", None))


def _write(text: str) -> None:
    if sys.stdout is None:
        raise OutputError("The result could not be written: the output is closed. Send it to a file or a terminal.")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        abandon()
        if error.errno == errno.EPIPE:
            raise ReaderGone("Nobody reads the output any more. Nothing need be done.") from None
        reason = error.strerror or str(error)
        raise OutputError(f"The result could not be written: {reason}. Send it elsewhere.") from None


def abandon() -> None:
    """Let what is still to be written to standard output go to the null device: it would fail again at the end."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)


def _has(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
