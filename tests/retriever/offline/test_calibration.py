"""Calibration: which questions of a corpus count as covered, and what is hidden for the others."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from askdoc.corpus.passages import restore
from askdoc.models import Answer, Question, Source
from askdoc.retriever.offline.calibration import calibration_features, with_copies
from askdoc.retriever.offline.prepare import EmbeddedCorpus, stored_questions
from tests import tiny
from tests.retriever.small_corpus import artifacts_of, indexed, with_open


def features(questions: Sequence[Question]) -> tuple[np.ndarray, np.ndarray]:
    """What the calibration finds on a small corpus: features of covered and of uncovered questions."""
    index = indexed(questions)
    ready = artifacts_of(questions, index)
    cut = [restore(page, answer, 0, len(answer.body)) for page in questions for answer in page.answers]
    stored = stored_questions(EmbeddedCorpus(questions, cut, index.fields), ready.postings)
    return calibration_features(ready.ranker(index), stored, encoder=index.embedder)


def test_only_answered_questions_count_as_covered(questions: list[Question]) -> None:
    """A calibration asks the questions that have answers, and no other, as those that must pass: each in two ways."""
    covered, uncovered = features(with_open(questions))
    assert len(covered) == 2 * len(questions)
    assert len(uncovered) > len(questions)


def test_a_question_that_nobody_has_answered_is_uncovered(questions: list[Question]) -> None:
    """Unless an answered question is near it, it is one that the corpus does not cover."""
    far = Question("far", "Zebra carburettor, quinoa?", Source("open.txt", 1))
    near = Question("near", questions[0].title, Source("open.txt", 2))
    before, after = (len(features(every)[1]) for every in (questions, [*questions, far, near]))
    assert after == before + 1


def test_where_no_title_tells_questions_are_made_of_the_answers(questions: list[Question]) -> None:
    """A corpus is calibrated on itself even so; the texts are the answers' own words."""
    every = [replace(question, untitled=True) for question in questions]
    covered, _ = features(every)
    assert len(covered) == 2 * len(questions)


def test_the_patients_own_words_are_asked(questions: list[Question], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a page holds the patient's message, it is how people ask."""
    message = "Since the operation it is all swollen and nobody tells me anything"
    asked: list[str] = []
    encode = tiny.TinyEmbedder.encode

    def noted(embedder: tiny.TinyEmbedder, texts: Sequence[str]) -> np.ndarray:
        asked.extend(texts)
        return encode(embedder, texts)

    monkeypatch.setattr(tiny.TinyEmbedder, "encode", noted)
    features([replace(questions[0], details=message), *questions[1:]])
    assert message in asked


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
