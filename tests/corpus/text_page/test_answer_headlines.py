"""Headlines: what ends in a mark is one only where the page speaks for it."""

import pytest

from tests.corpus.text_page.samples import POE, ROE, clean, only, page

LONG = "Ice helps on the first day. It fades within two weeks, and there is nothing that you have to do for it."


@pytest.mark.parametrize(
    "headline",
    [
        "Is this normal for a cut?",
        "Do not rub it!",
        "Hard to say from here...",
        "It depends on the leg…",
        "“Ice packs” help!",
    ],
)
def test_a_line_that_asks_calls_or_trails_off_is_a_headline(headline: str) -> None:
    """Without votes, such a line above a longer text is one on a page of one answer, or where all others have one."""
    assert only(f"{headline}\n\n{LONG}\n\n{ROE}").headline == headline
    question = clean(page(f"Cold\n\n{LONG}\n\n{ROE}", f"{headline}\n\n{LONG}\n\n{POE}"))
    assert [(a.headline, a.body) for a in question.answers] == [("Cold", LONG), (headline, LONG)]
    question = clean(page(f"{LONG}\n\n{ROE}", f"{headline}\n\n{LONG}\n\n{POE}"))
    assert [(a.headline, a.body) for a in question.answers] == [(None, LONG), (None, f"{headline}\n\n{LONG}")]


@pytest.mark.parametrize(
    "headline", ["Swelling is normal.", "Rest, ice, time;", "Three things to do:", "Cold, then warmth,"]
)
def test_a_short_sentence_is_a_headline_where_every_other_answer_has_one(headline: str) -> None:
    """The page must speak for it: alone, or where others have none, it is the first paragraph."""
    question = clean(page(f"Cold\n\n{LONG}\n\n{ROE}", f"{headline}\n\n{LONG}\n\n{POE}"))
    assert [(a.headline, a.body) for a in question.answers] == [("Cold", LONG), (headline, LONG)]
    assert only(f"{headline}\n\n{LONG}\n\n{ROE}").body == f"{headline}\n\n{LONG}"


@pytest.mark.parametrize(
    "greeting", ["Thanks for the question.", "Hi Joe,", "Great question!", "Dear Joe", "Hello!", "Good luck to you!"]
)
def test_a_greeting_is_no_headline(greeting: str) -> None:
    """What a doctor says to the asker is the beginning of their words."""
    question = clean(page(f"Cold\n\n{LONG}\n\n{ROE}", f"{greeting}\n\n{LONG}\n\n{POE}"))
    assert [(a.headline, a.body) for a in question.answers] == [("Cold", LONG), (None, f"{greeting}\n\n{LONG}")]


def test_without_votes_a_sentence_is_no_headline() -> None:
    """Only a short line that does not end as a sentence is taken for a headline."""
    question = clean(page(f"Cold\n\nIce helps.\n\n{ROE}", f"Do wait.\n\nIt fades.\n\n{POE}"))
    assert [(a.headline, a.body) for a in question.answers] == [("Cold", "Ice helps."), (None, "Do wait.\n\nIt fades.")]
