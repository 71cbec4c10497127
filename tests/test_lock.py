"""The locks name every package that pyproject.toml asks for, each with its hashes, and no place to fetch it from."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = [requirement for extra in PROJECT["optional-dependencies"].values() for requirement in extra]
PINNED = {"torch"}
"""What constraints.txt pins in place of a lock."""


def locked(name: str) -> dict[str, list[tuple[Version, str]]]:
    """Package → its versions in a lock (one for each marker), each with the lines of its hashes."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found: dict[str, list[tuple[Version, str]]] = {}
    for package, version, rest in re.findall(r"^([a-z0-9.-]+)==(\S+)(.*(?:\n    .*)*)", text, re.MULTILINE):
        found.setdefault(package, []).append((Version(version), rest))
    return found


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", PROJECT["dependencies"]),
        ("requirements-dev.lock", [*PROJECT["dependencies"], *EXTRAS]),
    ],
)
def test_every_dependency_is_locked_within_its_range(lock: str, wanted: list[str]) -> None:
    """After a change in pyproject.toml: make lock."""
    versions = locked(lock)
    for requirement in map(Requirement, wanted):
        name = requirement.name.lower()
        if name in PINNED:
            continue
        assert name in versions, f"{lock} lacks {name}. Run: make lock"
        for version, _ in versions[name]:
            assert version in requirement.specifier, f"{lock} has {name} {version}, not {requirement}. Run: make lock"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_its_hashes(lock: str) -> None:
    """What is installed is what the tests were run with, wherever it was fetched from."""
    found = locked(lock)
    assert len(found) > 50
    assert all("--hash=sha256:" in rest for versions in found.values() for _, rest in versions)
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


def test_no_package_for_gpus_is_locked() -> None:
    """They are gigabytes, and which ones there are is torch's affair."""
    assert not [
        name for name in locked("requirements-dev.lock") if name.startswith(("nvidia", "cuda", "triton", "torch"))
    ]


def test_both_locks_agree() -> None:
    """The tests run what is served."""
    development = locked("requirements-dev.lock")
    assert all(dict(development[name]) == dict(versions) for name, versions in locked("requirements.lock").items())
