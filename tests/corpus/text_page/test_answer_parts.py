"""The parts of an answer: headline, votes and body."""

import pytest

from tests.corpus.text_page.samples import POE, RESIDUE, ROE, clean, only, page


@pytest.mark.parametrize("line", ["+3", RESIDUE])
def test_a_vote_line_without_a_headline_begins_the_body(line: str) -> None:
    """Where no headline stands above the votes, a short first line below them is text."""
    answer = only(f"{line}\n\nCold packs\n\nIce helps.\n\n{ROE}")
    assert (answer.headline, answer.body) == (None, "Cold packs\n\nIce helps.")


@pytest.mark.parametrize(
    "headline", ["Does it help?", "Yes!", "Cold:", "Dr. Google is wrong.", "Board Certified Plastic Surgeon"]
)
def test_any_line_above_votes_is_the_headline(headline: str) -> None:
    """A headline may end as a sentence does where a vote line marks it, also after another answer."""
    question = clean(page(f"One.\n\n{ROE}", f"{headline}\n\n{RESIDUE}\n\nIce helps.\n\n{POE}"))
    assert [(a.headline, a.body) for a in question.answers] == [(None, "One."), (headline, "Ice helps.")]


def test_an_answer_of_a_headline_alone_keeps_its_words() -> None:
    """Where no body follows the votes, the words above them are the answer."""
    first, second = clean(page(f"Use ice\n\n+1\n\n{ROE}", f"Wait\n\n+2\n\nIt fades.\n\n{POE}")).answers
    assert (first.body, first.headline, first.author.name) == ("Use ice", None, "Jane Roe, MD")
    assert (second.body, second.headline) == ("It fades.", "Wait")
