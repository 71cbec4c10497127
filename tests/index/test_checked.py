"""What is refused before a byte of a generation is used."""

import os
import shutil
from pathlib import Path

import pytest

from askdoc import durable
from askdoc.errors import IndexUnusable
from askdoc.index import checked, documents, generation
from askdoc.index.folder import IndexFolder
from askdoc.index.manifest import Manifest
from tests.making import make, names


def test_a_renamed_generation_is_refused(two: Path) -> None:
    """Its name is part of what is checked: the time in the manifest, and the manifest's hash."""
    newer, _ = names(two)
    later = newer.replace(newer[4:12], "20990101")
    (two / newer).rename(two / later)
    with pytest.raises(IndexUnusable, match="was renamed"):
        checked.check(two / later)


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
        checked.check(two / newer)


def test_only_files_of_the_manifest_are_given_out(two: Path) -> None:
    """Nobody has looked at any other file that lies there."""
    generation = IndexFolder(two).active()
    (generation.path / "notes.txt").write_text("x")
    assert generation.file(documents.NAME).is_file()
    with pytest.raises(KeyError, match=r"notes\.txt"):
        generation.file("notes.txt")


@pytest.fixture
def stamped(corpus_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A generation all of whose files count as large."""
    monkeypatch.setattr(checked, "LARGE", 1)
    return make(corpus_folder, tmp_path / "index").path


def flip(path: Path) -> None:
    """Change one byte of a file, and put its time back."""
    before = path.stat()
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(before.st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_large_file_that_is_as_it_was_stamped_is_not_hashed(stamped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a million passages that would take seconds at each start."""
    monkeypatch.delattr(durable, "digest")
    found = checked.check(stamped)
    assert found.stamped >= {documents.NAME, generation.SAFETY}
    assert found.stamped == {name for name, (_, length) in found.manifest.files.items() if length}


def test_a_large_file_that_was_written_to_is_hashed_again(stamped: Path) -> None:
    """Putting its time back does not help: the system keeps another that cannot be put back."""
    flip(stamped / documents.NAME)
    with pytest.raises(IndexUnusable, match=r"documents\.sqlite is damaged"):
        checked.check(stamped)


def test_a_copied_index_is_hashed_whole(stamped: Path, tmp_path: Path) -> None:
    """Its files are others, whatever their times are: what was damaged on the way is noticed."""
    copied = Path(shutil.copytree(stamped, tmp_path / "copy" / stamped.name))
    assert not checked.check(copied).stamped
    flip(copied / documents.NAME)
    with pytest.raises(IndexUnusable, match=r"documents\.sqlite is damaged"):
        checked.check(copied)


@pytest.mark.parametrize("damaged", [b"", b"[]", b'{"documents.sqlite": 1', b'{"documents.sqlite": [1, 2, 3]}'])
def test_with_damaged_stamps_everything_is_hashed(stamped: Path, damaged: bytes) -> None:
    """They vouch for nothing that does not fit."""
    (stamped / checked.STAMPS).chmod(0o644)
    (stamped / checked.STAMPS).write_bytes(damaged)
    assert not checked.check(stamped).stamped


def test_a_small_index_has_no_stamps(two: Path) -> None:
    """Every byte of it is hashed at every start."""
    assert not list(two.glob(f"*/{checked.STAMPS}"))
    assert not IndexFolder(two).active().stamped
