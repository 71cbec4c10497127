"""Runs the command line: ``python -m askdoc``."""

from askdoc.cli import main

main()
