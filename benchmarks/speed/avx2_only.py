"""Runs a command as on a processor with AVX2 and nothing newer, at this processor's own speed.

    python -m benchmarks.speed.avx2_only python -m benchmarks.speed.encoder
    python -m benchmarks.speed.avx2_only python -m benchmarks.speed.compare --quick

Tests run so, too: ``… python -m pytest -p no:faulthandler -W ignore::ImportWarning`` (pytest's handler of crashes would
take the signal that answers ``cpuid``, and numpy warns of switches that its build lacks).

Most rented servers of the last generation have AVX2 and no dot products of 8-bit numbers (VNNI). onnxruntime chooses
its kernels by the instruction ``cpuid`` and has no switch, so the command finds a copy of it in which ``cpuid`` is
replaced and answered by ``avx2_only.c``. The other libraries are told by switches of their own. What the command
measures are real times of the AVX2 kernels, on this processor's caches and memory. Processes that it starts are treated
likewise, unless they are given another ``PYTHONPATH``. The copy is of the onnxruntime of the Python that runs this
module, and made once for each version, in ``benchmarks/cache/avx2`` (10 s).

Needs Linux on x86-64 with ``gcc`` and ``objdump`` (Debian: gcc, binutils).
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import onnxruntime

SOURCE = Path(__file__).with_suffix(".c")
CACHE = Path(__file__).resolve().parents[1] / "cache" / "avx2"
PACKAGES = "site-packages"
"""The folder of the copied package; a folder of this name is nobody's source, to a type checker either."""
CPUID, UD2 = b"\x0f\xa2", b"\x0f\x0b"
"""The instruction, and the one that is written over it: as long, and always a SIGILL."""
NEWER = re.compile(r" (avx512\w*|avx_vnni\w*|avx_ifma|avx_ne_convert|amx_\w+|gfni|vaes|vpclmulqdq)\b")
"""The flags in /proc/cpuinfo of what such a processor lacks, each with the space before it."""
SWITCHES = {
    "ATEN_CPU_CAPABILITY": "avx2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "DNNL_MAX_CPU_ISA": "AVX2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    "OPENBLAS_CORETYPE": "Haswell",
    "FAISS_OPT_LEVEL": "AVX2",
    "FAISS_SIMD_LEVEL": "AVX2",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX512BW,-AVX512CD,-AVX512DQ",
}
"""The switches of torch, oneDNN, MKL, OpenBLAS, FAISS (old and new), numpy (old and new) and the C library."""


def environment(prepared: Path, given: Mapping[str, str]) -> dict[str, str]:
    """The variables under which a command finds what ``prepare`` made."""
    path = [str(prepared / PACKAGES), *filter(None, [given.get("PYTHONPATH")])]
    preloaded = [str(prepared / "avx2_only.so"), *filter(None, [given.get("LD_PRELOAD")])]
    ours = {"PYTHONPATH": os.pathsep.join(path), "LD_PRELOAD": ":".join(preloaded)}
    return {**given, **SWITCHES, **ours, "AVX2_ONLY_CPUINFO": str(prepared / "cpuinfo")}


def prepare(cache: Path) -> Path:
    """Make the copy of onnxruntime and the library that answers ``cpuid``, where they are missing; their folder.

    Raises SystemExit where a tool is missing.
    """
    missing = [tool for tool in ("gcc", "objdump") if not shutil.which(tool)]
    if missing:
        raise SystemExit(f"Missing: {', '.join(missing)}. Install Debian's gcc and binutils.")
    made = cache / str(onnxruntime.__version__)
    if not made.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            _fill(Path(folder) / "made")
            os.rename(Path(folder) / "made", made)
    return made


def _fill(folder: Path) -> None:
    """Write everything into a new folder."""
    package = Path(onnxruntime.__file__).parent
    copied = folder / PACKAGES / package.name
    _link(package, copied)
    (copied / "capi").unlink()
    _link(package / "capi", copied / "capi")
    for library in (package / "capi").glob("*pybind11_state*.so"):
        (copied / "capi" / library.name).unlink()
        (copied / "capi" / library.name).write_bytes(without_cpuid(library))
    (folder / "cpuinfo").write_text(NEWER.sub("", Path("/proc/cpuinfo").read_text(encoding="utf-8")), encoding="utf-8")
    compiled = ["gcc", "-O2", "-shared", "-fPIC", "-o", str(folder / "avx2_only.so"), str(SOURCE), "-ldl"]
    subprocess.run(compiled, check=True)


def _link(source: Path, target: Path) -> None:
    """Make a folder of links to what is in another."""
    target.mkdir(parents=True)
    for entry in source.iterdir():
        (target / entry.name).symlink_to(entry)


def without_cpuid(library: Path) -> bytes:
    """The bytes of a shared library with ``ud2`` in place of every ``cpuid``."""
    code = bytearray(library.read_bytes())
    offset = _text_offset(library)
    listing = subprocess.run(
        ["objdump", "-d", "-j", ".text", "--no-show-raw-insn", str(library)], capture_output=True, text=True, check=True
    ).stdout
    for address in re.findall(r"^ *([0-9a-f]+):\tcpuid", listing, re.MULTILINE):
        place = int(address, 16) + offset
        assert code[place : place + 2] == CPUID, f"no cpuid at {address} of {library}"
        code[place : place + 2] = UD2
    return bytes(code)


def _text_offset(library: Path) -> int:
    """How far the code's place in the file is from its address."""
    listing = subprocess.run(["objdump", "-h", str(library)], capture_output=True, text=True, check=True).stdout
    [(address, place)] = re.findall(r" \.text +[0-9a-f]+ +([0-9a-f]+) +[0-9a-f]+ +([0-9a-f]+)", listing)
    return int(place, 16) - int(address, 16)


def main() -> None:
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    command = sys.argv[1:]
    os.execvpe(command[0], command, environment(prepare(CACHE), os.environ))


if __name__ == "__main__":
    main()
