"""An evaluation as text."""

import pytest

from askdoc.cli.render.evaluation import evaluation_text
from askdoc.cli.terminal import Glyphs
from askdoc.evaluation import metrics
from tests.evaluation.scripted import QRELS, QUERIES, Scripted


def lines(text: str) -> list[str]:
    """The lines with single spaces."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_wrong_silence_and_wrong_answers_are_told_with_counts_and_interval() -> None:
    """Each in a line of the table, and in a sentence that says what it means."""
    text = evaluation_text(metrics.evaluate(Scripted(), QUERIES, QRELS), Glyphs())
    assert "wrong silence 0 of 1 0.0 % 0.0–79.3 %" in lines(text)
    assert "wrong answers 1 of 2 50.0 % 9.5–90.5 %" in lines(text)
    assert "AUROC, answerable or not 2 and 2 100.0 % 38.6–100.0 %" in lines(text)
    assert "- Wrong silence: of 1 questions" in text


@pytest.mark.parametrize(("glyphs", "dash"), [(Glyphs(), "–"), (Glyphs.fit("ascii"), "-")])
def test_what_was_not_asked_has_no_number(glyphs: Glyphs, dash: str) -> None:
    """A dash stands for it, and a sentence says what to add."""
    queries = {"q1": "one", "q2": "two"}
    text = evaluation_text(metrics.evaluate(Scripted(), queries, QRELS), glyphs)
    assert f"wrong answers 0 of 0 {dash} {dash}" in lines(text)
    assert "Add questions" in " ".join(text.split())
    assert " nan" not in text
    assert text.isascii() == (dash == "-")
