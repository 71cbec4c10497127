"""Parts a file of JSON into its records: lines, as JSONL has them, or an array, or objects over several lines."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

_SPACE = re.compile("[ \t\n\r\x0b\x0c\ufeff]*")
_LINE_END = re.compile("\r\n|\n|\r")
_SCANNER = json.JSONDecoder()
Span = tuple[int, int]
"""Where a value begins and where it ends."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The texts of a file's records with the lines where they begin. ``lined``: each stands on a line of its own.

    Where a file of another layout breaks off, ``broken`` says so: its last row is what could not be parted.
    """

    rows: list[tuple[int, str]]
    lined: bool = True
    broken: bool = False


def part(text: str) -> Rows:
    """Part a file into its records. Byte order marks and blank lines between them are passed over."""
    lines = list(_lines(text))
    if not lines or _is_object(lines[0][1]):
        return Rows(lines)
    spans, end = _values(text)
    rows = list(_numbered(text, spans))
    if end == len(text):
        return Rows(rows, lined=len(rows) == len(lines) and not lines[0][1].startswith("["))
    if spans or (len(lines) > 1 and lines[0][1][0] in "[{" and not any(_is_object(line) for _, line in lines)):
        return Rows([*rows, *_numbered(text, [(end, len(text))])], lined=False, broken=True)
    return Rows(lines)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(_LINE_END.split(text), 1):
        bare = line[_after(line, 0) :]
        if bare:
            yield number, bare


def _is_object(text: str) -> bool:
    try:
        return isinstance(_SCANNER.decode(text), dict)
    except (ValueError, RecursionError):
        return False


def _after(text: str, at: int) -> int:
    """The next place from ``at`` on that is not white space."""
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _numbered(text: str, spans: list[Span]) -> Iterator[tuple[int, str]]:
    line, counted = 1, 0
    for start, stop in spans:
        line += len(_LINE_END.findall(text, counted, start))
        counted = start
        yield line, text[start:stop]


def _values(text: str) -> tuple[list[Span], int]:
    """The values of a stream of JSON, and the place from which on it is none. Arrays are taken apart.

    A value that stands in no array must begin a line, as one that stands beside another would be a mistake.
    """
    spans: list[Span] = []
    at = _after(text, 0)
    while at < len(text):
        first = _after(text, at + 1)
        if text[at] == "[" and text[first : first + 1] != "]":
            here, stop, whole = _elements(text, first)
        else:
            stop = _value_end(text, at)
            here, whole = [(at, stop)] if stop > at else [], stop > at
        after = _after(text, stop)
        if whole and after < len(text) and not _LINE_END.search(text, stop, after):
            return spans, at
        spans += here
        if not whole:
            return spans, stop
        at = after
    return spans, at


def _elements(text: str, at: int) -> tuple[list[Span], int, bool]:
    """The elements of an array from the first on, where they end, and whether they end in a bracket."""
    spans: list[Span] = []
    end = at
    while True:
        stop = _value_end(text, at)
        close = _after(text, stop)
        if stop == at or text[close : close + 1] not in {",", "]"}:
            return spans, end, False
        spans.append((at, stop))
        end = _after(text, close + 1)
        if text[close] == "]":
            return spans, close + 1, True
        at = end


def _value_end(text: str, at: int) -> int:
    """Where the value at a place ends; the place itself where none is there."""
    try:
        return _SCANNER.raw_decode(text, at)[1]
    except (ValueError, RecursionError):
        return at
