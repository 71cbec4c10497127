"""Bread crumbs above a question, one to a line."""

import pytest

from tests.corpus.text_page.bylines import AMES, HOLM
from tests.corpus.text_page.site_samples import FADES, SLOWS, read_site_page


@pytest.mark.parametrize(
    "above",
    [
        "Home\n\nQuestions\n\nBruises",
        "Home\nQuestions\nBruises",
        "Home\n\n›\n\nQuestions\n\n›\n\nBruises",
        "Home >\n\nSkin",
        "Home\n\nDoctor Q&A\n\nBruises and Swelling",
        "All Questions\n\nBruises",
        "Questions",
        "Log in\n\nJoin now",
        "← Back to all questions",
        "Search for doctors, treatments...",
        "Subscribe to our newsletter",
        "Advertisement\n\nLog in",
        "bruise-2.html",
        "https://example.org/bruise",
        "Written by The Site's staff",
        "Medically reviewed by: Cara Lund, MD, FACS\nPlastic Surgeon",
    ],
)
@pytest.mark.parametrize("details", ["I fell on Monday.", None])
def test_no_step_of_the_way_to_a_page_is_its_title(above: str, details: str | None) -> None:
    """Steps with blank lines between, menus and addresses above a question are dropped with a remark."""
    head = "\n\n".join(filter(None, [above, "How long does it last?", details]))
    question, findings = read_site_page("Patience", FADES, HOLM, "Cold helps", SLOWS, AMES, head=head)
    assert question is not None
    assert (question.title, question.details) == ("How long does it last?", details)
    assert findings[0].source.line == 1


@pytest.mark.parametrize("title", ["Itchy scalp", "Swollen Lower Lids Again", "Can I fly?", "Crown hurts when I bite"])
@pytest.mark.parametrize("details", ["It has been two weeks now.", "any ideas", None])
def test_a_short_title_below_the_way_to_the_page_is_no_step(title: str, details: str | None) -> None:
    """The last short line above prose, or above the counter, is the question."""
    head = "\n\n".join(filter(None, ["Home", "Questions", "Skin", title, details]))
    question, _ = read_site_page("Patience", FADES, HOLM, head=head)
    assert question is not None
    assert (question.title, question.details) == (title, details)


def test_short_lines_without_a_beginning_of_a_way_are_the_question_and_its_details() -> None:
    """Nothing is taken for a step where no line begins the way to the page."""
    question, findings = read_site_page(
        "Patience", FADES, HOLM, "Cold helps", SLOWS, AMES, head="Bruises\n\nMy left leg"
    )
    assert question is not None
    assert (question.title, question.details, findings) == ("Bruises", "My left leg", [])
