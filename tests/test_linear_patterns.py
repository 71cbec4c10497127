"""No regular expression that reads a question goes over the same characters again and again."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from re import _constants, _parser  # type: ignore[attr-defined]  # the standard library's own parser
from typing import Any

import pytest

import askdoc.query
import askdoc.safety
from askdoc import text
from askdoc.index import documents
from askdoc.retriever import term_weights

READING = (text, documents, term_weights)
"""Modules beside the two packages whose patterns are searched in what a stranger types."""


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every compiled pattern that reads questions, with its name."""
    packages = (askdoc.query, askdoc.safety)
    found = [
        module.name for package in packages for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
    ]
    for module in (*READING, *map(importlib.import_module, found)):
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                yield f"{module.__name__}.{name}", value


def starts_over(tree: Any) -> bool:
    """Whether a search tries each place of a run anew: an endless repeat comes first, and what follows may fail.

    A run of n such characters then takes n² steps. A look at what stands before the run, or an anchor, prevents it.
    """
    for place, (code, argument) in enumerate(tree):
        if code is _constants.SUBPATTERN:
            return starts_over([*argument[-1], *tree[place + 1 :]])
        if code is _constants.BRANCH:
            return any(starts_over([*branch, *tree[place + 1 :]]) for branch in argument[1])
        if code not in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            return False
        least, most, _ = argument
        if most is _constants.MAXREPEAT and any(may_fail(item) for item in tree[place + 1 :]):
            return True
        if least:
            return False
    return False


def may_fail(item: Any) -> bool:
    """Whether an item must match something."""
    code, argument = item
    return code not in (_constants.MAX_REPEAT, _constants.MIN_REPEAT) or argument[0] > 0


@pytest.mark.parametrize("pattern", ["a+b", "a*(?:b|c)", "b?a+$", "(?:x|a+b)", "(a+)b", "a+(?=b)"])
def test_the_walk_finds_patterns_that_start_over(pattern: str) -> None:
    """What the last test relies on."""
    assert starts_over(list(_parser.parse(pattern)))


@pytest.mark.parametrize("pattern", ["a+", "a+b?", "^a+b", "(?<!a)a+b", "ba+b", r"\ba+b"])
def test_the_walk_lets_others_pass(pattern: str) -> None:
    """Where nothing can fail behind the run, or it is entered at one place."""
    assert not starts_over(list(_parser.parse(pattern)))


def test_no_pattern_starts_over_within_a_run() -> None:
    """But for those that are tried at one place alone."""
    found = dict(patterns())
    assert len(found) > 40
    matched_at_one_place = {"askdoc.query.spelling.EPONYM"}
    searched = {name: pattern for name, pattern in found.items() if name not in matched_at_one_place}
    assert [
        name for name, pattern in searched.items() if starts_over(list(_parser.parse(pattern.pattern, pattern.flags)))
    ] == []
