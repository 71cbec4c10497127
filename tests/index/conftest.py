"""An index of two generations."""

from pathlib import Path

import pytest

from tests.making import edit, make


@pytest.fixture
def two(corpus_folder: Path, tmp_path: Path) -> Path:
    """An index of two generations."""
    make(corpus_folder, tmp_path / "index")
    edit(corpus_folder)
    make(corpus_folder, tmp_path / "index")
    return tmp_path / "index"
