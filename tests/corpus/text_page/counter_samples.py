"""The answers of a page whose counter is written in many ways."""

from askdoc.models import Question
from tests.corpus.text_page.bylines import AMES, HOLM

ANSWERS = f"Patience\n\nIt fades. It is so.\n\n{HOLM}\n\nCold helps\n\nIt slows. It is so.\n\n{AMES}"


HEAD = "How long?\n\nI fell on Monday."


def require_whole(question: Question | None) -> None:
    assert question is not None
    assert (question.title, question.details) == ("How long?", "I fell on Monday.")
    assert [(a.headline, a.body, a.author.name) for a in question.answers] == [
        ("Patience", "It fades. It is so.", "Anna Holm, MD"),
        ("Cold helps", "It slows. It is so.", "Bert Ames, DO"),
    ]
