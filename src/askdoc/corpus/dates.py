"""Normalizes dates and time stamps to ISO 8601: the day, month or year that is certain.

======================================  ==============
written                                 read as
======================================  ==============
``2024-05-01``, ``2024/5/1``            ``2024-05-01``
``2024-05-01T23:30:00-05:00``           ``2024-05-01``: the day that is named, in no time zone but its own
``May 1, 2024``, ``1st of May 2024``    ``2024-05-01``
``Wed, 01 May 2024 23:30:00 GMT``       ``2024-05-01``
``25/12/2024``, ``12/25/2024``          ``2024-12-25``: only one of the two numbers can be a month
``2024-05``, ``May 2024``, ``2024``     ``2024-05``, ``2024-05``, ``2024``: no more than what is said
``01/05/2024``, ``1.5.24``, yesterday   None: there is no telling which day is meant
======================================  ==============
"""

import re
from datetime import UTC, date, datetime

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
"""Pattern of a month's English name, whole or short, without the full stop of an abbreviation."""
WEEKDAY_NAME = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?)"
"""Pattern of a weekday's English name, whole or short, without the full stop of an abbreviation."""
_MONTH = rf"(?P<name>{MONTH_NAME})\.?"
_WEEKDAY = rf"(?:{WEEKDAY_NAME}\.?,?\s+)?"
_CLOCK = r"(?:[01]?[0-9]|2[0-4])(?::?[0-5][0-9](?::?[0-6][0-9](?:[.,][0-9]+)?)?)?"
_ZONE = r"(?:z|utc|gmt|[a-z]{3,4})?(?:[+\-−][0-9]{1,2}:?(?:[0-9]{2})?)?(?:\s?\([^()]*\)|\[[^\[\]]*\])?"
_TIME = rf"(?:(?:,?\s+(?:at\s+)?|t)(?P<clock>{_CLOCK})\s?(?:[ap]\.?m\.?)?)?\s?{_ZONE}"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[0-9]{4})"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        rf"{_YEAR}([-/.])(?P<month>[0-9]{{1,2}})\2(?P<day>[0-9]{{1,2}}){_TIME}",
        rf"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})(?:t{_CLOCK}{_ZONE})?",
        rf"{_YEAR}\s?年\s?(?P<month>[0-9]{{1,2}})\s?月(?:\s?(?P<day>[0-9]{{1,2}})\s?日)?",
        rf"{_WEEKDAY}{_MONTH}\s*{_DAY}(?:,\s*|\s+){_YEAR}{_TIME}",
        rf"{_WEEKDAY}{_DAY}(?:\s+of)?[\s-]*{_MONTH}[\s,-]*{_YEAR}{_TIME}",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s+{_CLOCK}\s+(?:[a-z]{{3,4}}\s+|[+\-][0-9]{{4}}\s+)?{_YEAR}",
        rf"{_YEAR}[-/](?P<month>[0-9]{{2}})",
        rf"{_MONTH},?\s+{_YEAR}",
        _YEAR,
    )
)
_NUMBERS = re.compile(rf"([0-9]{{1,2}})([-/.])([0-9]{{1,2}})\2{_YEAR}{_TIME}", re.IGNORECASE | re.ASCII)
_LONGEST = 80
"""The most characters of a date; longer texts are not looked at."""
_YEARS = range(1900, 2101)
"""Years that can be meant. Exporters write the years 0, 1 and 9999 for 'unknown'."""
_SECONDS = range(631_152_000, 4_102_444_800)
"""The seconds since 1970 that are dates from 1990 to 2099: no site had doctors' answers before."""


def iso_day(text: str) -> str | None:
    """The day, month or year that a text names, as ISO writes it; None where it is not certain."""
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        return None
    for form in _FORMS:
        if match := form.fullmatch(text):
            return _iso(match.groupdict())
    if match := _NUMBERS.fullmatch(text):
        return _unambiguous(int(match["year"]), int(match[1]), int(match[3]))
    return None


def epoch_day(number: float) -> str | None:
    """The day in UTC of a count of seconds or milliseconds since 1970; None where it cannot be one."""
    for unit in (1, 1000):
        if _SECONDS.start * unit <= number < _SECONDS.stop * unit:
            return datetime.fromtimestamp(number / unit, UTC).date().isoformat()
    return None


def _iso(parts: dict[str, str | None]) -> str | None:
    year, day = int(parts["year"] or 0), parts.get("day")
    name, number = parts.get("name"), parts.get("month")
    month = _MONTHS.index(name[:3].lower()) + 1 if name else int(number) if number else None
    if month is None:
        return f"{year:04}" if year in _YEARS else None
    whole = _valid(year, month, int(day) if day else 1)
    return whole and (whole if day else whole[:7])


def _valid(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat() if year in _YEARS else None
    except ValueError:
        return None


def _unambiguous(year: int, first: int, second: int) -> str | None:
    """The day of two numbers of which either may be the month; None where both readings give a day."""
    days = {_valid(year, first, second), _valid(year, second, first)} - {None}
    return days.pop() if len(days) == 1 else None
