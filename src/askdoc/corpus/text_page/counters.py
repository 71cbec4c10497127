"""Finds the lines in which a page says how many answers it has.

``Doctor Answers 2`` is the form of the page; sites and exports also write the number first, in brackets, with a mark
of thousands, on the next line, or not at all. A form without the word for a doctor counts only on a page that has no
other, for it may stand in a question's details as well.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from askdoc.text import is_blank, plain

_WHO = r"(?:doctor|physician|surgeon|dentist|dermatologist|expert|provider|specialist)['’]?s?['’]?"
_WHAT = r"(?:answers?|responses?|replies|reply)"
_NUMBER = r"(?P<{}>\d{{1,3}}(?:[,.'’ ]\d{{3}})+|\d{{1,7}})"
_HEAD = (
    rf"(?:(?:all\s+)?{_WHO}\s+{_WHAT}|{_WHAT}\s+(?:from|by)\s+(?:(?:board[- ]certified|licensed)\s+)?{_WHO}"
    rf"|{_WHO}\s+(?:have\s+)?answered)"
)


def _forms(head: str) -> re.Pattern[str]:
    after, before = _NUMBER.format("after"), _NUMBER.format("before")
    return re.compile(
        rf"{head}\s*[:(\[#–—-]{{0,2}}\s*{after}\s*[)\]]?|[(\[]?{before}[)\]]?\s+{head}\s*:?", re.IGNORECASE
    )


_STRICT = _forms(_HEAD)
_LOOSE = _forms(rf"(?:all\s+)?{_WHAT}")
_ALONE = re.compile(rf"{_HEAD}\s*:?", re.IGNORECASE)
_NEXT = re.compile(rf"[(\[]?{_NUMBER.format('after')}[)\]]?")
_NEAR = re.compile(r"\b(?:answers?|responses?|replies)\b", re.IGNORECASE)
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter: its first and last line, from 0, and its number; None where the page leaves the number out."""

    first: int
    last: int
    claimed: int | None
    repeated: tuple[int, ...] = ()
    """Lines from ``first`` to ``last`` that say it again, and what stands between."""


def find(lines: list[str]) -> list[Counter]:
    """The counters of a page, in order, all of the surest form that it has."""
    for read in (_strict, _headed, _loose):
        if counters := list(_all(lines, read)):
            return counters
    return []


def near_miss(lines: list[str]) -> tuple[int, str] | None:
    """A short line, from 0, that speaks of answers and is no counter, with its words."""
    for n, line in enumerate(lines):
        text = plain(line) if len(line) <= 2 * _LONGEST else ""
        if _NEAR.search(text) and len(text) <= _LONGEST and not text.endswith((".", "?", "!")):
            return n, text
    return None


def _all(lines: list[str], read: Callable[[list[str], int], Counter | None]) -> Iterator[Counter]:
    last = -1
    for n in range(len(lines)):
        if n > last and len(lines[n]) <= 2 * _LONGEST and (counter := read(lines, n)):
            last = counter.last
            yield counter


def _strict(lines: list[str], n: int) -> Counter | None:
    return _matched(_STRICT, lines, n) or _below(lines, n)


def _loose(lines: list[str], n: int) -> Counter | None:
    return _matched(_LOOSE, lines, n)


def _headed(lines: list[str], n: int) -> Counter | None:
    """The words without a number, which only a heading is."""
    return Counter(n, n, None) if _ALONE.fullmatch(plain(lines[n])) else None


def _matched(form: re.Pattern[str], lines: list[str], n: int) -> Counter | None:
    found = form.fullmatch(plain(lines[n]))
    return Counter(n, n, _whole(found["after"] or found["before"])) if found else None


def _below(lines: list[str], n: int) -> Counter | None:
    """The words on one line, and the number alone on the next that is not blank."""
    if not _ALONE.fullmatch(plain(lines[n])):
        return None
    after = next((m for m in range(n + 1, min(n + 4, len(lines))) if not is_blank(lines[m])), None)
    found = _NEXT.fullmatch(plain(lines[after])) if after is not None else None
    return Counter(n, after, _whole(found["after"])) if found and after is not None else None


def _whole(digits: str) -> int:
    return int(re.sub(r"\D", "", digits))
