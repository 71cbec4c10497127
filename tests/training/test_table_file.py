"""Files of learned tables: the same content gives the same bytes, and what is read back is what was written."""

import json
from pathlib import Path

import numpy as np
import pytest

from training import table_file
from training.table_file import TableContent

MADE_BY = {"command": "python -m training.tables x", "seed": 0}
ARRAYS = TableContent({"format": 2}, {"a": np.arange(6, dtype=np.int8).reshape(2, 3)}, {"names": ["one", "two"]})


def test_a_table_without_arrays_is_readable_json(tmp_path: Path) -> None:
    """The head comes first, and what is short stays on one line."""
    path = tmp_path / "x.json"
    table_file.write(path, TableContent({"bias": 1.5, "weights": {"a": [1, 2]}}), made_by=MADE_BY)
    assert json.loads(path.read_text(encoding="utf-8")) == {"made_by": MADE_BY, "bias": 1.5, "weights": {"a": [1, 2]}}
    assert table_file.made_by(path) == MADE_BY


def test_a_long_object_has_a_line_for_each_entry() -> None:
    """A change of one weight is a change of one line."""
    text = table_file.readable({"weights": {f"feature {n}": n / 7 for n in range(20)}, "bias": 1})
    assert len(text.splitlines()) == 25
    assert json.loads(text)["bias"] == 1


def test_a_table_of_arrays_is_read_without_objects(tmp_path: Path) -> None:
    """Arrays, names and head come back, and pickles are never needed."""
    path = tmp_path / "x.npz"
    table_file.write(path, ARRAYS, made_by=MADE_BY)
    members = np.load(path, allow_pickle=False)
    np.testing.assert_array_equal(members["a"], ARRAYS.arrays["a"])
    assert members["names.txt"] == b"one\ntwo\n"
    assert json.loads(members["head.json"]) == {"made_by": MADE_BY, "format": 2}
    assert table_file.made_by(path) == MADE_BY


@pytest.mark.parametrize("name", ["x.json", "x.npz"])
def test_equal_content_gives_equal_bytes(tmp_path: Path, name: str) -> None:
    """No time of day is in a table."""
    content = ARRAYS if name.endswith("npz") else TableContent({"bias": 0.1})
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        table_file.write(tmp_path / folder / name, content, made_by=MADE_BY)
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()
