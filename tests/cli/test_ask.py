"""The command that asks a question."""

from pathlib import Path

import click

from askdoc.cli.ask import ask
from askdoc.responder import DEFAULT_ANSWERS, MOST_ANSWERS
from tests.cli.commands import run


def test_a_question_can_come_from_standard_input(tmp_path: Path) -> None:
    """So that it stays out of the shell's history."""
    assert "The question is empty" in run("ask", "-", cwd=tmp_path, stdin="\n").stderr
    assert "There is no index" in run("ask", cwd=tmp_path, stdin="what is a bruise\n").stderr


def test_the_bounds_of_the_option_are_those_of_the_responder() -> None:
    """They are written out there, as the responder is heavy to load."""
    [option] = [parameter for parameter in ask.params if parameter.name == "max_answers"]
    assert isinstance(option.type, click.IntRange)
    assert (option.type.min, option.type.max, option.default) == (1, MOST_ANSWERS, DEFAULT_ANSWERS)
