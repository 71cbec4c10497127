"""Runs the short forms of the experiments beside it, and that each guard is missed when it is taken out."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.waiting import LONG_S


def experiment(name: str, *options: str) -> tuple[int, dict[str, Any]]:
    """Run one in a process of its own; its exit status and figures."""
    command = [sys.executable, "-m", f"tests.reliability.{name}", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=2 * LONG_S)
    assert done.stdout.startswith("{"), done.stderr
    return done.returncode, json.loads(done.stdout)


def test_no_failing_call_leaves_a_bad_index() -> None:
    """As EIO, ENOSPC, sudden exit and loss of power; the long form fails every call there is."""
    status, found = experiment("fault_injection", "--every", "37")
    assert status == 0, found
    assert all(tally["failed"] >= 3 for tally in found.values())


def test_without_a_guard_a_crash_leaves_a_bad_index() -> None:
    """The experiment above would notice: fsync of files and folders, atomic replace, CURRENT last, tidying."""
    status, missed = experiment("fault_injection", "--guards", "--last", "16")
    assert status == 0, missed
    assert len(missed) == 5


def test_every_damage_is_refused_with_the_files_name() -> None:
    """The long form does it 2,000 times."""
    status, found = experiment("corruption", "--cases", "150")
    assert (status, found["refused"]) == (0, 150)


def test_without_the_hash_check_damage_is_answered_from() -> None:
    """The experiment above would notice."""
    status, found = experiment("corruption", "--cases", "40", "--without", "hashes")
    assert status == 1
    assert found["answered"] > 0


def test_no_request_fails_while_the_index_changes() -> None:
    """None fails, none mixes two generations; a real server, asked at a steady rate."""
    status, found = experiment("hot_swap", "--swaps", "3", "--requests", "150", "--rate", "50")
    assert status == 0, found
    assert (found["swaps"], found["requests"], found["failed"], found["mixed"]) == (3, 150, 0, 0)


@pytest.mark.model
def test_a_killed_build_leaves_the_old_index_or_the_new() -> None:
    """The real command, the real model, killed at random; the long form does it 50 times."""
    status, found = experiment("kills", "--kills", "3", "--first", "0")
    assert (status, found["bad"]) == (0, 0)
    assert found["kills"] == 3


@pytest.mark.parametrize("name", ["fault_injection", "corruption", "mutations", "kills", "hot_swap"])
def test_every_experiment_is_in_the_documentation(name: str) -> None:
    """A figure without its command cannot be repeated."""
    assert f"tests.reliability.{name}" in Path(ROOT, "docs", "reliability.md").read_text(encoding="utf-8")
