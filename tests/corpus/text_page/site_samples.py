"""A page of two answers to which a site's lines are added, and what must be read of it all the same."""

from askdoc.corpus.reader import Finding
from askdoc.corpus.text_page.page import TextPage
from askdoc.models import Question
from tests.corpus.reading import flat
from tests.corpus.text_page.bylines import CLOSING

FADES, SLOWS = "It fades within 12 days. It turns yellow first.", "Cold slows the swelling. Keep the leg up."


def read_site_page(
    *blocks: str, head: str = "How long does it last?\n\nI fell on Monday."
) -> tuple[Question | None, list[Finding]]:
    text = "\n\n".join([head, "Doctor Answers 2", *blocks, CLOSING])
    items = list(flat(TextPage(), "page.txt", text.encode()))
    questions = [item for item in items if isinstance(item, Question)]
    return (questions[0] if questions else None), [item for item in items if isinstance(item, Finding)]


def require_untouched(question: Question | None) -> Question:
    """The question, after a look at all that must be as if the page had none of the site's lines."""
    assert question is not None
    assert (question.title, question.details) == ("How long does it last?", "I fell on Monday.")
    assert question.disclaimer == CLOSING
    assert [(a.headline, a.body, a.author.name, a.author.title, a.author.rating) for a in question.answers] == [
        ("Patience", FADES, "Anna Holm, MD", "Toledo Plastic Surgeon", 4.8),
        ("Cold helps", SLOWS, "Bert Ames, DO", "Boise Physician", 4.2),
    ]
    return question
