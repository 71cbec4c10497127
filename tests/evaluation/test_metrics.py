"""The figures are those of the rankings."""

import ir_measures
import pytest

from askdoc.errors import UsageError
from askdoc.evaluation import metrics, trec_files
from tests.evaluation.scripted import QRELS, QUERIES, Scripted

EVALUATION = metrics.evaluate(Scripted(), QUERIES, QRELS)


def test_the_measures_are_means_over_the_questions_that_have_an_answer() -> None:
    """Of two questions, one finds its answer first, the other second; another relevant answer is not in the index."""
    assert EVALUATION.answerable == 2
    ideal, second = 1 + 0.6309297535714575, 0.6309297535714575
    assert EVALUATION.measures == pytest.approx(
        {"nDCG@10": (1 + second / ideal) / 2, "MRR": 0.75, "P@1": 0.5, "Hit@1": 0.5, "Hit@3": 1.0, "Hit@10": 1.0}
    )
    assert (EVALUATION.unknown_answers, EVALUATION.unasked) == (1, 1)


def test_ndcg_is_that_of_the_reference_implementation() -> None:
    """nDCG equals ir-measures' with grades as gains, also where a relevant answer is missing or beyond the depth."""
    grades = {"a": 1, "b": 3, "c": 0, "d": 2, "z": 1}
    ranked = ["a", "c", "b", "x", "d"]
    qrels = [ir_measures.Qrel("q", answer, grade) for answer, grade in grades.items()]
    run = [ir_measures.ScoredDoc("q", answer, -place) for place, answer in enumerate(ranked)]
    for depth in (1, 4, 10):
        exact = ir_measures.calc_aggregate([ir_measures.nDCG @ depth], qrels, run)[ir_measures.nDCG @ depth]
        assert metrics.ndcg([grades.get(name, 0) for name in ranked], grades.values(), depth=depth) == pytest.approx(
            exact
        )


def test_each_confidence_word_is_counted() -> None:
    """For each confidence word, questions, those answered rightly and those without a relevant answer are counted."""
    counts = {
        row.confidence.value: (row.count, row.correct, row.correct_in_three, row.unanswerable)
        for row in EVALUATION.reliability
    }
    assert counts == {"strong": (2, 1, 1, 1), "partial": (1, 0, 1, 0), "none": (1, 0, 0, 1)}


def test_the_risk_coverage_curve_answers_the_surest_first() -> None:
    """Questions are ordered by confidence word, then by certainty, whatever their scores are."""
    points = [(coverage, round(risk, 3)) for coverage, risk in EVALUATION.risk_coverage]
    assert points == [(0.25, 0.0), (0.5, 0.5), (0.75, 0.667), (1.0, 0.75)]


@pytest.mark.parametrize(
    ("queries", "qrels", "words"),
    [
        (QUERIES, {"q1": {"zz": 1}}, "none of the judged answers"),
        (QUERIES, {"q7": {"a": 1}}, "same question ids"),
        ({"q1": "x" * 60}, QRELS, "first cannot be asked"),
        ({"q1": "one", "q2": "x" * 60}, QRELS, "q2 cannot be asked"),
    ],
)
def test_files_that_do_not_belong_together_are_refused(
    queries: dict[str, str], qrels: trec_files.Qrels, words: str
) -> None:
    """Queries and judgements that do not belong to the index or to each other are refused, with what to check."""
    with pytest.raises(UsageError, match=words):
        metrics.evaluate(Scripted(), queries, qrels)


def test_wrong_silence_stands_beside_wrong_answers() -> None:
    """Of the one right first answer none is refused; of two questions without an answer one is answered."""
    document = EVALUATION.document()
    assert document["wrong_silence"] == {"questions": 1, "hits": 0, "value": 0.0, "interval": [0.0, 0.7935]}
    assert document["wrong_answers"] == {"questions": 2, "hits": 1, "value": 0.5, "interval": [0.0945, 0.9055]}
    assert document["auroc"]["first_three_fit"]["value"] == document["auroc"]["answerable"]["value"] == 1.0
    assert (document["auroc"]["answerable"]["positives"], document["auroc"]["answerable"]["negatives"]) == (2, 2)
