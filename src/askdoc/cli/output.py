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
    """The program that read the output has ended (``| head``)."""

    exit_code = 0


def prepare() -> None:
    """Make the standard streams usable, in whatever state the process has got them.

    The null device takes the place of a closed one: the next file to be opened would get its number, and be written
    into by every library that prints. Characters that an encoding lacks are escaped, so that writing never raises.
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
    """Print a result for a reader; a sentence on standard error tells where the encoding lacks a character of it."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    _write(f"{text}\n")
    if not _can_encode(encoding, text):
        sentence(LACKING.format(encoding=encoding))


def document(value: object) -> None:
    """Print a result as JSON; in ASCII alone where the output is not UTF-8, so that it is exact in any encoding."""
    is_utf8 = (getattr(sys.stdout, "encoding", None) or "").lower().replace("_", "-") in {"utf-8", "utf8"}
    _write(json.dumps(value, ensure_ascii=not is_utf8, indent=2) + "\n")


def sentence(text: str) -> None:
    """Write a sentence to standard error; one that is closed or full is ignored."""
    with contextlib.suppress(OSError, ValueError):
        print(terminal.safe(text), file=sys.stderr, flush=True)


def sentences(text: str) -> None:
    """Write each line of a text to standard error; see ``sentence``."""
    for line_ in text.splitlines():
        sentence(line_)


def optional_line(text: str) -> None:
    """Print a line that nobody needs: an output that is closed or full is no reason to stop."""
    with contextlib.suppress(OutputError):
        line(text)


def glyphs(stream: TextIO | None) -> terminal.Glyphs:
    """Choose the signs that the encoding of a stream has."""
    return terminal.Glyphs.fit(getattr(stream, "encoding", None))


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
    """Send what is still buffered for standard output to the null device: it would fail again when Python ends."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)


def _can_encode(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
