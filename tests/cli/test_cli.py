"""The command line: help, errors, exit codes, and what goes to which stream."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from askdoc.cli.main import EXIT_CODES, commands
from tests.conftest import ROOT
from tests.waiting import LONG_S

README = ROOT / "README.md"
HEAVY = ("torch", "wcwidth", "faiss", "fastapi", "numpy", "onnxruntime", "transformers", "sentence_transformers")


def run(*words: str, cwd: Path, stdin: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ASKDOC_")}
    return subprocess.run(
        [sys.executable, "-m", "askdoc", *words],
        cwd=cwd, input=stdin, env={**clean, **environ}, capture_output=True, text=True, timeout=LONG_S, check=False,
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
    assert not [
        name for name, command in commands.commands.items() if not command.hidden and f"askdoc {name}" not in text
    ]


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


@pytest.mark.parametrize("name", ["corpus", "index", "model"])
def test_an_empty_setting_is_refused(tmp_path: Path, name: str) -> None:
    """An unset variable in a script must not lead to the current folder."""
    command = "info" if name == "corpus" else "ask"
    done = run(command, f"--{name}", "", cwd=tmp_path)
    assert (done.returncode, f"{name} is '' (option --{name})" in done.stderr) == (2, True)
    done = run(command, cwd=tmp_path, **{f"ASKDOC_{name.upper()}": ""})
    assert (done.returncode, f"(environment ASKDOC_{name.upper()})" in done.stderr) == (2, True)


def rejected(place: Path, count: int) -> None:
    """Pages that cannot be used, alike but for their names."""
    (place / "corpus").mkdir()
    for number in range(count):
        (place / "corpus" / f"note-{number:05}.txt").write_text("Buy milk.\n", encoding="utf-8")


@pytest.mark.parametrize("option", [[], ["--dry-run"]])
def test_where_all_is_rejected_the_reasons_are_shown(tmp_path: Path, option: list[str]) -> None:
    """File, line, reason and hint; as JSON, too, and nothing is left behind."""
    rejected(tmp_path, 1)
    done = run("index", *option, cwd=tmp_path)
    said = " ".join(done.stderr.split())
    assert done.returncode == 3
    assert "note-00000.txt:1: No line says 'Doctor Answers N'. Nothing says how many answers there are" in said
    done = run("index", "--json", *option, cwd=tmp_path)
    document = json.loads(done.stdout)
    [finding] = document["rejected"]
    assert (done.returncode, finding["file"], finding["line"]) == (3, "note-00000.txt", 1)
    assert finding["reason"]
    assert finding["hint"]
    assert "No page in corpus could be used" in document["error"]
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


def test_many_alike_are_summed_up(tmp_path: Path) -> None:
    """The text has an end and says how many; the JSON has every one."""
    rejected(tmp_path, 1200)
    done = run("index", cwd=tmp_path)
    assert "1,200 times in all, also at note-00001.txt:1" in " ".join(done.stderr.split())
    assert len(done.stderr.splitlines()) < 20
    assert len(json.loads(run("index", "--json", cwd=tmp_path).stdout)["rejected"]) == 1200


def shell(script: str, cwd: Path, *, stdin: bytes | None = None, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """A line of shell; ``$A`` is askdoc."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ASKDOC_", "PYTHONIO"))}
    environ = {**clean, "A": f"{sys.executable} -m askdoc", **environ}
    return subprocess.run(
        ["bash", "-c", script], cwd=cwd, input=stdin, env=environ, capture_output=True, timeout=LONG_S, check=False
    )


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


def test_what_steers_a_terminal_never_reaches_it(tmp_path: Path) -> None:
    """Neither in what is said of a wrong command nor in an error."""
    steering = "\x1b]0;x\x07\u202e"
    for words in ([steering], ["ask", f"--{steering}"], ["index", "--corpus", steering], ["info", "--host", steering]):
        done = run(*words, cwd=tmp_path)
        assert not {"\x1b", "\x07", "\u202e"} & set(done.stdout + done.stderr)


def test_a_device_that_is_none_is_refused(tmp_path: Path) -> None:
    """With what can be given."""
    done = run("index", "--device", "tpu", cwd=tmp_path)
    assert done.returncode == 2
    assert "device is 'tpu'; give one of: auto, cpu." in done.stderr
