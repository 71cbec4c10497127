"""The command that makes an index shows what it could not use."""

import json
from pathlib import Path

import pytest

from tests.cli.commands import run


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
