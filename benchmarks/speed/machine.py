"""Tells what the machine is, what it can do in a second, and what a process uses of it."""

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from askdoc.embedder.processor import integer_kernel
from askdoc.server.supervisor import proportional_kb


@dataclass(frozen=True)
class Memory:
    """Resident memory of a process, in megabytes."""

    own: int
    mapped: int
    """Of mapped files, which processes share."""


def memory(process: int | str = "self") -> Memory:
    """Resident memory of a process now (Linux)."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    own, mapped = (int(fields[name].split()[0]) // 1024 for name in ("RssAnon", "RssFile"))
    return Memory(own, mapped)


def processor_time(process: int | str = "self") -> float:
    """Processor seconds that a process has used, all threads (Linux); other processes hardly change them."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def all_processor_time() -> float:
    """Processor seconds that all processes have used since the machine was started (Linux)."""
    user, nice, system, _, _, interrupts, *others = map(int, Path("/proc/stat").read_text("ascii").split()[1:9])
    return sum((user, nice, system, interrupts, *others)) / os.sysconf("SC_CLK_TCK")


def family(process: int) -> list[int]:
    """A process and its children (Linux)."""
    return [process, *map(int, Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split())]


def proportional_mb(process: int) -> int:
    """Resident memory of a process, what it shares divided by those that share it, in megabytes (Linux)."""
    return proportional_kb(process) // 1024


def described() -> str:
    """Describe the machine in one line: the processor and its kernel, the cores this process may use, Python."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        processor = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        processor = platform.processor() or platform.machine()
    return f"{processor} ({integer_kernel()}), {cores()} cores, Python {platform.python_version()}"


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def bandwidth() -> float:
    """Bytes that one core reads from memory in a second, the best of several tries."""
    data = np.ones(32 << 20, np.float64)  # 256 MB: more than any cache holds
    return _best(lambda: float(data.max()), tries=5, work=data.nbytes)


@cache
def multiply_adds() -> float:
    """Multiply-adds in single precision in a second, in a product of large matrices, the best of several tries."""
    matrix = np.ones((1024, 1024), np.float32)
    return _best(lambda: matrix @ matrix, tries=10, work=1024**3)


def _best(run: Callable[[], object], *, tries: int, work: int) -> float:
    """The work of one run, over the seconds of the fastest."""
    took = []
    for _ in range(tries):
        began = time.perf_counter()
        run()
        took.append(time.perf_counter() - began)
    return work / min(took)
