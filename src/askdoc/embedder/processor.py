"""Names the kernel with which onnxruntime multiplies 8-bit whole numbers on this processor.

The runtime does not tell; it chooses by what the processor has, in the order below (its ``mlas/lib/platform.cpp``).
All of them compute the same whole numbers (``quantized_matmul``), at different speeds.
"""

import platform
import re
from collections.abc import Set
from functools import cache
from pathlib import Path

from askdoc.embedder.protocol import EncoderKind

X86_KERNELS = (
    ("AMX", {"amx_tile", "amx_int8"}),
    ("AVX-512 VNNI", {"avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni"}),
    ("AVX-512, no dot products", {"avx512f", "avx512bw", "avx512dq", "avx512vl"}),
    ("AVX-VNNI", {"avx2", "avx_vnni"}),
    ("AVX2, no dot products", {"avx2"}),
    ("SSE, no dot products", {"sse2"}),
)
"""Each kernel on x86-64 and the flags it needs, as Linux names them; the first that can be used is."""
ARM_KERNELS = (
    ("Arm matrix products", {"i8mm"}),
    ("Arm dot products", {"asimddp"}),
    ("Arm Neon, no dot products", {"asimd"}),
)
"""The same on 64-bit Arm."""
UNKNOWN = "a kernel that this system does not tell"
CPUINFO = Path("/proc/cpuinfo")


def kernel(kind: EncoderKind, *, cpuinfo: Path = CPUINFO) -> str:
    """Name what an encoder of this kind computes in, and on what: the line that ``askdoc info`` shows."""
    return f"whole numbers of 8 × 7 bits, {integer_kernel(cpuinfo)}" if kind is EncoderKind.QUANTIZED else "float32"


@cache
def integer_kernel(cpuinfo: Path = CPUINFO) -> str:
    """Name the kernel for products of 8-bit whole numbers; ``UNKNOWN`` where the system does not tell (not Linux)."""
    flags = _flags(cpuinfo)
    if not flags and (platform.system(), platform.machine()) == ("Darwin", "arm64"):
        flags = {"asimddp"}  # every processor that Apple has sold for it; the runtime uses i8mm under Linux only
    kernels = (name for name, needed in (*X86_KERNELS, *ARM_KERNELS) if needed <= flags)
    return next(kernels, UNKNOWN)


def _flags(cpuinfo: Path) -> Set[str]:
    """What the first processor has, by its line of flags (x86) or features (Arm); nothing without such a file."""
    try:
        text = cpuinfo.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return set()
    line = re.search(r"^(?:flags|Features)\s*:(.*)$", text, re.MULTILINE)
    return set(line[1].split()) if line else set()
