"""Finds the answer counter, the line in which a page says how many answers it has.

``Doctor Answers 2`` is the usual form. Sites and exports also write the number first, in brackets, with a mark of
thousands, on the next line, or not at all. A form without a word for a doctor counts only on a page that has no other,
for it may stand in a question's details as well.
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
    """The forms in which words are written with a number after or before them."""
    after, before = _NUMBER.format("after"), _NUMBER.format("before")
    return re.compile(
        rf"{head}\s*[:(\[#–—-]{{0,2}}\s*{after}\s*[)\]]?|[(\[]?{before}[)\]]?\s+{head}\s*:?", re.IGNORECASE
    )


_WITH_DOCTORS = _forms(_HEAD)
_WITHOUT_DOCTORS = _forms(rf"(?:all\s+)?{_WHAT}")
_WITHOUT_NUMBER = re.compile(rf"{_HEAD}\s*:?", re.IGNORECASE)
_NUMBER_ALONE = re.compile(rf"[(\[]?{_NUMBER.format('after')}[)\]]?")
_SPEAKS_OF_ANSWERS = re.compile(r"\b(?:answers?|responses?|replies)\b", re.IGNORECASE)
_LONGEST = 60
"""Letters in the longest counter."""
_LONGEST_RAW = 2 * _LONGEST
"""Letters in a line that is looked at, before invisible characters and runs of blanks are taken out."""
_NUMBER_WITHIN = 3
"""Lines below the words in which a number on a line of its own is looked for."""


@dataclass(frozen=True, slots=True)
class AnswerCounter:
    """An answer counter: its first and last line, from 0, and the number of answers that it claims, if it says one."""

    first: int
    last: int
    claimed: int | None
    repeated: tuple[int, ...] = ()
    """Lines from ``first`` to ``last`` that repeat the counter, and what stands between."""


def find(lines: list[str]) -> list[AnswerCounter]:
    """Find the counters of a file, in order, all of the surest form that it has."""
    for match in (_with_doctors, _without_number, _without_doctors):
        if counters := list(_matches(lines, match)):
            return counters
    return []


def near_miss(lines: list[str]) -> tuple[int, str] | None:
    """The first short line, from 0, that speaks of answers and is no counter, with its text; None if there is none."""
    for n, line in enumerate(lines):
        text = plain(line) if len(line) <= _LONGEST_RAW else ""
        if _SPEAKS_OF_ANSWERS.search(text) and len(text) <= _LONGEST and not text.endswith((".", "?", "!")):
            return n, text
    return None


def _matches(lines: list[str], match: Callable[[list[str], int], AnswerCounter | None]) -> Iterator[AnswerCounter]:
    """Every counter that ``match`` finds at a line below the one before."""
    last = -1
    for n in range(len(lines)):
        if n > last and len(lines[n]) <= _LONGEST_RAW and (counter := match(lines, n)):
            last = counter.last
            yield counter


def _with_doctors(lines: list[str], n: int) -> AnswerCounter | None:
    """A counter with a word for a doctor and a number, on one line or the number below."""
    return _on_one_line(_WITH_DOCTORS, lines, n) or _number_below(lines, n)


def _without_doctors(lines: list[str], n: int) -> AnswerCounter | None:
    """A counter without a word for a doctor: ``2 answers``."""
    return _on_one_line(_WITHOUT_DOCTORS, lines, n)


def _without_number(lines: list[str], n: int) -> AnswerCounter | None:
    """A counter without a number, which is a mere heading: ``Doctor Answers``."""
    return AnswerCounter(n, n, None) if _WITHOUT_NUMBER.fullmatch(plain(lines[n])) else None


def _on_one_line(form: re.Pattern[str], lines: list[str], n: int) -> AnswerCounter | None:
    match = form.fullmatch(plain(lines[n]))
    return AnswerCounter(n, n, _number(match["after"] or match["before"])) if match else None


def _number_below(lines: list[str], n: int) -> AnswerCounter | None:
    """A counter whose words stand on one line and whose number stands alone on the next that is not blank."""
    if not _WITHOUT_NUMBER.fullmatch(plain(lines[n])):
        return None
    near = range(n + 1, min(n + 1 + _NUMBER_WITHIN, len(lines)))
    below = next((m for m in near if not is_blank(lines[m])), None)
    if below is None:
        return None
    match = _NUMBER_ALONE.fullmatch(plain(lines[below]))
    return AnswerCounter(n, below, _number(match["after"])) if match else None


def _number(digits: str) -> int:
    """The number that digits with marks of thousands write."""
    return int(re.sub(r"\D", "", digits))
