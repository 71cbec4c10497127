"""JSON in other layouts than one record to a line."""

import json

import pytest

from askdoc.corpus.reader import Finding
from askdoc.models import Question
from tests.corpus.json_lines import A, B, lines, read

ARRAYS = [
    json.dumps([A, B]),
    json.dumps([A, B], indent=2),
    f"[\n{json.dumps(A)},\n{json.dumps(B)}\n]\n",
    f"\ufeff[{json.dumps(A)}\r\n,\r\n{json.dumps(B)}]",
    f"{json.dumps(A, indent=4)}\n{json.dumps(B, indent=4)}\n",
    f"[{json.dumps(A)}]\n[{json.dumps(B)}]\n",
]


@pytest.mark.parametrize("written", ARRAYS)
def test_json_in_another_layout_is_read_with_a_remark(written: str) -> None:
    """An array, or objects over several lines, hold the same records; each has its line and an id of its own."""
    first, second, remark = read(written.encode())
    assert isinstance(first, Question)
    assert isinstance(second, Question)
    assert isinstance(remark, Finding)
    assert [first.id, first.title, second.id, second.title] == ["folder/file-1", "A?", "b", "B?"]
    assert remark.kept
    assert "not JSONL" in remark.reason
    line = written.replace("\r\n", "\n")[: written.replace("\r\n", "\n").index("B?")].count("\n") + 1
    assert line - second.source.line in (0, 2)  # the line of the title, or of the brace two lines above it


def test_an_array_that_breaks_off_keeps_what_is_whole() -> None:
    """What stands before the damage is read, and the rest is one row left out with its line."""
    first, broken = read(f"[\n{json.dumps(A)},\n{json.dumps(B)[:-9]}".encode())
    assert isinstance(first, Question)
    assert isinstance(broken, Finding)
    assert (broken.kept, broken.source.line) == (False, 3)
    assert "From here on the file cannot be read" in broken.reason


def test_a_broken_object_over_several_lines_is_one_row() -> None:
    """Pretty-printed JSON that is damaged is told of once, not once for each of its lines."""
    (broken,) = read(json.dumps(A, indent=2)[:-3].encode())
    assert isinstance(broken, Finding)
    assert not broken.kept


def test_line_ends_of_old_systems_part_records() -> None:
    """A lone CR ends a line, for no text in JSON can hold one."""
    assert len(read(lines(A, B).replace(b"\n", b"\r"))) == 2
