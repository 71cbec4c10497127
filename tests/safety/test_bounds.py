"""The gate's work grows with the length of a question and no faster, whatever the question says."""

import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from re import _constants, _parser  # type: ignore[attr-defined]  # the standard library's own parser
from typing import Any

import pytest

import askdoc.safety
from askdoc.safety import Gate
from askdoc.safety.normalization import fold

HOSTILE: dict[str, Callable[[int], str]] = {
    "one sign": lambda size: ("chest pain " * size)[:size],
    "denials": lambda size: ("no chest pain or fever, " * size)[:size],
    "dates": lambda size: ("chest pain in 2012 years ago " * size)[:size],
    "single letters": lambda size: ("a b c d " * size)[:size],
    "one letter": lambda size: "a" * size,
    "numbers": lambda size: ("39.5 200/110 6 weeks " * size)[:size],
    "slashes": lambda size: ("1/2/3.4/" * size)[:size],
    "unknown words": lambda size: ("qwertzu asdfghj " * size)[:size],
    "long runs": lambda size: ("heeeeelp paaaain " * size)[:size],
    "stops": lambda size: ("., " * size)[:size],
    "cues": lambda size: ("what is my dog if i had no " * size)[:size],
    "sayings": lambda size: ("stroke of luck dying to know " * size)[:size],
    "marks": lambda size: ("e\u0301\u200b" * size)[:size],
}


def regular_expressions() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every compiled pattern of the package."""
    for found in pkgutil.iter_modules(askdoc.safety.__path__, "askdoc.safety."):
        for name, value in vars(importlib.import_module(found.name)).items():
            if isinstance(value, re.Pattern):
                yield f"{found.name}.{name}", value


def unbounded(tree: Any, *, inside: bool = False) -> Iterator[bool]:
    """For each repeat without an upper bound, whether it stands within another one."""
    for code, argument in tree:
        parts = argument if isinstance(argument, (tuple, list)) else (argument,)
        endless = code in (_constants.MAX_REPEAT, _constants.MIN_REPEAT) and argument[1] is _constants.MAXREPEAT
        if endless:
            yield inside
        for part in parts:
            if isinstance(part, _parser.SubPattern):
                yield from unbounded(part, inside=inside or endless)
            elif isinstance(part, list):
                for branch in part:
                    if isinstance(branch, _parser.SubPattern):
                        yield from unbounded(branch, inside=inside or endless)


def test_the_walk_finds_a_dangerous_expression() -> None:
    """What the next test relies on."""
    assert any(unbounded(_parser.parse(r"(a+)+b")))
    assert any(unbounded(_parser.parse(r"(?:x|(a|b+))*c")))
    assert not any(unbounded(_parser.parse(r"a+b{0,3}c*")))


def test_no_regular_expression_repeats_a_repeat() -> None:
    """Nested endless repeats are what makes a regular expression take exponential time."""
    found = dict(regular_expressions())
    assert found
    for name, expression in found.items():
        assert not any(unbounded(_parser.parse(expression.pattern))), name


def steps(work: Callable[[], object]) -> int:
    """How many calls, of Python and of C functions, a piece of work makes."""
    count = 0

    def watch(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("kind", HOSTILE)
def test_steps_grow_no_faster_than_the_question(gate: Gate, kind: str) -> None:
    """Eight times the text takes no more than about eight times the steps."""
    short, long = HOSTILE[kind](450), HOSTILE[kind](3600)
    few, many = steps(lambda: gate.detect(short)), steps(lambda: gate.detect(long))
    assert many <= 8 * few * 1.6 + 2000


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_question_of_any_length_takes_a_bounded_number_of_steps(gate: Gate, kind: str) -> None:
    """Beyond the longest text that is read, nothing is added."""
    bound = steps(lambda: gate.detect(HOSTILE[kind](6_000)))
    assert steps(lambda: gate.detect(HOSTILE[kind](400_000))) <= bound * 1.3 + 500


def test_folding_is_one_pass() -> None:
    """Normalisation alone is linear in the text too."""
    few, many = (steps(lambda size=size: fold(HOSTILE["marks"](size))) for size in (1_000, 8_000))  # type: ignore[misc]
    assert many <= 8 * few * 1.3
