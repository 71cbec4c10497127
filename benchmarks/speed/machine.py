"""What the machine can do: cores, memory in use, bytes and multiply-adds in a second."""

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Memory:
    """Resident megabytes of this process: its own, and those of mapped files, which processes share."""

    own: int
    mapped: int


def memory(process: int | str = "self") -> Memory:
    """What a process holds now (Linux)."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines()
    found = dict(line.split(":", 1) for line in lines)
    own, mapped = (int(found[name].split()[0]) // 1024 for name in ("RssAnon", "RssFile"))
    return Memory(own, mapped)


def processor_time(process: int | str = "self") -> float:
    """Seconds of processor that a process has used, all threads (Linux): what other processes do hardly changes it."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def described() -> str:
    """The processor, the cores this process may use, Python."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        processor = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        processor = platform.processor() or platform.machine()
    return f"{processor}, {cores()} cores, Python {platform.python_version()}"


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def bandwidth() -> float:
    """Bytes that one core reads in a second from memory, the best of several tries."""
    data = np.ones(32 << 20, np.float64)  # 256 MB: more than any cache holds
    return _best(lambda: float(data.max()), tries=5, work=data.nbytes)


@cache
def multiply_adds() -> float:
    """Multiply-adds of single-precision numbers in a second in a product of large matrices."""
    one = np.ones((1024, 1024), np.float32)
    return _best(lambda: one @ one, tries=10, work=1024**3)


def _best(run: Callable[[], object], *, tries: int, work: int) -> float:
    took = []
    for _ in range(tries):
        began = time.perf_counter()
        run()
        took.append(time.perf_counter() - began)
    return work / min(took)
