"""The page of figures holds a part for each kind of processor, and says how askdoc stands over HTTP."""

from pathlib import Path

import pytest

from benchmarks.speed import compare


def test_a_kind_of_processor_replaces_its_own_part_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was measured on another kind stays."""
    page = tmp_path / "results.md"
    for kernel, figures in (("AVX2", "old"), ("VNNI", "others"), ("AVX2", "new")):
        monkeypatch.setattr(compare, "integer_kernel", lambda kernel=kernel: kernel)
        compare.write_part(f"{compare.PART}{kernel}\n\n{figures} figures\n", page)
    text = page.read_text()
    assert text.startswith(compare.TITLE)
    assert "others figures" in text
    assert "new figures" in text
    assert "old figures" not in text


def test_http_is_compared_with_the_others_in_process() -> None:
    """They have no server, so their own time is the shorter one."""
    ours = {"http_p50_ms": 3.0, "http_p95_ms": 5.0}
    line = compare.http_line({"askdoc": [ours], "faiss-flat": [{"p50_ms": 6.0, "p95_ms": 20.0}]})
    assert "p50 faiss-flat 0.50; p95 faiss-flat 0.25" in line
