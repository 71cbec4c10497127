"""Runs the real commands, alone or in a line of shell."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT
from tests.waiting import LONG_S

README = ROOT / "README.md"


def run(*words: str, cwd: Path, stdin: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ASKDOC_")}
    return subprocess.run(
        [sys.executable, "-m", "askdoc", *words],
        cwd=cwd, input=stdin, env={**clean, **environ}, capture_output=True, text=True, timeout=LONG_S, check=False,
    )  # fmt: skip


def shell(script: str, cwd: Path, *, stdin: bytes | None = None, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """A line of shell; ``$A`` is askdoc."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ASKDOC_", "PYTHONIO"))}
    environ = {**clean, "A": f"{sys.executable} -m askdoc", **environ}
    return subprocess.run(
        ["bash", "-c", script], cwd=cwd, input=stdin, env=environ, capture_output=True, timeout=LONG_S, check=False
    )
