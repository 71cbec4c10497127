"""What a manifest is refused for."""

import json
from pathlib import Path

import pytest

from askdoc.errors import IndexUnusable
from askdoc.index.folder import IndexFolder
from askdoc.index.generation import Generation
from askdoc.index.manifest import FORMAT, Manifest


def test_an_index_whose_encoder_is_of_an_earlier_kind_is_refused(tiny_index: Generation) -> None:
    """The manifest says in which format the index is, and what to do; nothing of it is read as if it were of today."""
    manifest = json.loads((tiny_index.checked.path / "manifest.json").read_bytes())
    Manifest.load(json.dumps(manifest).encode())
    manifest["format"] -= 1
    with pytest.raises(
        IndexUnusable, match=rf"has format {FORMAT - 1}; this askdoc reads {FORMAT}\. Run: askdoc index"
    ):
        Manifest.load(json.dumps(manifest).encode())
    manifest["format"] += 1
    manifest["model"]["encoder"] = "of some other kind"
    with pytest.raises(IndexUnusable, match=r"Run: askdoc index"):
        Manifest.load(json.dumps(manifest).encode())


@pytest.mark.parametrize("name", ["../other", "/etc/passwd", "", "manifest.json"])
def test_a_manifest_cannot_name_files_elsewhere(two: Path, name: str) -> None:
    """A path that leads out of the generation is no file's name."""
    manifest = IndexFolder(two).active().manifest
    manifest.files[name] = ("0" * 64, 1)
    with pytest.raises(IndexUnusable, match="no file's name"):
        Manifest.load(manifest.dump())


def test_the_manifest_reads_what_it_wrote(two: Path) -> None:
    """Byte for byte."""
    data = (IndexFolder(two).active().path / "manifest.json").read_bytes()
    assert Manifest.load(data).dump() == data
