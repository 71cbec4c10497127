"""The command that evaluates an index."""

from pathlib import Path

import pytest

from tests.cli.commands import run


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
