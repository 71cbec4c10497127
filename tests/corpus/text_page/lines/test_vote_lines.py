"""Vote lines: their number, or none where the site's template left only residue."""

import pytest

from tests.corpus.text_page.samples import RESIDUE, ROE, only


@pytest.mark.parametrize(
    ("line", "votes"),
    [
        ("+3", 3),
        ("-2", -2),
        ("−2", -2),
        ("+1,204", 1204),
        ("  +3  ", 3),
        (RESIDUE, None),
        (f"{RESIDUE}\n+4", 4),
        ("0", 0),
        ("0 votes", 0),
        ("1 vote", 1),
        ("3 likes", 3),
        ("-1 votes", -1),
        ("Votes: 12", 12),
        ("+3\u200b", 3),
    ],
)
def test_a_vote_line_is_votes_and_not_text(line: str, votes: int | None) -> None:
    """A number is the votes, residue of the template is unknown votes; neither is part of the answer."""
    answer = only(f"Cold\n\n{line}\n\nIce helps.\n\n{ROE}")
    assert (answer.headline, answer.votes, answer.body) == ("Cold", votes, "Ice helps.")
