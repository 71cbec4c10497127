"""Numbers that are signs: a temperature, an age in weeks, a sugar, a pressure, a count of pills."""

import re
from collections.abc import Mapping

from askdoc.safety.phrases import Mention

_NUMBER = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,2})?)([a-z]{0,4})")
_PRESSURE = re.compile(r"([0-9]{2,3})/([0-9]{2,3})")


class VitalSigns:
    """Reads numbers beside their units; limits are those that people are told to seek help at, at once."""

    def __init__(self, numbers: Mapping[str, int]) -> None:
        self._numbers = dict(numbers)

    def find(self, tokens: list[str], by_concept: Mapping[str, list[Mention]]) -> list[Mention]:
        """The signs that numbers in the tokens amount to."""
        found: list[Mention] = []
        around = _Around(by_concept)
        for at, token in enumerate(tokens):
            signs: list[str] = []
            if not token[0].isdigit():
                value = self._numbers.get(token)
                if value is not None:
                    signs = _ages(float(value), at, around)
            elif pressure := _PRESSURE.fullmatch(token):
                signs = _pressure(int(pressure[1]), int(pressure[2]), at, around)
            elif number := _NUMBER.fullmatch(token):
                signs = _signs(float(number[1]), number[2], at, around)
                lower = (
                    _NUMBER.fullmatch(tokens[at + 2])
                    if tokens[at + 1 : at + 2] == ["over"] and at + 2 < len(tokens)
                    else None
                )
                if lower:
                    signs += _pressure(int(float(number[1])), int(float(lower[1])), at, around)
            found += [Mention(at, at + 1, sign) for sign in signs]
        return found


class _Around:
    """Which concepts stand near a token; the tokens that each covers are laid out once, on first use."""

    def __init__(self, by_concept: Mapping[str, list[Mention]]) -> None:
        self._by_concept = by_concept
        self._covered: dict[str, set[int]] = {}
        self._starts: dict[str, set[int]] = {}

    def has(self, concept: str) -> bool:
        """Whether the concept stands anywhere."""
        return concept in self._by_concept

    def near(self, concept: str, at: int, *, before: int, after: int) -> bool:
        """Whether the concept covers a token at most so many before or after."""
        if concept not in self._by_concept:
            return False
        covered = self._covered.get(concept)
        if covered is None:
            covered = self._covered[concept] = {
                token for one in self._by_concept[concept] for token in range(one.start, one.end)
            }
        return any(token in covered for token in range(at - before, at + after + 1))

    def starts(self, concept: str, at: int, *, within: int = 1) -> bool:
        """Whether the concept begins at the token, or within so many."""
        if concept not in self._by_concept:
            return False
        starts = self._starts.get(concept)
        if starts is None:
            starts = self._starts[concept] = {one.start for one in self._by_concept[concept]}
        return any(token in starts for token in range(at, at + within))


def _pressure(upper: int, lower: int, at: int, around: _Around) -> list[str]:
    if 160 <= upper <= 300 and 90 <= lower <= 200:
        return ["bphigh"]
    if 50 <= upper <= 88 and 20 <= lower <= 60 and around.near("pressureword", at, before=3, after=3):
        return ["bplow"]
    return []


def _ages(value: float, at: int, around: _Around) -> list[str]:
    """An age under three months, or weeks of a pregnancy."""
    signs = []
    weeks, months, days = (around.starts(unit, at + 1) for unit in ("weekunit", "monthunit", "dayunit"))
    of_baby = around.near("oldword", at, before=3, after=3) or around.near("baby", at, before=5, after=5)
    young = (weeks and value <= 12) or (months and value <= 3) or (days and value <= 90)
    if young and of_baby and not around.near("pregnant", at, before=4, after=4):
        signs.append("youngbaby")
    pregnancy = around.has("pregnant") or (value >= 20 and not around.has("surgery"))
    if weeks and 4 <= value <= 42 and pregnancy and not around.starts("afterweeks", at + 2):
        signs.append("weekspreg")
    return signs


def _signs(value: float, unit: str, at: int, around: _Around) -> list[str]:
    signs = _ages(value, at, around) if not unit else []
    exact = value != int(value)
    measured = unit in {"f", "c"} or around.near("tempword", at, before=4, after=4)
    if (measured or exact) and (38 <= value <= 43 or 100.4 <= value <= 109):
        signs.append("fever")
        if 39.4 <= value <= 43 or value >= 103:
            signs.append("veryhot")
    if (around.starts("minuteunit", at + 1) and value >= 15) or around.starts("hourunit", at + 1):
        signs.append("longtime")
    if around.starts("otherunit", at + 1):
        return signs
    if around.near("sugarword", at, before=5, after=5):
        ketones = exact and 3 <= value <= 12 and around.near("ketones", at, before=3, after=3)
        if 350 <= value <= 1500 or 15 <= value <= 50 or ketones:
            signs.append("sugarbad")
    if 50 <= value <= 90 and around.near("oxygenword", at, before=4, after=4):
        signs.append("lowsat")
    if (140 <= value <= 300 or 20 <= value <= 38) and around.near("pulseword", at, before=3, after=-1):
        signs.append("hrbad")
    if not unit and 8 <= value <= 900 and around.starts("medicine", at + 1, within=3):
        signs.append("manypills")
    return signs
