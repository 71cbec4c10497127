"""What a manifest is refused for."""

import json

import pytest

from askdoc.errors import IndexUnusable
from askdoc.index.generation import Generation
from askdoc.index.manifest import FORMAT, Manifest


def test_an_index_whose_encoder_is_of_an_earlier_kind_is_refused(tiny_index: Generation) -> None:
    """The manifest says in which format the index is, and what to do; nothing of it is read as if it were of today."""
    manifest = json.loads((tiny_index.path / "manifest.json").read_bytes())
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
