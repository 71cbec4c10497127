"""The counter: in every form that pages have, missing, or nearly there."""

import pytest

from tests.corpus.text_page.counter_samples import ANSWERS, HEAD, require_whole
from tests.corpus.text_page.samples import ROE, bodies, clean, read


@pytest.mark.parametrize(
    "counter", ["Doctor Answers 1", "doctor answer 1", "Doctor Answers (1)", " Doctor\xa0Answers: 1 "]
)
def test_the_counter_may_be_written_otherwise(counter: str) -> None:
    """The counter is known by its words and its number."""
    assert bodies(clean(f"Q?\n\n{counter}\n\nNo.\n\n{ROE}")) == ["No."]


@pytest.mark.parametrize(
    "counter",
    [
        "Doctor Answers 2",
        "Doctors Answers 2",
        "Doctors' Answers 2",
        "Doctor’s Answers: 2",
        "2 Doctor Answers",
        "2 Doctors’ Answers",
        "2 doctor answers",
        "Doctor Answers (2)",
        "(2) Doctor Answers",
        "Doctor Answers - 2",
        "2 Doctors Answered",
        "2 Answers from Board-Certified Doctors",
        "All Answers (2)",
        "Doctor Answers\n2",
        "Doctor Answers\n\n(2)",
        "Doctor\u00a0Answers\u00a02",
        "Doctor Answers\u200b 2",
        "\u200eDoctor Answers 2\u200e",
        "\u200fDoctor\u200b Answers\u2060 (2)\ufeff",
        "\ufeffDoctor Answers 2",
        "Doctor Answers ２",
        "Physician Answers 2",
        "2 answers from doctors",
        "Answers (2)",
        "Answers: 2",
        "2 answers",
        "2 Answers",
    ],
)
def test_the_counter_is_known_in_every_form(counter: str) -> None:
    """Number first or last, in brackets, on the next line, among invisible characters: the page is read."""
    question, findings = read(f"{HEAD}\n\n{counter}\n\n{ANSWERS}")
    require_whole(question)
    assert not findings


@pytest.mark.parametrize("number", ["1,204", "1.204", "1 204", "1204", "1’204"])
def test_thousands_are_one_number(number: str) -> None:
    """Marks of thousands do not end a number."""
    question, (finding,) = read(f"{HEAD}\n\nDoctor Answers {number}\n\n{ANSWERS}")
    require_whole(question)
    assert finding.reason == "The page says it has 1204 answers; 2 could be read."
