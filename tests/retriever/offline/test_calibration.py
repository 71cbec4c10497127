"""Calibration: which questions of a corpus count as covered, and what is hidden for the others."""

from collections.abc import Sequence

import numpy as np

from askdoc.models import Answer, Question, Source
from askdoc.retriever.offline.calibration import StoredQuestions, calibration_features, with_copies
from tests.retriever.small_corpus import artifacts_of, indexed, with_open


def test_only_answered_questions_count_as_covered(questions: list[Question]) -> None:
    """A calibration asks the questions that have answers, and no other, as those that must pass."""
    every = with_open(questions)
    index = indexed(every)
    ready = artifacts_of(every, index)
    ranker = ready.ranker(index)
    titles = [question.title for question in every]
    stored = StoredQuestions(titles, index.fields["question"], ready.postings["question"])
    covered, uncovered = calibration_features(ranker, stored, encoder=index.embedder)
    assert len(covered) == len(questions)
    assert len(uncovered) > len(questions)


def test_where_a_topic_is_hidden_its_copies_are_too(questions: list[Question]) -> None:
    """The same answer under another question would still cover what is to be uncovered."""
    copy = questions[1].answers[0].body
    every = [*questions, Question("copy", "Unlike anything", Source("c.txt", 1), answers=(Answer("copied", copy),))]
    statistics = artifacts_of(every, indexed(every)).statistics
    gone = np.zeros(len(every), bool)
    gone[1] = True
    hidden = with_copies(gone, statistics)
    assert [answer for page in every for answer in page.answers if hidden[row_of(every, answer)]] == [
        questions[1].answers[0],
        every[-1].answers[0],
    ]


def row_of(questions: Sequence[Question], wanted: Answer) -> int:
    return [answer.id for page in questions for answer in page.answers].index(wanted.id)
