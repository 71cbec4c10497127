"""Reads numbers that are signs: vital signs and blood sugar, the age of a baby, a count of pills."""

import re
from collections.abc import Mapping

from askdoc.safety.phrases import Mention

_NUMBER = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,2})?)([a-z]{0,4})")
"""A number, with its unit where that is joined to it: "39.5c"."""
_PRESSURE = re.compile(r"([0-9]{2,3})/([0-9]{2,3})")


class VitalSigns:
    """Reads numbers beside their units; the limits are those at which people are told to seek help at once.

    ``numbers`` gives the values of numbers that are written out.
    """

    def __init__(self, numbers: Mapping[str, int]) -> None:
        self._numbers = dict(numbers)

    def find(self, tokens: list[str], by_concept: Mapping[str, list[Mention]]) -> list[Mention]:
        """Find the signs that numbers in the tokens amount to, beside the concepts mentioned around them."""
        context = _Context(by_concept)
        signs = ((at, self._of(token, at, tokens, context)) for at, token in enumerate(tokens))
        return [Mention(at, at + 1, sign) for at, some in signs for sign in some]

    def _of(self, token: str, at: int, tokens: list[str], context: "_Context") -> list[str]:
        if not token[0].isdigit():
            value = self._numbers.get(token)
            return [] if value is None else _ages(float(value), at, context)
        if pressure := _PRESSURE.fullmatch(token):
            return _pressure(int(pressure[1]), int(pressure[2]), at, context)
        number = _NUMBER.fullmatch(token)
        if not number:
            return []
        signs = _signs(float(number[1]), number[2], at, context)
        is_fraction = tokens[at + 1 : at + 2] == ["over"] and at + 2 < len(tokens)
        if is_fraction and (lower := _NUMBER.fullmatch(tokens[at + 2])):
            signs += _pressure(int(float(number[1])), int(float(lower[1])), at, context)
        return signs


class _Context:
    """Which concepts stand near a token. The tokens that a concept covers are laid out once, on first use."""

    def __init__(self, by_concept: Mapping[str, list[Mention]]) -> None:
        self._by_concept = by_concept
        self._covered: dict[str, set[int]] = {}
        self._starts: dict[str, set[int]] = {}

    def has(self, concept: str) -> bool:
        """Whether the concept stands anywhere."""
        return concept in self._by_concept

    def near(self, concept: str, at: int, *, before: int, after: int) -> bool:
        """Whether the concept covers a token from ``before`` tokens before to ``after`` tokens after."""
        if concept not in self._by_concept:
            return False
        covered = self._covered.get(concept)
        if covered is None:
            covered = self._covered[concept] = {
                token for mention in self._by_concept[concept] for token in range(mention.start, mention.end)
            }
        return any(token in covered for token in range(at - before, at + after + 1))

    def starts(self, concept: str, at: int, *, within: int = 1) -> bool:
        """Whether the concept begins at the token or at one of the next, ``within`` in all."""
        if concept not in self._by_concept:
            return False
        starts = self._starts.get(concept)
        if starts is None:
            starts = self._starts[concept] = {mention.start for mention in self._by_concept[concept]}
        return any(token in starts for token in range(at, at + within))


def _pressure(upper: int, lower: int, at: int, context: _Context) -> list[str]:
    """The signs of a blood pressure in mmHg."""
    if 160 <= upper <= 300 and 90 <= lower <= 200:
        return ["bphigh"]
    if 50 <= upper <= 88 and 20 <= lower <= 60 and context.near("pressureword", at, before=3, after=3):
        return ["bplow"]
    return []


def _ages(value: float, at: int, context: _Context) -> list[str]:
    """The signs of a number that is an age under three months, or weeks of a pregnancy."""
    signs = []
    weeks, months, days = (context.starts(unit, at + 1) for unit in ("weekunit", "monthunit", "dayunit"))
    of_baby = context.near("oldword", at, before=3, after=3) or context.near("baby", at, before=5, after=5)
    young = (weeks and value <= 12) or (months and value <= 3) or (days and value <= 90)
    if young and of_baby and not context.near("pregnant", at, before=4, after=4):
        signs.append("youngbaby")
    pregnancy = context.has("pregnant") or (value >= 20 and not context.has("surgery"))
    if weeks and 4 <= value <= 42 and pregnancy and not context.starts("afterweeks", at + 2):
        signs.append("weekspreg")
    return signs


def _signs(value: float, unit: str, at: int, context: _Context) -> list[str]:
    """The signs of a number: temperature (°C, °F), duration, blood sugar (mg/dl, mmol/l), saturation, pulse, pills."""
    signs = _ages(value, at, context) if not unit else []
    exact = value != int(value)
    measured = unit in {"f", "c"} or context.near("tempword", at, before=4, after=4)
    if (measured or exact) and (38 <= value <= 43 or 100.4 <= value <= 109):
        signs.append("fever")
        if 39.4 <= value <= 43 or value >= 103:
            signs.append("veryhot")
    if (context.starts("minuteunit", at + 1) and value >= 15) or context.starts("hourunit", at + 1):
        signs.append("longtime")
    if context.starts("otherunit", at + 1):
        return signs
    if context.near("sugarword", at, before=5, after=5):
        ketones = exact and 3 <= value <= 12 and context.near("ketones", at, before=3, after=3)
        if 350 <= value <= 1500 or 15 <= value <= 50 or ketones:
            signs.append("sugarbad")
    if 50 <= value <= 90 and context.near("oxygenword", at, before=4, after=4):
        signs.append("lowsat")
    if (140 <= value <= 300 or 20 <= value <= 38) and context.near("pulseword", at, before=3, after=-1):
        signs.append("hrbad")
    if not unit and 8 <= value <= 900 and context.starts("medicine", at + 1, within=3):
        signs.append("manypills")
    return signs
