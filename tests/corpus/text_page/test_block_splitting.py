"""Splitting into blocks: bylines and vote lines are blocks of their own where blank lines lack or abound."""

import re

import pytest

from tests.corpus.text_page.samples import DISCLAIMER, LEE, POE, ROE, bodies, clean, only, page


@pytest.mark.parametrize("gap", ["\n\n", "\n\n\n\n"])
def test_a_byline_with_blank_lines_between_its_lines_is_one(gap: str) -> None:
    """A title or stars that stand apart from the name are still that doctor's, not the next one's headline."""
    question = clean(page(f"One.\n\n{ROE.replace(chr(10), gap)}", f"Two.\n\n{POE.replace(chr(10), gap)}"))
    plain = clean(page(f"One.\n\n{ROE}", f"Two.\n\n{POE}"))
    assert question.answers == plain.answers


@pytest.mark.parametrize("sign", ["Best of luck", "Dr. Roe", "Hope this helps!"])
def test_a_greeting_glued_to_the_doctors_lines_stays_in_the_body(sign: str) -> None:
    """Without blank lines, the doctor's own lines begin at the name."""
    answer = only(f"Ice helps.\n{sign}\n{ROE}")
    assert (answer.body, answer.author.name) == (f"Ice helps.\n{sign}", "Jane Roe, MD")


def test_a_page_without_blank_lines_is_read() -> None:
    """Blocks that are glued together come apart at the counter, the vote lines and the doctors."""
    for doctors in ((ROE, POE), (LEE, "Capital City Urologist")):
        text = page(
            f"Cold\n\n+3\n\nIce helps.\nTwice a day.\n\n{doctors[0]}", f"Heat\n\n-1\n\nIt fades.\n\n{doctors[1]}"
        )
        glued = clean(re.sub(r"\n\n+", "\n", text))
        assert [(a.headline, a.votes, a.body, a.author) for a in glued.answers] == [
            (a.headline, a.votes, a.body, a.author) for a in clean(text).answers
        ]
        assert glued.disclaimer == DISCLAIMER


def test_a_doctor_glued_to_the_body_is_found() -> None:
    """A doctor's lines that end a paragraph without a blank line do not fall to the next doctor."""
    for doctor, other in [
        ("Jane Roe, MD\nSpringfield Dermatologist", LEE),
        ("Jane Roe, MD", "Ann Lee, DDS"),
        ("Springfield Dermatologist", LEE),
    ]:
        question = clean(page(f"Ice helps.\n{doctor}", f"Heat\n\nIt fades.\n\n{other}"))
        assert bodies(question) == ["Ice helps.", "It fades."]
