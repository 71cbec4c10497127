"""Which generation is served, and what is refused before a byte of it is used."""

import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from askdoc import durable
from askdoc.errors import IndexUnusable
from askdoc.index import activation, folder
from askdoc.index.manifest import Manifest
from askdoc.indexer import build
from tests.making import edit, make


@pytest.fixture
def two(corpus_folder: Path, tmp_path: Path) -> Path:
    """An index of two generations."""
    make(corpus_folder, tmp_path / "index")
    edit(corpus_folder)
    make(corpus_folder, tmp_path / "index")
    return tmp_path / "index"


def names(index: Path) -> tuple[str, str]:
    newer, older = folder.generations(index)
    return newer, older


def spoil(path: Path) -> None:
    """Flip one bit."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)


def point(index: Path, text: str) -> None:
    (index / "CURRENT").unlink(missing_ok=True)
    (index / "CURRENT").write_text(text)


def test_current_names_the_generation_that_is_served(two: Path) -> None:
    """Not simply the newest: after a rollback it is an older one."""
    newer, older = names(two)
    assert folder.active(two).path.name == newer
    activation.point(two, older)
    checked = folder.active(two)
    assert (checked.path.name, checked.problem) == (older, None)


@pytest.mark.parametrize(
    "text",
    ["", "\n", "nonsense\n", "../elsewhere\n", "gen-20990101T000000000Z-0123456789abcdef\n", "\xff\n", "x" * 100_000],
)
def test_a_broken_current_falls_back_loudly(two: Path, text: str, caplog: pytest.LogCaptureFixture) -> None:
    """Empty, damaged, pointing to nowhere: the newest whole generation serves, and the log says so."""
    point(two, text)
    checked = folder.active(two)
    assert checked.path.name == names(two)[0]
    assert checked.problem is not None
    assert f"Using {checked.path.name} instead" in caplog.text


@pytest.mark.parametrize("make_it", [Path.unlink, os.mkfifo, Path.mkdir])
def test_a_current_that_is_no_file_falls_back(two: Path, make_it: Callable[[Path], object]) -> None:
    """Missing, a pipe, a folder."""
    (two / "CURRENT").unlink()
    if make_it is not Path.unlink:
        make_it(two / "CURRENT")
    assert folder.active(two).path.name == names(two)[0]


def test_a_damaged_generation_falls_back_to_the_one_before(two: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The damage is named, and the older one serves."""
    newer, older = names(two)
    spoil(two / newer / "documents.sqlite")
    assert folder.active(two).path.name == older
    assert f"{newer}/documents.sqlite is damaged" in caplog.text


def test_no_whole_generation_is_refused_with_the_file(two: Path) -> None:
    """What is wrong with the one that CURRENT names is what the operator reads."""
    newer, older = names(two)
    spoil(two / newer / "documents.sqlite")
    spoil(two / older / "manifest.json")
    with pytest.raises(IndexUnusable, match=rf"{newer}/documents\.sqlite is damaged\. Run: askdoc index"):
        folder.active(two)


def test_no_index_at_all_says_what_to_run(tmp_path: Path) -> None:
    """Neither a folder nor an empty one is a reason for a traceback."""
    for place in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(IndexUnusable, match=r"There is no index in .* Run: askdoc index"):
            folder.active(place)


def test_a_renamed_generation_is_refused(two: Path) -> None:
    """Its name is part of what is checked: the time in the manifest, and the manifest's hash."""
    newer, _ = names(two)
    later = newer.replace(newer[4:12], "20990101")
    (two / newer).rename(two / later)
    with pytest.raises(IndexUnusable, match="was renamed"):
        folder.check(two / later)


def test_an_edited_manifest_is_refused(two: Path) -> None:
    """Even one that agrees with files that were exchanged."""
    newer, older = names(two)
    path = two / newer / "manifest.json"
    path.chmod(0o644)
    (two / newer / "documents.sqlite").chmod(0o644)
    shutil.copyfile(two / older / "documents.sqlite", two / newer / "documents.sqlite")
    manifest = Manifest.load(path.read_bytes())
    manifest.files["documents.sqlite"] = durable.digest(two / newer / "documents.sqlite")
    path.write_bytes(manifest.dump())
    with pytest.raises(IndexUnusable, match=r"manifest\.json is damaged"):
        folder.check(two / newer)


@pytest.mark.parametrize("name", ["../other", "/etc/passwd", "", "manifest.json"])
def test_a_manifest_cannot_name_files_elsewhere(two: Path, name: str) -> None:
    """A path that leads out of the generation is no file's name."""
    manifest = folder.active(two).manifest
    manifest.files[name] = ("0" * 64, 1)
    with pytest.raises(IndexUnusable, match="no file's name"):
        Manifest.load(manifest.dump())


def test_links_in_place_of_generations_and_files_are_refused(two: Path, tmp_path: Path) -> None:
    """What a link leads to may change after it was checked."""
    newer, older = names(two)
    (two / newer).rename(tmp_path / "away")
    (two / newer).symlink_to(tmp_path / "away")
    assert folder.active(two).path.name == older
    (two / older / "documents.sqlite").rename(tmp_path / "words")
    (two / older / "documents.sqlite").symlink_to(tmp_path / "words")
    with pytest.raises(IndexUnusable):
        folder.active(two)


def test_files_that_are_no_part_of_the_index_do_no_harm(two: Path) -> None:
    """Nothing reads them, SQLite's own side files included."""
    newer, _ = names(two)
    for name in ("notes.txt", "documents.sqlite-wal", "documents.sqlite-journal"):
        (two / newer / name).write_bytes(b"x" * 100)
    assert folder.active(two).problem is None


def test_a_reader_looks_again_when_a_builder_was_faster(
    two: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """CURRENT was read, then the generation it named was swept away: no error, and no false alarm."""
    newer, older = names(two)
    activation.point(two, older)
    real = folder.check

    def swept(path: Path) -> folder.Checked:
        if path.name == older:
            activation.point(two, newer)
            shutil.rmtree(path)
        return real(path)

    monkeypatch.setattr(folder, "check", swept)
    with caplog.at_level(logging.WARNING):
        checked = folder.active(two)
    assert (checked.path.name, checked.problem, caplog.text) == (newer, None, "")


def test_the_clock_may_go_backwards(corpus_folder: Path, tmp_path: Path) -> None:
    """A build is later than all before it, whatever the clock says, for the newest is what is fallen back to."""
    first = make(corpus_folder, tmp_path / "index")
    future = first.manifest.created.replace(first.manifest.created[:4], "2099")
    data = replace(first.manifest, created=future)
    activation_name = folder.generation_name(future, data.dump())
    shutil.copytree(first.path, tmp_path / "index" / activation_name)
    (tmp_path / "index" / activation_name / "manifest.json").unlink()
    (tmp_path / "index" / activation_name / "manifest.json").write_bytes(data.dump())
    activation.point(tmp_path / "index", activation_name)
    edit(corpus_folder)
    second = make(corpus_folder, tmp_path / "index")
    assert second.manifest.created > future
    assert folder.generations(tmp_path / "index")[0] == second.path.name


def test_dry_run_leaves_no_trace(corpus_folder: Path, tmp_path: Path) -> None:
    """Not even an index folder, or a lock in one."""
    from tests import tiny

    build.plan(corpus_folder, tmp_path / "index", weights=tiny.WEIGHTS)
    assert not (tmp_path / "index").exists()
