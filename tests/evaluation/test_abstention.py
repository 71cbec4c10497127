"""Wrong silence is told beside wrong answers."""

import math

import pytest

from askdoc.evaluation.abstention import Abstention, Outcome
from askdoc.evaluation.intervals import Auroc, Share

RIGHT = Outcome(answerable=True, first_fits=True, three_fit=True, refused=False, certainty=2.0)
SILENT = RIGHT._replace(refused=True, certainty=-1.0)
SECOND = RIGHT._replace(first_fits=False, certainty=0.5)
MISSED = RIGHT._replace(first_fits=False, three_fit=False, refused=True, certainty=0.0)
FOREIGN = Outcome(answerable=False, first_fits=False, three_fit=False, refused=True, certainty=-math.inf)
ANSWERED = FOREIGN._replace(refused=False, certainty=1.0)
ABSTENTION = Abstention.of([RIGHT, RIGHT, SILENT, SECOND, MISSED, FOREIGN, FOREIGN, ANSWERED])


def test_both_errors_are_counted_over_the_questions_that_can_suffer_them() -> None:
    """Refused of those whose first answer fits, answered of those without any; the certainty is judged by pairs."""
    assert ABSTENTION.wrong_silence == Share(1, 3)
    assert ABSTENTION.wrong_answers == Share(1, 3)
    assert ABSTENTION.auroc_three == Auroc(13 / 16, 4, 4)
    assert ABSTENTION.auroc_answerable == Auroc(12 / 15, 5, 3)


def test_each_figure_is_explained_with_its_counts() -> None:
    """A sentence says what it means and what to do."""
    silence, answers, three, answerable, _ = ABSTENTION.sentences()
    assert "of 3 questions whose first answer fits, 1 got no answer" in silence
    assert "titles that say what they are about" in silence
    assert "of 3 questions without a fitting answer, 1 got one all the same" in answers
    assert "add pages" in answers
    assert "81.2 % of all pairs" in three
    assert "80.0 % of all pairs" in answerable


@pytest.mark.parametrize(
    ("outcomes", "row", "words"),
    [
        ([FOREIGN, ANSWERED], 0, "no question's first answer fits"),
        ([RIGHT, SILENT], 1, "Add questions that the corpus does not answer"),
        ([RIGHT, SILENT], 2, "no question lacks a fitting answer among its first three"),
        ([RIGHT, MISSED], 3, "no question lacks any fitting answer"),
        ([FOREIGN], 3, "no question has any fitting answer"),
    ],
)
def test_a_set_without_questions_of_a_kind_says_so(outcomes: list[Outcome], row: int, words: str) -> None:
    """There is no number then, and the sentence says what to add."""
    abstention = Abstention.of(outcomes)
    assert words in abstention.sentences()[row]
    assert abstention.rows()[row].value is None
