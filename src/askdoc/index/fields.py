"""What is embedded, by field: each question's title; each passage below its question's title."""

from collections.abc import Sequence

from askdoc.index.texts import Texts
from askdoc.models import Passage, Question

FIELDS = ("question", "both")


def file_of(field: str) -> str:
    """The file of a generation that holds the vectors of a field."""
    return f"vectors-{field}.faiss"


def embedded(questions: Sequence[Question], cut: Sequence[Passage]) -> dict[str, list[str]]:
    """The texts of every field, by row."""
    return {
        "question": [question.title for question in questions],
        "both": [_both(passage) for passage in cut],
    }


def text(words: Texts, field: str, row: int) -> str:
    """The text of one row, out of an index."""
    return words.question(row).title if field == "question" else _both(words.passage(row))


def _both(passage: Passage) -> str:
    return f"{passage.question.title}\n{passage.text}"
