"""Waits for what must come, however slow the machine is."""

import time
from collections.abc import Callable

LONG_S = 900.0
"""Until a test gives up. On an idle machine nothing takes a hundredth of it; that another is loaded is no fault."""


def until(condition: Callable[[], bool]) -> bool:
    """Wait until a condition holds; False where it never does."""
    end = time.monotonic() + LONG_S
    while not (holds := condition()) and time.monotonic() < end:
        time.sleep(0.02)
    return holds
