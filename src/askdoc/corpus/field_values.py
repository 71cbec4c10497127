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
the day of an import     a whole date, see ``dates``                a month, a year, and what is no date
a SHA-256                64 hexadecimal digits                      anything else
=======================  =========================================  =================================================

A field that is missing, null, or a text of white space alone has no value. What is refused raises ``InvalidRecord``.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from askdoc.corpus.dates import epoch_day, iso_day
from askdoc.corpus.reader import Finding, quoted
from askdoc.models import Source

HINT = "corpus/README.md shows what a record looks like."
_JOIN = r'It is a list; join its parts into one text, paragraphs with "\n\n" between them.'
_NO_TEXT = re.compile("[\ud800-\udfff\x00]")
_NUMBER = re.compile(r"([+\-−]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,20})(\.[0-9]{1,20})?")
_STARS = re.compile(r"([0-5](?:[.,][0-9]{1,9})?)(?:\s*(?:/|out of)\s*5(?:\.0)?(?:\s+stars?)?)?", re.IGNORECASE)
_EPOCH = re.compile(r"[0-9]{9,13}(?:\.[0-9]{1,9})?")
_SHA256 = re.compile("[0-9a-f]{64}")
_DAY_LENGTH = len("2024-05-01")


class InvalidRecord(Exception):
    """A record that cannot be used: the reason, in words that follow the record's place, and how to mend it."""

    def __init__(self, reason: str, hint: str = HINT) -> None:
        super().__init__(reason)
        self.hint = hint


class RecordRemarks:
    """Collects the remarks on one record. Like remarks on several fields become one."""

    def __init__(self) -> None:
        self._fields: dict[tuple[str, str], list[str]] = {}

    def add(self, field: str, what: str, hint: str) -> None:
        """Add a remark: ``what`` goes on from the field's name, and lacks its full stop."""
        self._fields.setdefault((what, hint), []).append(field)

    def findings(self, source: Source) -> Iterator[Finding]:
        """The remarks in the order in which they were first made."""
        for (what, hint), (first, *others) in self._fields.items():
            more = f" (and {len(others)} more)" if others else ""
            yield Finding(source, f"'{first}'{more} {what}.", hint, kept=True)


def path(place: str, name: str) -> str:
    """A field's place in its record, such as ``answers[0].body``."""
    return f"{place}.{name}" if place else name


def text(row: Mapping[str, Any], name: str, place: str = "") -> str | None:
    """A text to the letter; a whole number is taken for an id."""
    value = row.get(name)
    if value is None:
        return None
    if name == "id" and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, list):
        raise InvalidRecord(f"'{path(place, name)}' must be a text", _JOIN)
    if not isinstance(value, str):
        raise InvalidRecord(f"'{path(place, name)}' must be a text")
    _check_characters(value, path(place, name))
    return value if value.strip() else None


def required_text(row: Mapping[str, Any], name: str, place: str = "") -> str:
    """A text that must be there."""
    value = text(row, name, place)
    if value is None:
        raise InvalidRecord(f"'{path(place, name)}' is missing or empty")
    return value


