"""Parsing a page without a counter: the hint says where it should stand."""

import pytest

from tests.corpus.text_page.bylines import HOLM
from tests.corpus.text_page.counter_samples import HEAD
from tests.corpus.text_page.samples import read


@pytest.mark.parametrize(
    "near", ["Doctor Answers many", "Doctor Answers: two", "Answers from our doctors", "Doctor Answers 2 of 5"]
)
def test_the_hint_shows_the_line_that_is_nearly_a_counter(near: str) -> None:
    """The report names the line, what it says and what it should say."""
    question, (finding,) = read(f"{HEAD}\n\n{near}\n\nIt fades.\n\nIt slows.\n\n{HOLM}")
    assert question is None
    assert finding.hint == f"Line 5 says '{near}': write 'Doctor Answers 2' there."
