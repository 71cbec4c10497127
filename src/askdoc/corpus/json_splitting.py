"""Splits a file of JSON into its records: lines, as JSONL has them, or an array, or objects over several lines."""

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
class SplitJson:
    """The texts of a file's records, each with the line, from 1, on which it begins."""

    records: list[tuple[int, str]]
    is_jsonl: bool = True
    """Whether each record stands on a line of its own."""
    breaks_off: bool = False
    """Whether the last text is no record but the rest of a file of another layout, from where it is no JSON."""


def split(text: str) -> SplitJson:
    """Split a file into its records. Byte order marks and blank lines between them are passed over."""
    lines = list(_lines(text))
    if not lines or _is_object(lines[0][1]):
        return SplitJson(lines)
    spans, end = _values(text)
    records = list(_numbered(text, spans))
    if end == len(text):
        return SplitJson(records, is_jsonl=len(records) == len(lines) and not lines[0][1].startswith("["))
    if spans or (len(lines) > 1 and lines[0][1][0] in "[{" and not any(_is_object(line) for _, line in lines)):
        return SplitJson([*records, *_numbered(text, [(end, len(text))])], is_jsonl=False, breaks_off=True)
    return SplitJson(lines)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(_LINE_END.split(text), 1):
        bare = line[_skip_space(line, 0) :]
        if bare:
            yield number, bare


def _is_object(text: str) -> bool:
    try:
        return isinstance(_SCANNER.decode(text), dict)
    except (ValueError, RecursionError):
        return False


def _skip_space(text: str, at: int) -> int:
    """The next place from ``at`` on that is not white space."""
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _numbered(text: str, spans: list[Span]) -> Iterator[tuple[int, str]]:
    """The text of each span with the line on which it begins."""
    line, counted = 1, 0
    for start, end in spans:
        line += len(_LINE_END.findall(text, counted, start))
        counted = start
        yield line, text[start:end]


def _values(text: str) -> tuple[list[Span], int]:
    """The values of a stream of JSON, and the place where it ends or breaks off. Arrays are taken apart.

    A value that stands in no array must begin a line, as one that stands beside another would be a mistake.
    """
    spans: list[Span] = []
    at = _skip_space(text, 0)
    while at < len(text):
        first = _skip_space(text, at + 1)
        if text[at] == "[" and text[first : first + 1] != "]":
            values, end, is_whole = _elements(text, first)
        else:
            end = _value_end(text, at)
            values, is_whole = [(at, end)] if end > at else [], end > at
        after = _skip_space(text, end)
        if is_whole and after < len(text) and not _LINE_END.search(text, end, after):
            return spans, at
        spans += values
        if not is_whole:
            return spans, end
        at = after
    return spans, at


def _elements(text: str, at: int) -> tuple[list[Span], int, bool]:
    """The elements of an array from the first on, where they end, and whether they end in a bracket."""
    spans: list[Span] = []
    end = at
    while True:
        stop = _value_end(text, at)
        close = _skip_space(text, stop)
        if stop == at or text[close : close + 1] not in {",", "]"}:
            return spans, end, False
        spans.append((at, stop))
        end = _skip_space(text, close + 1)
        if text[close] == "]":
            return spans, close + 1, True
        at = end


def _value_end(text: str, at: int) -> int:
    """Where the value at a place ends; the place itself where none is there."""
    try:
        return _SCANNER.raw_decode(text, at)[1]
    except (ValueError, RecursionError):
        return at
