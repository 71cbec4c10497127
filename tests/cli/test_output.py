"""Results are written in any encoding and to any stream, or a sentence says why not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import shell
from tests.waiting import LONG_S

SHOW = """
import sys
from askdoc.cli import output
output.prepare()
{what}
"""
WORDS = "“Don’t” – ½ café چ می\u200cکشد"


def shown(what: str, encoding: str, cwd: Path) -> tuple[str, str]:
    """What is printed in an encoding, and what is said beside it."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", SHOW.format(what=what)],
        cwd=cwd, env={**os.environ, "PYTHONIOENCODING": encoding}, capture_output=True, timeout=LONG_S, check=True,
    )  # fmt: skip
    return done.stdout.decode(encoding), done.stderr.decode(encoding)


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "cp437", "ascii", "cp932", "koi8-r", "utf-8", "utf-16"])
def test_what_an_encoding_lacks_is_escaped_and_said(encoding: str, tmp_path: Path) -> None:
    """The other characters are right, and one sentence tells how to have the very words."""
    out, said = shown(f"output.line({WORDS!r})", encoding, tmp_path)
    assert out.rstrip("\r\n") == WORDS.encode(encoding, "backslashreplace").decode(encoding)
    assert ("--json" in said) is (WORDS.encode(encoding, "ignore").decode(encoding) != WORDS)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8", "utf-16"])
def test_json_is_exact_in_any_encoding(encoding: str, tmp_path: Path) -> None:
    """It is read back as it was, half a surrogate pair included."""
    value = {"words": WORDS, "name": "caf\udce9"}
    out, said = shown(f"output.document({value!a})", encoding, tmp_path)
    assert (json.loads(out), said) == (value, "")


@pytest.mark.parametrize(
    ("script", "code", "sentence"),
    [
        ("$A info > /dev/full", 1, "could not be written: No space left on device"),
        ("$A info --json > /dev/full", 1, "could not be written: No space left on device"),
        ("$A --help > /dev/full", 1, "No space left on device"),
        ("$A info >&-", 1, "could not be written: the output is closed"),
        ("$A info --json >&-", 1, "the output is closed"),
        ("$A info 2>&-", 0, ""),
        ("$A ask 2> /dev/full", 2, ""),
        ("$A ask what 2>&- >&- <&-", 4, ""),
        ("set -o pipefail; $A info | true", 0, ""),
        ("set -o pipefail; $A info --json | true", 0, ""),
        ("set -o pipefail; $A --help | true", 0, ""),
        ("$A ask <&-", 2, "no standard input"),
        ("$A ask < /dev/null", 2, "The question is empty"),
        ("printf 'caf\\xe9' | $A ask", 2, "not UTF-8"),
        ("printf 'caf\\xe9' | LC_ALL=C $A ask -", 2, "not UTF-8"),
        ("$A ask $'caf\\xe9'", 2, "not UTF-8"),
        ("$A info --corpus $'caf\\xe9'", 0, ""),
        ("$A info --json --corpus $'caf\\xe9'", 0, ""),
        ("$A info --index $'caf\\xe9'", 2, "not UTF-8"),
        ("$A index --corpus $'caf\\xe9'", 3, r"There is no corpus folder caf\xe9."),
        ("mkdir $'caf\\xe9'; $A index --corpus $'caf\\xe9'", 3, r"No page in caf\xe9 could be used"),
        ("mkdir gone; cd gone; rmdir ../gone; $A index", 1, "cannot be written"),
        ("mkdir gone; cd gone; rmdir ../gone; $A info", 0, ""),
        ("mkdir no; chmod 0 no; $A ask --index no/index what", 4, "index"),
    ],
)
def test_whatever_the_streams_are_there_is_no_traceback(tmp_path: Path, script: str, code: int, sentence: str) -> None:
    """Full, closed, gone or no text: a sentence where somebody can hear it, and a code that says it."""
    done = shell(script, tmp_path)
    assert done.returncode == code
    assert b"Traceback" not in done.stdout + done.stderr
    assert sentence in done.stderr.decode()


def test_a_closed_stream_is_no_place_for_a_file(tmp_path: Path) -> None:
    """The next file would get its number, and what libraries print would land in it."""
    code = (
        "import os; from askdoc.cli import output; output.prepare()\n"
        "number = os.open('file', os.O_CREAT)\n"
        "print(number, file=open('n', 'w'))"
    )
    for closed in (">&-", "2>&-", "<&-", "<&- >&- 2>&-"):
        command = ["bash", "-c", f'exec "$0" -c "$1" {closed}', sys.executable, code]
        subprocess.run(command, cwd=tmp_path, check=True)
        assert int((tmp_path / "n").read_text()) > 2