def text_list(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A list of texts, without those of white space alone."""
    values = row.get(name)
    if values is None:
        return ()
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise InvalidRecord(f"'{name}' must be a list of texts", f'Write {name} as ["…", "…"].')
    for n, value in enumerate(values):
        _check_characters(value, f"{name}[{n}]")
    return tuple(value for value in values if value.strip())


def whole_number(row: Mapping[str, Any], name: str, place: str) -> int | None:
    """A whole number, written as a number or as a text."""
    value = row.get(name)
    if _is_missing(value):
        return None
    number = _number(value)
    if number is None or number != number.to_integral_value() or abs(number) >= 2**53:
        raise InvalidRecord(f"'{path(place, name)}' must be a whole number", 'Write 1204 or "1,204", or leave it out.')
    return int(number)


def rating(row: Mapping[str, Any], place: str) -> float | None:
    """Stars from 0 to 5, written as a number or as a text."""
    value = row.get("rating")
    if _is_missing(value):
        return None
    stars = _STARS.fullmatch(value.strip()) if isinstance(value, str) else None
    number = Decimal(stars[1].replace(",", ".")) if stars else _number(value)
    if number is None or not 0 <= number <= 5:
        raise InvalidRecord(f"'{path(place, 'rating')}' must be a number from 0 to 5", "Write 4.8, or leave it out.")
    return float(number)


def boolean(row: Mapping[str, Any], name: str, place: str) -> bool:
    """True or false, as JSON or as a text; missing is false."""
    value = row.get(name)
    if isinstance(value, str) and value.strip().lower() in {"true", "false", ""}:
        return value.strip().lower() == "true"
    if value is not None and not isinstance(value, bool):
        raise InvalidRecord(f"'{path(place, name)}' must be true or false")
    return bool(value)


def web_address(row: Mapping[str, Any], name: str, place: str = "") -> str | None:
    """An http or https address. Others (``javascript:`` …) are refused: the page makes links of these."""
    value = text(row, name, place)
    if value is None:
        return None
    value = value.strip()
    try:
        parts = urlsplit(value)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_web = False
    if not is_web or not value.isprintable() or " " in value:
        reason = f"'{path(place, name)}' must be an http or https address"
        raise InvalidRecord(reason, "Write it whole, as in https://www.example.org/page, or leave it out.")
    return value


def date(row: Mapping[str, Any], place: str, remarks: RecordRemarks) -> str | None:
    """The day, month or year that a date names, in ISO form. What is no date for certain is left out with a remark."""
    value = row.get("date")
    if _is_missing(value):
        return None
    field = path(place, "date")
    if isinstance(value, str) and (named := iso_day(value)):
        return named
    epoch = _epoch(value)
    named = (iso_day(str(value)) or epoch) if epoch or _is_number(value) else None
    if named:
        what = f"is a number, read as {named}{' (seconds since 1970, in UTC)' if named == epoch else ''}"
        remarks.add(field, what, f'Write it as "{named}" to be sure.')
        return named
    written = value if isinstance(value, str) else repr(value)
    what = f"is no date that is certain, and is left out: {quoted(written)}"
    remarks.add(field, what, 'Write it as "2024-05-01".')
    return None


def import_day(row: Mapping[str, Any], name: str, place: str) -> str | None:
    """The day of an import in ISO form. Programs write it, so what is no whole day for certain is refused."""
    value = text(row, name, place)
    day = iso_day(value) if value else None
    if value and (day is None or len(day) != _DAY_LENGTH):
        raise InvalidRecord(f"'{path(place, name)}' must be a day", 'Write it as "2024-05-01", or leave it out.')
    return day


def sha256(row: Mapping[str, Any], name: str, place: str) -> str | None:
    """A SHA-256 in lower-case hexadecimal digits."""
    value = text(row, name, place)
    if value is None:
        return None
    digits = value.strip().lower()
    if not _SHA256.fullmatch(digits):
        reason = f"'{path(place, name)}' must be a SHA-256 in hexadecimal"
        raise InvalidRecord(reason, "Write all of its 64 digits, as sha256sum prints them, or leave it out.")
    return digits


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _epoch(value: object) -> str | None:
    if isinstance(value, str):
        return epoch_day(float(value)) if _EPOCH.fullmatch(value.strip()) else None
    return epoch_day(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: object) -> Decimal | None:
    if isinstance(value, str) and (parts := _NUMBER.fullmatch(value.strip())):
        return Decimal(parts[1].replace("−", "-") + parts[2].replace(",", "") + (parts[3] or ""))
    if not _is_number(value) or value in (float("inf"), float("-inf")):
        return None
    return Decimal(value) if isinstance(value, int | float) else None


def _check_characters(value: str, field: str) -> None:
    if _NO_TEXT.search(value):
        raise InvalidRecord(f"'{field}' holds a character that is no text (half a surrogate pair, or NUL)")
