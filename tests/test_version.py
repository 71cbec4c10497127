"""The version: one number, in one place."""

import tomllib
from pathlib import Path

from click.testing import CliRunner

import askdoc
from askdoc.cli.main import commands

ROOT = Path(__file__).resolve().parent.parent


def test_the_package_takes_its_version_from_the_source() -> None:
    """No second number stands in pyproject.toml, and the builder reads the one in the package."""
    written = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in written["project"]
    assert written["project"]["dynamic"] == ["version"]
    source = ROOT / written["tool"]["hatch"]["version"]["path"]
    assert f'__version__ = "{askdoc.__version__}"' in source.read_text(encoding="utf-8")


def test_the_command_tells_the_packages_version() -> None:
    """``--version`` is what bug reports name."""
    assert CliRunner().invoke(commands, ["--version"]).output == f"askdoc {askdoc.__version__}\n"


def test_the_change_log_begins_with_this_version() -> None:
    """Whoever looks up what changed finds the version at hand on top."""
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    newest = next(line for line in lines if line.startswith("## "))
    assert newest.split()[1] == askdoc.__version__
