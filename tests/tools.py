"""Programs of the system that some tests need: found, or the test is skipped; demanded, or it fails."""

import os
import shutil
import subprocess
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Skip; or fail where the tools are demanded: a check that never ran must not look like one that passed."""
    if os.environ.get("ASKDOC_REQUIRE_TOOLS") == "1":
        pytest.fail(what)
    pytest.skip(what)


def needed(program: str, *trial: str, package: str) -> str:
    """The path of a program with which ``trial`` works here."""
    path = shutil.which(program)
    if path is None:
        missing(f"{program} is not installed; run: apt-get install {package}")
    tried = subprocess.run([path, *trial], capture_output=True, text=True, check=False, timeout=60)
    if tried.returncode:
        missing(f"{program} does not work here: {tried.stderr.strip()[-200:]}")
    return path
