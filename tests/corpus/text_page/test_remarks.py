"""Remarks: what a person should check on a page that is used."""

from tests.corpus.text_page.bruise_samples import LONG, LONGER, THIRD, bruise_page
from tests.corpus.text_page.bylines import AMES, HOLM, LUND
from tests.corpus.text_page.samples import DISCLAIMER, page, read
from tests.corpus.text_page.site_samples import FADES, SLOWS, read_site_page


def test_a_page_without_answers_is_named() -> None:
    """A page that says it has no answers is kept, and the report names it."""
    question, (finding,) = read(page())
    assert question is not None
    assert (question.answers, question.disclaimer) == ((), DISCLAIMER)
    assert (finding.kept, finding.source.line, finding.reason) == (True, 3, "The page holds no answers.")


def test_an_advertisement_within_an_answer_stays_and_is_pointed_out() -> None:
    """What stands between a doctor's paragraphs is kept to the letter, with a remark where it is hardly theirs."""
    question, (finding,) = read_site_page("Patience", FADES, "Advertisement", FADES, HOLM, "Cold helps", SLOWS, AMES)
    assert question is not None
    assert question.answers[0].body == f"{FADES}\n\nAdvertisement\n\n{FADES}"
    assert (finding.kept, finding.source.line) == (True, 11)


def test_a_single_line_within_an_answer_that_could_head_another_is_pointed_out() -> None:
    """Where each answer has a headline and one holds another such line, a doctor may be lost and the number changed."""
    text = bruise_page("Patience", LONG, "Cold helps", LONGER, AMES, "Arnica", f"{THIRD} So it is.", LUND, claimed=2)
    question, (finding,) = read(text)
    assert question is not None
    assert (finding.kept, finding.source.line) == (True, text[: text.index("Cold helps")].count("\n") + 1)


def test_subheadings_are_not_pointed_out() -> None:
    """Several such lines in an answer, or in several answers, are subheadings."""
    two = ("First things first", LONG, "And then the cold", LONGER)
    assert not read(bruise_page("Patience", LONG, *two, HOLM, "Cold helps", LONGER, AMES))[1]
    one = ("When to worry", LONG)
    assert not read(bruise_page("Patience", LONG, *one, HOLM, "Cold helps", LONGER, *one, AMES))[1]
