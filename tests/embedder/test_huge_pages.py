"""Memory in huge pages: moved where the system can, left alone where it cannot, never altered."""

import ctypes
import mmap
import re
import sys
import threading
from pathlib import Path

import pytest

from askdoc.embedder import huge_pages
from askdoc.embedder.huge_pages import COLLAPSE, HUGE
from tests.tools import missing

SIZE = 4 * HUGE


def in_huge_pages(address: int) -> int:
    """Bytes in huge pages of the mapping that holds an address."""
    for mapping in re.split(r"^(?=[0-9a-f]+-[0-9a-f]+ )", Path("/proc/self/smaps").read_text(), flags=re.MULTILINE):
        bounds = re.match(r"([0-9a-f]+)-([0-9a-f]+) ", mapping)
        if bounds and int(bounds[1], 16) <= address < int(bounds[2], 16):
            [kilobytes] = re.findall(r"AnonHugePages: +([0-9]+) kB", mapping)
            return int(kilobytes) * 1024
    raise LookupError(address)


@pytest.mark.skipif(sys.platform != "linux", reason="huge pages of this kind are Linux's")
def test_memory_is_moved_and_keeps_what_it_holds() -> None:
    """What was written into usual pages lies in huge ones, unaltered."""
    with mmap.mmap(-1, SIZE, flags=mmap.MAP_PRIVATE) as memory:
        memory.write(b"knee " * (SIZE // 5))
        whole = (ctypes.c_char * SIZE).from_buffer(memory)
        middle = ctypes.addressof(whole) + SIZE // 2
        trial = ctypes.CDLL(None)
        trial.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        if trial.madvise(middle // HUGE * HUGE, HUGE, COLLAPSE):
            missing("this Linux does not move memory into huge pages")
        huge_pages.collapse()
        assert in_huge_pages(middle) >= SIZE - 2 * HUGE
        assert whole.raw.startswith(b"knee " * (SIZE // 5))
        del whole


def test_only_whole_pages_of_private_memory_without_a_file_are_moved() -> None:
    """Files, shared and executable memory, and what is smaller than a huge page are left alone."""
    lines = [
        "00200000-00800000 rw-p 00000000 00:00 0 ",
        "01100000-01900000 rw-p 00000000 00:00 0                                  [heap]",
        "02000000-02800000 rw-p 00000000 fe:00 77                                 /a/file",
        "03000000-03800000 rw-s 00000000 00:00 0 ",
        "04000000-04800000 r-xp 00000000 00:00 0 ",
        "05100000-05300000 rw-p 00000000 00:00 0 ",
        "06000000-06800000 rw-p 00000000 00:00 0                                  [stack]",
    ]
    ranges = list(huge_pages._ranges("\n".join(lines) + "\n"))
    assert ranges == [(0x200000, 0x800000), (0x1200000, 0x1800000)]


def test_where_there_is_no_such_system_nothing_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other systems have no such call, and nothing looks for it there."""
    monkeypatch.setattr(sys, "platform", "darwin")
    started: list[threading.Thread] = []
    monkeypatch.setattr(threading.Thread, "start", started.append)
    huge_pages.begin_to_collapse()
    assert not started
