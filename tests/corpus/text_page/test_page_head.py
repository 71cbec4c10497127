"""The lines above the answers: title, details, and boilerplate that is neither."""

import pytest

from tests.corpus.text_page.bylines import AMES, HOLM
from tests.corpus.text_page.samples import ROE, clean
from tests.corpus.text_page.site_samples import FADES, SLOWS, read_site_page, require_untouched


def test_details_stand_between_the_title_and_the_counter() -> None:
    """Further lines above the counter are the details, questions and paragraphs included."""
    question = clean(
        f"\n Does cold help? \n\nI fell. Is it broken?\nWhat now?\n\nI am 40.\n\nDoctor Answers 1\n\nNo.\n\n{ROE}"
    )
    assert question.title == "Does cold help?"
    assert question.details == "I fell. Is it broken?\nWhat now?\n\nI am 40."
    assert question.source.line == 2


@pytest.mark.parametrize(
    "above",
    [
        "Ask a doctor",
        "Home > Skin > Bruises",
        "Home › Questions › Bruises",
        "Questions » Skin",
        "Home / Skin / Bruises",
        "Home | Skin | Bruises",
        "Home\n>\nSkin\n>\nBruises",
        "Log in\n\nSign up\n\nMenu",
        "We use cookies to improve your visit.",
        "Skip to content\nHome > Skin > Bruises\n\nAsk a doctor",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_what_stands_above_a_question_is_no_title(above: str, gap: str) -> None:
    """Bread crumbs and buttons above the question are dropped, with a remark on their line."""
    head = f"{above}{gap}How long does it last?\n\nI fell on Monday."
    question, findings = read_site_page("Patience", FADES, HOLM, "Cold helps", SLOWS, AMES, head=head)
    assert require_untouched(question).source.line == head[: head.index("How")].count("\n") + 1
    assert findings
    assert all(finding.kept and "part of the site" in finding.reason for finding in findings)
    assert findings[0].source.line == 1


@pytest.mark.parametrize(
    "line",
    [
        "Topics: swelling, legs",
        "Asked by anna22 in Toledo, OH",
        "2 years ago",
        "Posted on March 3, 2015",
        "Share",
        "1,204 views",
        "Medically reviewed by Cara Lund, MD",
        "Reviewed by\nCara Lund, MD",
    ],
)
def test_what_stands_below_a_question_is_no_detail(line: str) -> None:
    """Key words, the asker's name and dates are no part of what was asked."""
    question, findings = read_site_page(
        "Patience",
        FADES,
        HOLM,
        "Cold helps",
        SLOWS,
        AMES,
        head=f"How long does it last?\n\nI fell on Monday.\n\n{line}",
    )
    require_untouched(question)
    assert [finding.source.line for finding in findings] == [5]
