"""Runs the command line: ``python -m askdoc``."""

from askdoc.cli.main import main

main()
