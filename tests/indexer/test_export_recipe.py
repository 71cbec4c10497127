"""The key of an export changes with all that decides its bytes, and with nothing else."""

from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pytest

from askdoc import embedder
from askdoc.indexer.export_recipe import PACKAGES, examples_key, export_key
from tests import tiny

TEXTS = ("Help.", "It itches.")


def keys() -> tuple[str, str]:
    return export_key(tiny.WEIGHTS, TEXTS), examples_key(tiny.WEIGHTS, ["hash"], TEXTS)


def test_where_the_model_lies_and_what_it_is_called_decide_nothing() -> None:
    """The same files by another name are the same model."""
    moved = replace(tiny.WEIGHTS, name="other", folder=Path("elsewhere"))
    assert (export_key(moved, TEXTS), examples_key(moved, ["hash"], TEXTS)) == keys()


def test_other_files_of_the_model_are_another_entry() -> None:
    """Weights, tokenizer, configuration and prompts: the fingerprint is of all of them."""
    other = replace(tiny.WEIGHTS, fingerprint="2" * 64)
    assert {export_key(other, TEXTS), examples_key(other, ["hash"], TEXTS)}.isdisjoint(keys())


def test_other_texts_are_another_entry() -> None:
    """They are what the export is calibrated on, and what is embedded."""
    assert {export_key(tiny.WEIGHTS, TEXTS[::-1]), examples_key(tiny.WEIGHTS, ["hash"], TEXTS[::-1])}.isdisjoint(keys())


def test_the_vectors_of_another_export_are_another_entry() -> None:
    """And neither is taken for the export itself."""
    assert len({*keys(), examples_key(tiny.WEIGHTS, ["other"], TEXTS)}) == 3


@pytest.mark.parametrize("package", PACKAGES)
def test_another_version_of_a_library_is_another_entry(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of those that have a hand in an export."""
    before = keys()
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "other" if name == package else real(name))
    assert set(keys()).isdisjoint(before)


def test_other_code_is_another_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One letter in one module of the embedder."""
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / "export.py").write_text("LIMIT = 63\n")
    monkeypatch.setattr(embedder, "__file__", str(tmp_path / "__init__.py"))
    before = keys()
    (tmp_path / "export.py").write_text("LIMIT = 62\n")
    assert set(keys()).isdisjoint(before)


def test_another_kind_of_processor_is_another_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A home that several machines share."""
    before = keys()
    monkeypatch.setattr("platform.machine", lambda: "other")
    assert set(keys()).isdisjoint(before)
