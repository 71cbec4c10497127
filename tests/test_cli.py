"""The command line: help, errors, exit codes, and what goes to which stream."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from askdoc.cli import EXIT_CODES, commands

README = Path(__file__).resolve().parent.parent / "README.md"
HEAVY = ("torch", "faiss", "fastapi", "numpy", "onnxruntime", "transformers", "sentence_transformers")


def run(*words: str, cwd: Path, stdin: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ASKDOC_")}
    return subprocess.run(
        [sys.executable, "-m", "askdoc", *words],
        cwd=cwd, input=stdin, env={**clean, **environ}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    """Help is there at once."""
    code = (
        "import sys; sys.argv = ['askdoc', '--help']\n"
        "from askdoc.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


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


def test_serve_refuses_to_start_without_an_index(tmp_path: Path) -> None:
    """Better no server than one that has nothing to say."""
    done = run("serve", "--port", "0", cwd=tmp_path)
    assert (done.returncode, "There is no index" in done.stderr) == (4, True)


def test_a_question_can_come_from_standard_input(tmp_path: Path) -> None:
    """So that it stays out of the shell's history."""
    assert "The question is empty" in run("ask", "-", cwd=tmp_path, stdin="\n").stderr
    assert "There is no index" in run("ask", cwd=tmp_path, stdin="what is a bruise\n").stderr


def test_the_readme_names_every_command() -> None:
    """A command that nobody can find does not exist."""
    text = README.read_text(encoding="utf-8")
    assert not [name for name in commands.commands if f"askdoc {name}" not in text]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--queries", "q"],
        ["--qrels", "r"],
        ["--self", "--queries", "q", "--qrels", "r"],
        ["--self", "--run", "x"],
        ["--self", "--html", "x"],
    ],
)
def test_eval_takes_files_or_itself(words: list[str], tmp_path: Path) -> None:
    """One or the other, wholly."""
    done = run("eval", *words, cwd=tmp_path)
    assert (done.returncode, "Give --queries and --qrels, or --self alone" in done.stderr) == (2, True)


def test_eval_names_file_and_line_of_what_is_wrong(tmp_path: Path) -> None:
    """Before the index is opened."""
    (tmp_path / "q").write_text("oops\n", encoding="utf-8")
    done = run("eval", "--queries", "q", "--qrels", "r", cwd=tmp_path)
    assert (done.returncode, "q:1: this is not JSON" in done.stderr) == (2, True)


def test_a_device_that_is_none_is_refused(tmp_path: Path) -> None:
    """With what can be given."""
    done = run("index", "--device", "tpu", cwd=tmp_path)
    assert done.returncode == 2
    assert "device is 'tpu'; give one of: auto, cpu." in done.stderr
