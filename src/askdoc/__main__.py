"""Lets ``python -m askdoc`` stand for the command."""

from askdoc.cli import main

if __name__ == "__main__":
    main()
