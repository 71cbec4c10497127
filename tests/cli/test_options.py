"""Options for settings are refused with where a wrong value came from."""

import re
from pathlib import Path

import click
import pytest

from askdoc.cli.main import commands
from tests.cli.commands import README, run


def options(command: click.Command) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts}


def test_every_command_that_shows_numbers_takes_the_country() -> None:
    """And every option that the README names is there on some command."""
    for name in ("ask", "serve", "widget", "embed", "info"):
        assert "--country" in options(commands.commands[name]), name
    every = set().union(*(options(command) for command in commands.commands.values()))
    named = re.findall(r"^\| `ASKDOC_\w+` \| `(--\w+)`", README.read_text("utf-8"), re.MULTILINE)
    assert set(named) <= every


@pytest.mark.parametrize("command", [["ask", "why"], ["serve"], ["info"], ["widget"]])
def test_the_command_line_refuses_what_is_no_country(command: list[str], tmp_path: Path) -> None:
    """Exit code 2 and one sentence."""
    done = run(*command, "--country", "XX", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "'XX' is no country's code" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["corpus", "index", "model"])
def test_an_empty_setting_is_refused(tmp_path: Path, name: str) -> None:
    """An unset variable in a script must not lead to the current folder."""
    command = "info" if name == "corpus" else "ask"
    done = run(command, f"--{name}", "", cwd=tmp_path)
    assert (done.returncode, f"{name} is '' (option --{name})" in done.stderr) == (2, True)
    done = run(command, cwd=tmp_path, **{f"ASKDOC_{name.upper()}": ""})
    assert (done.returncode, f"(environment ASKDOC_{name.upper()})" in done.stderr) == (2, True)


def test_a_device_that_is_none_is_refused(tmp_path: Path) -> None:
    """With what can be given."""
    done = run("index", "--device", "tpu", cwd=tmp_path)
    assert done.returncode == 2
    assert "device is 'tpu'; give one of: auto, cpu." in done.stderr
