"""The parts of a page: its closing words are its disclaimer."""

import pytest

from askdoc.corpus.text_page.page import TextPage
from askdoc.models import Question
from tests.corpus.reading import flat
from tests.corpus.text_page.bylines import CLOSING, HOLM
from tests.corpus.text_page.samples import POE, ROE, bodies, page, read
from tests.corpus.text_page.site_samples import FADES


def test_a_last_answer_without_a_doctor_is_no_disclaimer() -> None:
    """What follows the last doctor on a page that is short of answers is left out, not shown as a disclaimer."""
    question, findings = read(
        page(f"One.\n\n{ROE}", "Two, consult your doctor in an emergency.", claimed=2, disclaimer=None)
    )
    assert question is not None
    assert question.disclaimer is None
    assert bodies(question) == ["One."]
    assert [finding.source.line for finding in findings] == [3, 11]


@pytest.mark.parametrize(
    "disclaimer",
    [
        None,
        "Nobody here has examined you.",
        "For education only.\n\nNot a substitute for a visit.",
        "© The site\n\nThis does not constitute medical advice.",
    ],
)
def test_the_disclaimer_may_be_missing_or_worded_otherwise(disclaimer: str | None) -> None:
    """What closes a page is its disclaimer, in any wording, and no doctor's words."""
    question, findings = read(page(f"One.\n\n{ROE}", f"Two.\n\n{POE}", disclaimer=disclaimer))
    assert question is not None
    assert bodies(question) == ["One.", "Two."]
    if disclaimer and disclaimer.startswith("©"):
        assert question.disclaimer == "This does not constitute medical advice."
        assert [finding.source.line for finding in findings] == [16]
    else:
        assert question.disclaimer == disclaimer
        assert not findings


def test_the_foot_of_a_page_is_no_disclaimer() -> None:
    """Copyright lines and links below the closing words are dropped, and the disclaimer stays whole."""
    text = "\n\n".join(
        [
            "How long?",
            "Doctor Answers 1",
            FADES,
            HOLM,
            CLOSING,
            "© 2015 The Site. All rights reserved.",
            "Terms | Privacy | Help",
        ]
    )
    question, *remarks = flat(TextPage(), "page.txt", text.encode())
    assert isinstance(question, Question)
    assert question.disclaimer == CLOSING
    assert len(remarks) == 1
