"""What is embedded, by field: each question's title, and each passage by itself."""

import io
from collections.abc import Sequence

import numpy as np

from askdoc.index.texts import Texts
from askdoc.models import Passage, Question
from askdoc.store import Vectors
from askdoc.text import visible

SAFETY = "vectors-safety.npy"
"""The file with the inner vectors of ``safety.examples()``: (examples, width) float32."""


def dump_array(array: Vectors) -> bytes:
    """The bytes of a ``.npy`` file."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def file_of(field: str) -> str:
    """The file of a generation that holds the vectors of a field."""
    return f"vectors-{field}.faiss"


def embedded(questions: Sequence[Question], cut: Sequence[Passage]) -> dict[str, list[str]]:
    """The texts of every field, by row; what nobody sees is not embedded."""
    return {
        "question": [visible(question.title) for question in questions],
        "passage": [visible(passage.text) for passage in cut],
    }


def text(words: Texts, field: str, row: int) -> str:
    """The text of one row, out of an index."""
    return visible(words.question(row).title if field == "question" else words.passage(row).text)
