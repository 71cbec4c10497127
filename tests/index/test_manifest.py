"""What a manifest may say."""

from pathlib import Path

import pytest

from askdoc.errors import IndexUnusable
from askdoc.index.folder import IndexFolder
from askdoc.index.manifest import Manifest


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
