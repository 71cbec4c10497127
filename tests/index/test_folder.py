"""Which generation is served."""

import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from askdoc.errors import IndexUnusable
from askdoc.index import checked
from askdoc.index.checked import CheckedGeneration
from askdoc.index.folder import IndexFolder
from tests.making import names, point, spoil


def overwrite_current(index: Path, text: str) -> None:
    (index / "CURRENT").unlink(missing_ok=True)
    (index / "CURRENT").write_text(text)


def test_current_names_the_generation_that_is_served(two: Path) -> None:
    """Not simply the newest: after a rollback it is an older one."""
    newer, older = names(two)
    assert IndexFolder(two).active().name == newer
    point(two, older)
    active = IndexFolder(two).active()
    assert (active.name, active.problem) == (older, None)


@pytest.mark.parametrize(
    "text",
    ["", "\n", "nonsense\n", "../elsewhere\n", "gen-20990101T000000000Z-0123456789abcdef\n", "\xff\n", "x" * 100_000],
)
def test_a_broken_current_falls_back_loudly(two: Path, text: str, caplog: pytest.LogCaptureFixture) -> None:
    """Empty, damaged, pointing to nowhere: the newest whole generation serves, and the log says so."""
    overwrite_current(two, text)
    active = IndexFolder(two).active()
    assert active.name == names(two)[0]
    assert active.problem is not None
    assert f"Using {active.name} instead" in caplog.text


@pytest.mark.parametrize("make_it", [Path.unlink, os.mkfifo, Path.mkdir])
def test_a_current_that_is_no_file_falls_back(two: Path, make_it: Callable[[Path], object]) -> None:
    """Missing, a pipe, a folder."""
    (two / "CURRENT").unlink()
    if make_it is not Path.unlink:
        make_it(two / "CURRENT")
    assert IndexFolder(two).active().name == names(two)[0]


def test_a_damaged_generation_falls_back_to_the_one_before(two: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The damage is named, and the older one serves."""
    newer, older = names(two)
    spoil(two / newer / "documents.sqlite")
    assert IndexFolder(two).active().name == older
    assert f"{newer}/documents.sqlite is damaged" in caplog.text


def test_no_whole_generation_is_refused_with_the_file(two: Path) -> None:
    """What is wrong with the one that CURRENT names is what the operator reads."""
    newer, older = names(two)
    spoil(two / newer / "documents.sqlite")
    spoil(two / older / "manifest.json")
    with pytest.raises(IndexUnusable, match=rf"{newer}/documents\.sqlite is damaged\. Run: askdoc index"):
        IndexFolder(two).active()


def test_no_index_at_all_says_what_to_run(tmp_path: Path) -> None:
    """Neither a folder nor an empty one is a reason for a traceback."""
    for place in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(IndexUnusable, match=r"There is no index in .* Run: askdoc index"):
            IndexFolder(place).active()


def test_links_in_place_of_generations_and_files_are_refused(two: Path, tmp_path: Path) -> None:
    """What a link leads to may change after it was checked."""
    newer, older = names(two)
    (two / newer).rename(tmp_path / "away")
    (two / newer).symlink_to(tmp_path / "away")
    assert IndexFolder(two).active().name == older
    (two / older / "documents.sqlite").rename(tmp_path / "words")
    (two / older / "documents.sqlite").symlink_to(tmp_path / "words")
    with pytest.raises(IndexUnusable):
        IndexFolder(two).active()


def test_files_that_are_no_part_of_the_index_do_no_harm(two: Path) -> None:
    """Nothing reads them, SQLite's own side files included."""
    newer, _ = names(two)
    for name in ("notes.txt", "documents.sqlite-wal", "documents.sqlite-journal"):
        (two / newer / name).write_bytes(b"x" * 100)
    assert IndexFolder(two).active().problem is None


def test_a_reader_looks_again_when_a_builder_was_faster(
    two: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """CURRENT was read, then the generation it named was swept away: no error, and no false alarm."""
    newer, older = names(two)
    point(two, older)
    real = checked.check

    def swept(path: Path) -> CheckedGeneration:
        if path.name == older:
            point(two, newer)
            shutil.rmtree(path)
        return real(path)

    monkeypatch.setattr(checked, "check", swept)
    with caplog.at_level(logging.WARNING):
        active = IndexFolder(two).active()
    assert (active.name, active.problem, caplog.text) == (newer, None, "")
