"""The name of the kernel that multiplies whole numbers."""

import platform
from pathlib import Path

import pytest

from askdoc.embedder.processor import UNKNOWN, integer_kernel, kernel
from askdoc.embedder.protocol import EncoderKind

AVX512 = "sse2 avx2 avx512f avx512dq avx512bw avx512vl"


def cpuinfo(folder: Path, line: str) -> Path:
    """A file as Linux writes it, for two processors."""
    path = folder / "cpuinfo"
    path.write_text(f"processor\t: 0\n{line}\n\nprocessor\t: 1\n{line}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (f"flags\t\t: {AVX512} avx512_vnni avx_vnni amx_tile amx_int8", "AMX"),
        (f"flags\t\t: {AVX512} avx512_vnni avx_vnni amx_tile", "AVX-512 VNNI"),
        (f"flags\t\t: {AVX512}", "AVX-512, no dot products"),
        ("flags\t\t: sse2 avx2 avx_vnni", "AVX-VNNI"),
        ("flags\t\t: sse2 avx2 fma", "AVX2, no dot products"),
        ("flags\t\t: sse2 avx", "SSE, no dot products"),
        ("Features\t: fp asimd asimddp i8mm", "Arm matrix products"),
        ("Features\t: fp asimd asimddp", "Arm dot products"),
        ("Features\t: fp asimd", "Arm Neon, no dot products"),
        ("features\t: vx vxe", UNKNOWN),
    ],
)
def test_the_first_kernel_that_the_processor_can_use_is_named(tmp_path: Path, line: str, name: str) -> None:
    """The flags decide, in the runtime's own order."""
    assert integer_kernel(cpuinfo(tmp_path, line)) == name


@pytest.mark.parametrize(("system", "name"), [("Darwin", "Arm dot products"), ("Windows", UNKNOWN)])
def test_a_system_without_flags_gets_no_guess(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str, name: str
) -> None:
    """Only of Apple's processors is it known without being told."""
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    assert integer_kernel(tmp_path / "missing") == name


def test_only_a_quantised_encoder_computes_in_whole_numbers(tmp_path: Path) -> None:
    """The kernel for whole numbers is named where it is used."""
    flags = cpuinfo(tmp_path, "flags : sse2 avx2")
    assert kernel(EncoderKind.QUANTIZED, cpuinfo=flags) == "whole numbers of 8 × 7 bits, AVX2, no dot products"
    assert kernel(EncoderKind.SINGLE_PRECISION, cpuinfo=flags) == "float32"
