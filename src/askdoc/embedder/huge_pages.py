"""Moves a process's memory into huge pages, which Linux has on most machines.

A question reads each matrix of the encoder once, 10 MB in all: 2,600 pages of the usual size. The processor does not
keep the addresses of so many, and in a virtual machine it walks two tables for each that it has forgotten. Of a short
question's encoding that was a tenth to a quarter (docs/speed.md). In pages of 2 MB there are a handful.
"""

import ctypes
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

HUGE = 2 << 20
"""Bytes of a huge page on x86-64, and on Arm where usual pages have 4 kB."""
COLLAPSE = 25
"""``MADV_COLLAPSE`` of Linux 6.1 and later: copy what is there into huge pages now."""
MAPPING = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) rw-p [0-9a-f]+ 00:00 0 *(?:\[heap\])?$", re.MULTILINE)
"""A line of ``/proc/self/maps`` on private memory that is not of a file: where it begins and ends."""


def begin_to_collapse() -> None:
    """Move the memory that the process has now into huge pages, on a thread of its own: it takes tens of milliseconds.

    Nothing happens where the system cannot. What is computed stays the same.
    """
    if sys.platform == "linux":
        threading.Thread(target=collapse, name="askdoc-huge-pages", daemon=True).start()


def collapse() -> None:
    """Do what ``begin_to_collapse`` begins, and return when it is done."""
    library = ctypes.CDLL(None)
    library.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    for start, end in _ranges(Path("/proc/self/maps").read_text(encoding="utf-8")):
        library.madvise(start, end - start, COLLAPSE)  # a refusal is no loss: the pages stay as they are


def _ranges(maps: str) -> Iterator[tuple[int, int]]:
    """The part of each anonymous mapping that can be whole huge pages."""
    for mapping in MAPPING.finditer(maps):
        start, end = -(-int(mapping[1], 16) // HUGE) * HUGE, int(mapping[2], 16) // HUGE * HUGE
        if start < end:
            yield start, end
