"""Classifying a line as boilerplate: only whole lines of the listed forms."""

import pytest

from askdoc.corpus.text_page.lines import boilerplate
from tests.corpus.text_page.bylines import AMES, HOLM
from tests.corpus.text_page.site_samples import FADES, SLOWS, read_site_page


@pytest.mark.parametrize(
    "sentence",
    [
        "I reviewed this by hand.",
        "Share your worries with a doctor.",
        "Was this helpful in your case, then?",
        "More of the same.",
        "Home care, rest and ice help.",
        "Tags on the skin are harmless.",
        "Sort by size and colour.",
        "Report any fever at once.",
    ],
)
def test_a_sentence_is_never_a_part_of_the_site(sentence: str) -> None:
    """Only whole lines of the listed forms are on the list, not sentences that begin alike."""
    assert boilerplate.kind(sentence) is None
    for body in (f"{sentence}\n\n{FADES}", f"{FADES}\n\n{sentence}", f"{FADES}\n{sentence}"):
        question, findings = read_site_page("Patience", body, HOLM, "Cold helps", SLOWS, AMES)
        assert question is not None
        assert question.answers[0].body == body
        assert not findings
