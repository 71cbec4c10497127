"""What is refused before a byte of a generation is used."""

import shutil
from pathlib import Path

import pytest

from askdoc import durable
from askdoc.errors import IndexUnusable
from askdoc.index import checked, documents
from askdoc.index.folder import IndexFolder
from askdoc.index.manifest import Manifest
from tests.making import names


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
