"""Every rule of the table: that it catches what it is for, and nothing that only sounds like it."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from askdoc.errors import AskdocError
from askdoc.models import Level
from askdoc.safety import Gate
from askdoc.safety.rules import Rulebook, parse_pattern
from askdoc.safety.table import shipped

CASES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "corpus" / "rules.toml").read_text(encoding="utf-8"))
RULES = Rulebook.read(shipped().rules["rule"]).rules


def test_every_firm_rule_has_positives_and_traps() -> None:
    """A rule that is added or removed asks for its cases."""
    assert set(CASES) == {rule.name for rule in RULES if not rule.soft}
    assert all(case["positives"] and case["traps"] for case in CASES.values())


@pytest.mark.parametrize(("name", "text"), [(name, text) for name in CASES for text in CASES[name]["positives"]])
def test_a_rule_catches_what_it_is_for(gate: Gate, name: str, text: str) -> None:
    """The rule itself fires, not another one in its place."""
    assert name in gate.detect(text).rules


@pytest.mark.parametrize(("name", "text"), [(name, text) for name in CASES for text in CASES[name]["traps"]])
def test_a_rule_lets_its_traps_pass(gate: Gate, name: str, text: str) -> None:
    """What only sounds like it raises no alarm."""
    assert gate.detect(text).level in (None, Level.EDUCATION)


def test_every_rule_says_why() -> None:
    """A reason of a few words at least."""
    assert all(len(rule.why.split()) >= 5 for rule in RULES)


def test_every_concept_of_a_rule_is_spelled_in_a_language() -> None:
    """A misspelt concept would make a pattern that never matches."""
    spelled = {concept for language in shipped().languages for concept in language["words"]}
    measured = {
        "youngbaby",
        "weekspreg",
        "veryhot",
        "sugarbad",
        "lowsat",
        "hrbad",
        "bphigh",
        "bplow",
        "manypills",
        "longtime",
    }
    for rule in RULES:
        for one in rule.patterns:
            named = {concept for term in one.terms for concept in term.concepts}
            named.update(one.without, *one.context)
            assert named <= spelled | measured, rule.name


def test_one_word_cannot_serve_two_terms(gate: Gate) -> None:
    """ "Worthless" alone is neither burden nor hopelessness twice."""
    assert gate.detect("this cream is worthless").level is None


@pytest.mark.parametrize("line", ["", "@4", "chest & & $", "Chest"])
def test_a_pattern_that_cannot_be_read_is_refused(line: str) -> None:
    """With a sentence, when the table is read."""
    with pytest.raises(ValueError, match=r"no pattern|names no concept"):
        parse_pattern(line)


def test_a_rule_that_cannot_be_read_is_named() -> None:
    """The message says which rule and where to look."""
    with pytest.raises(AskdocError, match=r"rule 'x'.*docs/safety\.md"):
        Rulebook.read({"x": {"level": "panic"}})


@pytest.mark.parametrize(
    "question",
    [
        "My chest hurts and my left arm is numb",
        "my chest is hurting and my left arm went numb",
        "chest hurts arm numb",
        "my back hurts and my legs are numb",
    ],
)
def test_pain_beside_numbness_is_no_harm_that_somebody_does(question: str) -> None:
    """A heart or a spine in danger gets the ambulance, not the line for people who hurt themselves."""
    assert Gate.load().detect(question).level is Level.EMERGENCY
