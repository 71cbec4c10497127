"""A model's own tables: taken up from its folder, and refused where they do not fit it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from askdoc.embedder.model_files import PACKAGE_SHA256, TABLES
from askdoc.errors import ModelError
from askdoc.retriever.learned_tables import FILES, TablesOrigin
from askdoc.retriever.offline.own_tables import tables_of
from tests import tiny
from tests.making import own_tables, write_tables


def test_the_tables_in_a_models_folder_are_its_own(tmp_path: Path) -> None:
    """All four are taken up, byte for byte, to be stored in the index."""
    tables = own_tables(tmp_path)
    assert tables.origin is TablesOrigin.OWN
    assert dict(tables.contents) == {name: (tmp_path / TABLES / name).read_bytes() for name in FILES}
    assert set(tables.to_store()) == {f"tables-{name}" for name in FILES}


def test_a_model_without_tables_gets_those_shipped(tmp_path: Path) -> None:
    """By its weights, whatever it is called: the default model's own, any other the plain ones; neither is stored."""
    for sha256, origin in ((PACKAGE_SHA256, TablesOrigin.SHIPPED), ("0" * 64, TablesOrigin.PLAIN)):
        tables = tables_of(replace(tiny.WEIGHTS, name="renamed", folder=tmp_path, sha256=sha256))
        assert tables.origin is origin
        assert tables.to_store() == {}


def test_tables_of_another_model_are_refused(tmp_path: Path) -> None:
    """One table that was learned from other weights is enough; the sentence says what to do."""
    write_tables(tmp_path / TABLES)
    path = tmp_path / TABLES / "fusion.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"made_by": {"model": "9" * 64}}))
    with pytest.raises(ModelError, match=r"fusion\.json was made for another model.*make tables MODEL="):
        tables_of(replace(tiny.WEIGHTS, folder=tmp_path))


def test_tables_that_are_not_whole_are_refused(tmp_path: Path) -> None:
    """A run of the fits that was stopped leaves some of them."""
    write_tables(tmp_path / TABLES)
    (tmp_path / TABLES / "topicality.npz").unlink()
    with pytest.raises(ModelError, match=r"topicality\.npz cannot be read.*make tables MODEL="):
        tables_of(replace(tiny.WEIGHTS, folder=tmp_path))


@pytest.mark.parametrize("text", ['{"tables": {"both": {"sparkle": [1, 2]}}}', "[]", "no JSON", '{"made_by": {}}'])
def test_tables_of_another_version_are_refused(tmp_path: Path, text: str) -> None:
    """A feature that this program does not know, or what is no table at all."""
    write_tables(tmp_path / TABLES)
    (tmp_path / TABLES / "fusion.json").write_text(text)
    with pytest.raises(ModelError, match=r"cannot be used: .*make tables MODEL="):
        tables_of(replace(tiny.WEIGHTS, folder=tmp_path))
