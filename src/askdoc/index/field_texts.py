"""Fields of vectors: the text that each row stands for."""

from collections.abc import Sequence

import numpy as np

from askdoc.embedder import Side
from askdoc.index.protocol import OpenedIndex, StoredDocuments
from askdoc.models import Passage, Question
from askdoc.text import visible

SIDES = {"question": Side.QUERY, "passage": Side.DOCUMENT}
"""The side of a search that each field's texts are embedded on.

Stored questions are compared with what is asked, as like with like, and with each other, and a calibration asks them:
for comparisons between texts of one kind, models with prompts are to be told that both are queries (the cards of E5).
"""
ALIGNED = 0.99
"""The least cosine between a stored vector and that of its text embedded again; half precision costs 0.0001."""


def file_of(field: str) -> str:
    """The file of a generation that holds the vectors of a field."""
    return f"vectors-{field}.faiss"


def texts(questions: Sequence[Question], passages: Sequence[Passage]) -> dict[str, list[str]]:
    """The texts to be embedded for every field: of all titles, to find those that say something, and of all passages.

    What nobody sees is not embedded.
    """
    return {
        "question": [visible(question.title) for question in questions],
        "passage": [visible(passage.text) for passage in passages],
    }


def text(documents: StoredDocuments, field: str, row: int) -> str:
    """The text of one row, out of an index."""
    if field == "question":
        return visible(documents.question(int(documents.titled[row])).title)
    return visible(documents.passage(row).text)


def misaligned(index: OpenedIndex, *, most: int) -> list[str]:
    """Sentences about rows whose vector is not that of their text; at most ``most`` rows of each field are compared."""
    problems = []
    for field, count in index.manifest.fields.items():
        rows = evenly_spaced(count, most)
        vectors = index.embedder.encode([text(index.documents, field, row) for row in rows], side=SIDES[field])
        for row, vector in zip(rows, vectors, strict=True):
            score = float(index.scores(field, vector, np.array([row], np.int64))[0])
            if not score >= ALIGNED:
                problems.append(f"Row {row} of {file_of(field)} is not its text's vector (cosine {score:.3f}).")
    return problems


def evenly_spaced(count: int, most: int) -> Sequence[int]:
    """At most ``most`` numbers below ``count``, evenly spaced, the first and the last among them."""
    return sorted({round(place) for place in np.linspace(0, count - 1, min(count, most))}) if count else []
