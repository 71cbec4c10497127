"""What ``askdoc info`` shows of an index."""

from pathlib import Path

import pytest

from askdoc.cli.render.info import SOURCES, info_document, info_text, tables_applied
from askdoc.retriever.learned_tables import FILES, TablesOrigin
from askdoc.settings import Settings
from tests.making import make, own_tables


@pytest.mark.parametrize(("own", "shown"), [(True, "made for this model: "), (False, "shipped for any model: fusion")])
def test_the_tables_that_apply_are_told(corpus_folder: Path, tmp_path: Path, own: bool, shown: str) -> None:
    """Those in the index as its model's own; else the plain ones, with how to make others."""
    index = tmp_path / "index"
    make(corpus_folder, index, tables=own_tables(tmp_path) if own else None)
    document = info_document(Settings(corpus=corpus_folder, index=index, model="tiny"))
    text = " ".join(info_text(document).split())
    assert shown in text
    assert ("make tables MODEL=" in text) is not own
    assert document["index"]["tables"]["confidence"] == ("own" if own else "plain")


def test_what_the_encoder_computes_in_is_told(corpus_folder: Path, tmp_path: Path) -> None:
    """An operator reads which kernel answers: it decides how long a question takes."""
    make(corpus_folder, tmp_path / "index")
    document = info_document(Settings(corpus=corpus_folder, index=tmp_path / "index", model="tiny"))
    assert document["index"]["kernel"] == "float32"
    assert "kernel        float32" in info_text(document)


def test_a_model_that_could_not_be_exported_is_told(corpus_folder: Path, tmp_path: Path) -> None:
    """With what that costs, and the command that tries it again."""
    index = tmp_path / "index"
    make(corpus_folder, index)
    text = info_text(info_document(Settings(corpus=corpus_folder, index=index, model="tiny")))
    assert "could not be exported" in text
    assert "askdoc index --full" in " ".join(text.split())


@pytest.mark.parametrize("origin", TablesOrigin)
def test_every_table_has_a_source_that_is_explained(origin: TablesOrigin) -> None:
    """Whichever set applies, all eight tables are named."""
    applied = tables_applied(origin)
    assert set(applied.values()) <= set(SOURCES)
    assert set(applied) == {name.split(".")[0] for name in FILES} | {"term_weights", "highlight"}
