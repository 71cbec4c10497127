"""An index is asked what it should know."""

from pathlib import Path

import pytest

from askdoc.errors import UsageError
from askdoc.evaluation import known_items
from tests.making import make_whole, opened, responder


def test_stored_questions_find_their_own_page(corpus_folder: Path, tmp_path: Path) -> None:
    """Each comes first for its own title; one that does not is named."""
    index = tmp_path / "index"
    make_whole(corpus_folder, index)
    made = opened(index)
    questions = known_items.stored(made.documents, 10)
    assert [asked.question_id for asked in questions] == ["bruise", "tea"]
    assert list(known_items.missed(responder(made), questions)) == []
    assert list(known_items.missed(responder(made), [known_items.Golden("green tea and teeth", "bruise")])) == [
        "The question of bruise finds tea first."
    ]


def test_golden_questions_come_from_a_file(tmp_path: Path) -> None:
    """A line that is none is named."""
    path = tmp_path / "golden.jsonl"
    path.write_text('{"question": "Tea?", "question_id": "tea"}\n\n', encoding="utf-8")
    assert known_items.read(path) == [known_items.Golden("Tea?", "tea")]
    for line in ('{"question": "Tea?"}', "[]", "no", '{"question": " ", "question_id": "tea"}'):
        path.write_text(line, encoding="utf-8")
        with pytest.raises(UsageError, match=r"golden\.jsonl:1 is no golden question"):
            known_items.read(path)
    with pytest.raises(UsageError, match="cannot be read"):
        known_items.read(tmp_path / "gone")
