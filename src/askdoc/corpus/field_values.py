"""Reads the values of a record's fields: as they stand, or as exporters write them where that loses nothing.

=======================  =========================================  =================================================
field                    taken                                      refused
=======================  =========================================  =================================================
a text                   a text; an id may be a whole number        a list (there is no telling how its parts belong)
a whole number           ``12``, ``12.0``, ``"12"``, ``"1,234"``    ``12.5``, ``"1.2k"``, ``true``
stars                    the same, ``"4.8"``, ``"4,8"``, ``"4.8/5"``  above 5 or below 0
yes or no                ``true``, ``"true"``                       ``1``, ``"yes"``
an address               ``http``, ``https``                        anything else: the page makes links of these
a date                   see ``dates``                              nothing: what is no date is left out with a remark
=======================  =========================================  =================================================
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from askdoc.corpus.dates import epoch_day, iso_day
from askdoc.corpus.reader import quoted

Remarks = dict[tuple[str, str], list[str]]
"""What is to be said of a record that is used: a sentence's end and a hint, and the fields that they are about."""

HINT = "corpus/README.md shows what a record looks like."
_NO_TEXT = re.compile("[\ud800-\udfff\x00]")
_NUMBER = re.compile(r"([+\-−]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,20})(\.[0-9]{1,20})?")
_STARS = re.compile(r"([0-5](?:[.,][0-9]{1,9})?)(?:\s*(?:/|out of)\s*5(?:\.0)?(?:\s+stars?)?)?", re.IGNORECASE)
_EPOCH = re.compile(r"[0-9]{9,13}(?:\.[0-9]{1,9})?")


class Wrong(Exception):
    """What is wrong with a record, in words that follow its place, and how to mend it."""

    def __init__(self, reason: str, hint: str = HINT) -> None:
        super().__init__(reason)
        self.hint = hint


def path(place: str, name: str) -> str:
    """A field's place in its record, such as ``answers[0].body``."""
    return f"{place}.{name}" if place else name


def text(row: Mapping[str, Any], name: str, place: str = "") -> str | None:
    """A text or None; a whole number is taken for an id. Texts of white space alone count as missing."""
    value = row.get(name)
    if value is None:
        return None
    if name == "id" and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, list):
        raise Wrong(f"'{path(place, name)}' must be a text", _JOIN)
    if not isinstance(value, str):
        raise Wrong(f"'{path(place, name)}' must be a text")
    _whole_text(value, path(place, name))
    return value if value.strip() else None


_JOIN = r'It is a list; join its parts into one text, paragraphs with "\n\n" between them.'


def required(row: Mapping[str, Any], name: str, place: str = "") -> str:
    """A text that must be there."""
    value = text(row, name, place)
    if value is None:
        raise Wrong(f"'{path(place, name)}' is missing or empty")
    return value


def texts(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A list of texts, without those of white space alone."""
    values = row.get(name)
    if values is None:
        return ()
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise Wrong(f"'{name}' must be a list of texts", f'Write {name} as ["…", "…"].')
    for n, value in enumerate(values):
        _whole_text(value, f"{name}[{n}]")
    return tuple(value for value in values if value.strip())


def whole(row: Mapping[str, Any], name: str, place: str) -> int | None:
    """A whole number, as a number or as a text."""
    value = row.get(name)
    if value is None or value == "" or (isinstance(value, str) and not value.strip()):
        return None
    number = _number(value)
    if number is None or number != number.to_integral_value() or abs(number) >= 2**53:
        raise Wrong(f"'{path(place, name)}' must be a whole number", 'Write 1204 or "1,204", or leave it out.')
    return int(number)


def rating(row: Mapping[str, Any], place: str) -> float | None:
    """Stars from 0 to 5, as a number or as a text."""
    value = row.get("rating")
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    found = _STARS.fullmatch(value.strip()) if isinstance(value, str) else None
    number = Decimal(found[1].replace(",", ".")) if found else _number(value)
    if number is None or not 0 <= number <= 5:
        raise Wrong(f"'{path(place, 'rating')}' must be a number from 0 to 5", "Write 4.8, or leave it out.")
    return float(number)


def flag(row: Mapping[str, Any], name: str, place: str) -> bool:
    """True or false, as JSON or as a text; missing is false."""
    value = row.get(name)
    if isinstance(value, str) and value.strip().lower() in {"true", "false", ""}:
        return value.strip().lower() == "true"
    if value is not None and not isinstance(value, bool):
        raise Wrong(f"'{path(place, name)}' must be true or false")
    return bool(value)


def url(row: Mapping[str, Any], place: str = "") -> str | None:
    """A web address. Others (``javascript:`` …) are refused: the page makes links of these."""
    value = text(row, "url", place)
    if value is None:
        return None
    value = value.strip()
    try:
        parts = urlsplit(value)
        fit = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        fit = False
    if not fit or not value.isprintable() or " " in value:
        reason = f"'{path(place, 'url')}' must be an http or https address"
        raise Wrong(reason, "Write it whole, as in https://www.example.org/page, or leave it out.")
    return value


def day(row: Mapping[str, Any], place: str, remarks: Remarks) -> str | None:
    """The day, month or year that a date names. What is no date for certain is left out with a remark."""
    value = row.get("date")
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    where = path(place, "date")
    if isinstance(value, str) and (named := iso_day(value)):
        return named
    epoch = _epoch(value)
    named = (iso_day(str(value)) or epoch) if epoch or _is_number(value) else None
    if named:
        what = f"is a number, read as {named}{' (seconds since 1970, in UTC)' if named == epoch else ''}"
        _remark(remarks, what, f'Write it as "{named}" to be sure.', where)
        return named
    written = value if isinstance(value, str) else repr(value)
    what = f"is no date that is certain, and is left out: {quoted(written)}"
    _remark(remarks, what, 'Write it as "2024-05-01".', where)
    return None


def _epoch(value: object) -> str | None:
    if isinstance(value, str):
        return epoch_day(float(value)) if _EPOCH.fullmatch(value.strip()) else None
    return epoch_day(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: object) -> Decimal | None:
    if isinstance(value, str) and (found := _NUMBER.fullmatch(value.strip())):
        return Decimal(found[1].replace("−", "-") + found[2].replace(",", "") + (found[3] or ""))
    if not _is_number(value) or value in (float("inf"), float("-inf")):
        return None
    return Decimal(value) if isinstance(value, int | float) else None


def _whole_text(value: str, where: str) -> None:
    if _NO_TEXT.search(value):
        raise Wrong(f"'{where}' holds a character that is no text (half a surrogate pair, or NUL)")


def _remark(remarks: Remarks, what: str, hint: str, where: str) -> None:
    remarks.setdefault((what, hint), []).append(where)
