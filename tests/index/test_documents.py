"""What is stored of a corpus is read back as it was."""

from pathlib import Path

import pytest

from askdoc.index import documents
from askdoc.index.documents import DocumentStore
from askdoc.models import Answer, Provenance, Question, Source

BODY = "Green tea stains less than black tea."


def stored(questions: list[Question], place: Path) -> DocumentStore:
    """A document store of questions without passages."""
    path = place / documents.NAME
    path.write_bytes(documents.dump(questions, []))
    return DocumentStore.open(path)


@pytest.mark.parametrize(
    "provenance",
    [
        None,
        Provenance(),
        Provenance("https://example.org/tea"),
        Provenance("https://example.org/tea", "2026-11-28", "ab" * 32),
    ],
)
def test_where_a_question_came_from_is_kept(provenance: Provenance | None, tmp_path: Path) -> None:
    """Address, date of import and hash come back as they were stored, and nothing is stored where there are none."""
    question = Question("tea", "Tea?", Source("a.jsonl", 1), answers=(Answer("1", BODY),), provenance=provenance)
    store = stored([question], tmp_path)
    assert list(store.pages()) == [question]
    assert store.question(0).provenance == provenance
