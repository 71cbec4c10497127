"""Numbers that are signs: a temperature, an age in weeks, a sugar, a pressure, a count of pills."""

import re
from collections.abc import Mapping

from askdoc.safety.lexicon import Found

_NUMBER = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,2})?)([a-z]{0,4})")
_PRESSURE = re.compile(r"([0-9]{2,3})/([0-9]{2,3})")


class Measures:
    """Reads numbers beside their units; limits are those that people are told to seek help at, at once."""

    def __init__(self, numbers: Mapping[str, int]) -> None:
        self._numbers = dict(numbers)

    def find(self, tokens: list[str], by_concept: Mapping[str, list[Found]]) -> list[Found]:
        """The signs that numbers in the tokens amount to."""
        found: list[Found] = []
        for at, token in enumerate(tokens):
            if not token[0].isdigit():
                value = self._numbers.get(token)
                if value is not None:
                    found += [Found(at, at + 1, sign) for sign in _ages(float(value), at, by_concept)]
                continue
            pressure = _PRESSURE.fullmatch(token)
            if pressure:
                upper, lower = int(pressure[1]), int(pressure[2])
                found += [Found(at, at + 1, sign) for sign in _pressure(upper, lower, at, by_concept)]
                continue
            number = _NUMBER.fullmatch(token)
            if number:
                value_, unit = float(number[1]), number[2]
                found += [Found(at, at + 1, sign) for sign in _signs(value_, unit, at, by_concept)]
                if at + 2 < len(tokens) and tokens[at + 1] == "over" and tokens[at + 2].isdigit():
                    lower = int(tokens[at + 2][:4])
                    found += [Found(at, at + 1, sign) for sign in _pressure(int(value_), lower, at, by_concept)]
        return found


def _near(concept: str, at: int, by_concept: Mapping[str, list[Found]], *, reach: int) -> bool:
    return any(at - reach <= one.end - 1 and one.start <= at + reach for one in by_concept.get(concept, ()))


def _next(concept: str, at: int, by_concept: Mapping[str, list[Found]]) -> bool:
    return any(one.start == at + 1 for one in by_concept.get(concept, ()))


def _pressure(upper: int, lower: int, at: int, by_concept: Mapping[str, list[Found]]) -> list[str]:
    if 160 <= upper <= 300 and 90 <= lower <= 200:
        return ["bphigh"]
    if 50 <= upper <= 88 and 20 <= lower <= 60 and _near("pressureword", at, by_concept, reach=3):
        return ["bplow"]
    return []


def _ages(value: float, at: int, by_concept: Mapping[str, list[Found]]) -> list[str]:
    """An age under three months, or weeks of a pregnancy."""
    signs = []
    weeks, months, days = (_next(unit, at, by_concept) for unit in ("weekunit", "monthunit", "dayunit"))
    of_baby = _near("oldword", at, by_concept, reach=3) or _near("baby", at, by_concept, reach=5)
    young = (weeks and value <= 12) or (months and value <= 3) or (days and value <= 90)
    if young and of_baby and not _near("pregnant", at, by_concept, reach=4):
        signs.append("youngbaby")
    if weeks and 4 <= value <= 42:
        afterwards = any(one.start == at + 2 for one in by_concept.get("afterweeks", ()))
        if not afterwards and ("pregnant" in by_concept or (value >= 20 and "surgery" not in by_concept)):
            signs.append("weekspreg")
    return signs


def _signs(value: float, unit: str, at: int, by_concept: Mapping[str, list[Found]]) -> list[str]:
    signs = _ages(value, at, by_concept) if not unit else []
    exact = value != int(value)
    measured = unit in {"f", "c"} or _near("tempword", at, by_concept, reach=4)
    if (measured or exact) and (38 <= value <= 43 or 100.4 <= value <= 109):
        signs.append("fever")
        if 39.4 <= value <= 43 or value >= 103:
            signs.append("veryhot")
    if (_next("minuteunit", at, by_concept) and value >= 15) or _next("hourunit", at, by_concept):
        signs.append("longtime")
    if _next("otherunit", at, by_concept):
        return signs
    if _near("sugarword", at, by_concept, reach=5):
        high = 350 <= value <= 1500 or (exact and (3 <= value <= 12 and _near("ketones", at, by_concept, reach=3)))
        if high or 15 <= value <= 50:
            signs.append("sugarbad")
    if 50 <= value <= 90 and _near("oxygenword", at, by_concept, reach=4):
        signs.append("lowsat")
    if (140 <= value <= 300 or 20 <= value <= 38) and any(
        one.start < at <= one.end + 3 for one in by_concept.get("pulseword", ())
    ):
        signs.append("hrbad")
    if not unit and 8 <= value <= 900 and any(at < one.start <= at + 3 for one in by_concept.get("medicine", ())):
        signs.append("manypills")
    return signs
