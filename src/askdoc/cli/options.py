"""The options for settings, which several commands share."""

import os
from collections.abc import Callable
from typing import Any

import click

from askdoc.settings import Settings, help_text


def setting_option(name: str, kind: Any = str) -> Callable[[Any], Any]:
    """An option for a setting. ``Settings`` makes paths of texts, as an empty path would be the current folder."""
    text = f"{help_text(name)} [ASKDOC_{name.upper()}]"
    return click.option(f"--{name}", type=kind, default=None, metavar=name.upper(), help=text)


def load_settings(**options: object) -> Settings:
    """Settle the settings from the options, the environment and the file. Raises UsageError."""
    return Settings.load(options, os.environ)
