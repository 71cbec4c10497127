"""Data sets: only the registered files are read, and who lacks one is told where it comes from."""

import gzip
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from training.datasets import DATASETS, DataError, Dataset, MissingDataError, half, set_apart

ROWS = [{"id": 1, "text": "a line separator \u2028 inside"}, {"id": 2, "text": "b"}]
DATA = gzip.compress("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode(), mtime=0)
SET = Dataset("x", "https://example.org/x", "abc1234", "CC BY 4.0", hashlib.sha256(DATA).hexdigest(), len(ROWS))


def test_a_registered_file_is_read(tmp_path: Path) -> None:
    """A row for each line, whatever characters are in it."""
    (tmp_path / SET.file).write_bytes(DATA)
    assert list(SET.read(tmp_path)) == ROWS


def test_a_missing_file_says_where_it_comes_from(tmp_path: Path) -> None:
    """Source, commit, licence and what to do."""
    told = r"missing.*example\.org/x at commit abc1234 \(CC BY 4\.0\).*ASKDOC_DATA"
    with pytest.raises(MissingDataError, match=told):
        SET.read(tmp_path)


def test_another_file_is_refused(tmp_path: Path) -> None:
    """A table would name a hash that it was not learned from."""
    (tmp_path / SET.file).write_bytes(DATA)
    with pytest.raises(DataError, match="not the registered file"):
        replace(SET, sha256="0" * 64).read(tmp_path)


def test_sets_are_named_once_and_hashed() -> None:
    """The registry has a full hash and a source for each."""
    assert len({dataset.name for dataset in DATASETS}) == len(DATASETS)
    for dataset in DATASETS:
        assert len(dataset.sha256) == 64
        assert dataset.source.startswith("https://")


def test_halves_do_not_depend_on_the_order_of_anything() -> None:
    """The half of a topic is a fixed function of its name, and about a fifth of either is set apart."""
    names = [f"topic {n}" for n in range(2_000)]
    assert 900 < sum(map(half, names)) < 1_100
    assert 340 < sum(map(set_apart, names)) < 460
    assert [half(name) for name in names[:6]] == [1, 1, 0, 0, 1, 0]
