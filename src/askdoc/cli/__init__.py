"""The command line: ``askdoc index | ask | serve | widget | eval | verify | …``."""

from askdoc.cli.main import main

__all__ = ["main"]
