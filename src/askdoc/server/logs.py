"""The log of a server and of its supervisor."""

import logging


def start() -> None:
    """Log what an operator should know to standard error."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
