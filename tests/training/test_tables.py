"""The shipped tables: each says how it was made, from which data, and with which earlier tables."""

import hashlib
from pathlib import Path

import pytest

from training import table_file, tables
from training.datasets import BY_NAME, DATASETS, ROOT
from training.tables import TABLES, LearnedTable

LEARNED_FOLDERS = (tables.RETRIEVER, tables.SAFETY)
NOT_LEARNED = {
    "__init__.py", "contacts.toml", "en.toml", "es.toml", "examples.tsv", "rules.toml", "unread.toml", "words.txt",
}  # fmt: skip
"""Files beside the tables that people wrote; of the examples, people wrote all and a fit chose which."""


def names(table: LearnedTable) -> str:
    return table.name


@pytest.mark.parametrize("table", TABLES, ids=names)
def test_a_table_says_how_it_was_made(table: LearnedTable) -> None:
    """Its head has the command, the seed, the encoder, and the hashes of the registered data."""
    made_by = table_file.made_by(table.path)
    assert made_by["command"] == f"python -m training.tables {table.name}"
    assert isinstance(made_by["seed"], int)
    assert len(made_by["encoder"]) == 64
    public = {BY_NAME[name].file: BY_NAME[name].sha256 for name in table.data}
    assert {name: sha256 for name, sha256 in made_by["data"].items() if name in public} == public
    files = {path.relative_to(ROOT).as_posix() for path in table.files}
    assert set(made_by["data"]) == set(public) | files


def test_all_tables_were_learned_on_the_vectors_of_one_encoder() -> None:
    """A table that was left behind when the encoder changed is noticed."""
    assert len({table_file.made_by(table.path)["encoder"] for table in TABLES}) == 1


@pytest.mark.parametrize("table", TABLES, ids=names)
def test_a_table_was_made_after_those_that_it_needs(table: LearnedTable) -> None:
    """Whoever makes a table anew makes those that depend on it anew, too."""
    earlier = [tables.BY_TABLE[name].path for name in table.tables]
    assert table_file.made_by(table.path)["tables"] == {path.name: sha256(path) for path in earlier}
    assert {TABLES.index(tables.BY_TABLE[name]) < TABLES.index(table) for name in table.tables} <= {True}


def test_the_safety_weights_were_learned_from_the_sentences_that_stand_there() -> None:
    """Whoever adds a sentence runs: python -m training.tables weights."""
    table = tables.BY_TABLE["weights"]
    data = table_file.made_by(table.path)["data"]
    assert {path: data[path.relative_to(ROOT).as_posix()] for path in table.files} == {
        path: sha256(path) for path in table.files
    }


def test_every_learned_file_is_registered() -> None:
    """No table is shipped that `make tables` does not make."""
    shipped = {path for folder in LEARNED_FOLDERS for path in folder.iterdir() if path.is_file()}
    assert {path for path in shipped if path.name not in NOT_LEARNED} == {table.path for table in TABLES}


def test_the_readme_names_every_data_set_as_it_is_registered() -> None:
    """Source, commit, licence, rows and hash stand in the table that people read."""
    rows = (ROOT / "training" / "README.md").read_text(encoding="utf-8").splitlines()
    for dataset in DATASETS:
        row = next(row for row in rows if row.startswith(f"| `{dataset.name}` |"))
        for fact in (dataset.source, dataset.commit, dataset.licence, f"{dataset.rows:,}", dataset.sha256):
            assert fact in row, dataset.name


def test_the_readme_and_the_model_card_tell_of_every_table() -> None:
    """A table that nobody describes is not shipped."""
    for document in ("training/README.md", "docs/model_card.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        assert [table.path.name for table in TABLES if f"`{table.path.name}`" not in text] == [], document


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
