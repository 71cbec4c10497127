"""The command line as a whole: help, errors and exit codes."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from askdoc.cli.main import EXIT_CODES, commands
from tests.cli.commands import README, run

HEAVY = ("torch", "wcwidth", "faiss", "fastapi", "numpy", "onnxruntime", "transformers", "sentence_transformers")


@pytest.mark.parametrize("words", [["--help"], ["serve", "--help"], ["widget"]])
def test_what_needs_nothing_heavy_loads_nothing_heavy(words: list[str]) -> None:
    """Help is there at once, and so is the widget's line."""
    code = (
        f"import sys; sys.argv = ['askdoc', *{words!r}]\n"
        "from askdoc.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_help_lists_the_exit_codes(tmp_path: Path) -> None:
    """A script's author finds them without reading code."""
    text = run("--help", cwd=tmp_path).stdout
    assert re.findall(r"^  +(\d+)  ", text, re.MULTILINE) == re.findall(r"^  (\d+)  ", EXIT_CODES, re.MULTILINE)
    assert {"0", "2", "3", "4", "5", "130"} <= set(re.findall(r"^  +(\d+)  ", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["ask", "what"], 4, "There is no index in index. Run: askdoc index"),
        (["ask", " "], 2, "The question is empty"),
        (["ask", "x" * 1001], 2, "1,001 characters"),
        (["ask", "--max-answers", "0", "what"], 2, "0 is not in the range"),
        (["serve", "--port", "x"], 2, "not a valid integer"),
        (["index"], 3, "There is no corpus folder corpus"),
        (["index", "--model", "no/such-model"], 4, "hf download no/such-model"),
        (["no-such-command"], 2, "No such command"),
    ],
)
def test_what_is_wrong_is_one_sentence_on_stderr(words: list[str], code: int, sentence: str, tmp_path: Path) -> None:
    """With its exit code; nothing on stdout, and no traceback."""
    done = run(*words, cwd=tmp_path, HF_HUB_OFFLINE="1")
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_the_readme_names_every_command() -> None:
    """A command that nobody can find does not exist."""
    text = README.read_text(encoding="utf-8")
    assert not [
        name for name, command in commands.commands.items() if not command.hidden and f"askdoc {name}" not in text
    ]


def test_what_steers_a_terminal_never_reaches_it(tmp_path: Path) -> None:
    """Neither in what is said of a wrong command nor in an error."""
    steering = "\x1b]0;x\x07\u202e"
    for words in ([steering], ["ask", f"--{steering}"], ["index", "--corpus", steering], ["info", "--host", steering]):
        done = run(*words, cwd=tmp_path)
        assert not {"\x1b", "\x07", "\u202e"} & set(done.stdout + done.stderr)
