"""The options that every command shares, and how a result is printed."""

import json
import os
from collections.abc import Callable
from typing import Any

import click

from askdoc.settings import Settings, help_text


def setting(name: str, kind: Any = str) -> Callable[[Any], Any]:
    """An option for a setting."""
    text = f"{help_text(name)} [ASKDOC_{name.upper()}]"
    return click.option(f"--{name}", type=kind, default=None, metavar=name.upper(), help=text)


def settings(**options: object) -> Settings:
    """The settings, settled from the options, the environment and the file."""
    return Settings.load(options, os.environ)


def result(document: object) -> None:
    """Print a document as JSON."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
