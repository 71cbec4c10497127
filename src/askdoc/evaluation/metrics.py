"""Measures a question-answering system: its ranking, its confidence words, its abstention and its latency.

Relevance is judged per answer: a grade above 0 means that the answer is relevant to the question.
"""

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from askdoc.errors import QuestionError, UsageError
from askdoc.evaluation.abstention import Abstention, Outcome
from askdoc.evaluation.intervals import wilson_interval
from askdoc.evaluation.trec_files import Qrels, strictly_decreasing
from askdoc.models import Answer, Confidence, Question
from askdoc.retriever import Ranking

DEPTH = 100
"""Answers of each question that are ranked."""
CONFIDENCES = (Confidence.STRONG, Confidence.PARTIAL, Confidence.NONE)
"""From the surest to the least sure."""
CURVE_POINTS = 20
"""Points of the risk–coverage curve, evenly spread from a twentieth to all of the questions."""


class EvaluatedSystem(Protocol):
    """A system that ranks answers to a question and says how sure it is: a ``Responder``."""

    def rank(self, question: str, *, most: int) -> Ranking: ...
    def answer(self, answer_id: str) -> tuple[Question, Answer] | None: ...


@dataclass(frozen=True, slots=True)
class QueryResult:
    """The ranking of one question, beside the judgements on it."""

    id: str
    text: str
    ranking: Ranking
    relevant: Mapping[str, int]
    """Grade by id of the relevant answers; empty where the corpus holds none, so that abstaining is right."""
    took_ms: float

    @property
    def is_correct(self) -> bool:
        """Whether the first answer is relevant."""
        return bool(self.ranking.answers) and self.ranking.answers[0][0] in self.relevant

    @property
    def is_correct_in_three(self) -> bool:
        """Whether one of the first three answers is relevant."""
        return any(answer in self.relevant for answer, _ in self.ranking.answers[:3])

    @property
    def outcome(self) -> Outcome:
        """What counts for abstention."""
        refused = self.ranking.confidence is Confidence.NONE
        certainty = self.ranking.certainty
        return Outcome(bool(self.relevant), self.is_correct, self.is_correct_in_three, refused, certainty)

    @property
    def sureness(self) -> tuple[int, float]:
        """Sort key, higher is surer: the confidence word, then the certainty behind it."""
        return -CONFIDENCES.index(self.ranking.confidence), self.ranking.certainty


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far a confidence word can be believed: counts over the ``count`` questions that got it."""

    confidence: Confidence
    count: int
    correct: int
    """Questions whose first answer is relevant."""
    correct_in_three: int
    """Questions with a relevant answer among the first three."""
    unanswerable: int
    """Questions without any relevant answer: for the word ``none`` these are right."""

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share of correct questions."""
        return wilson_interval(self.correct, self.count)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of one evaluation."""

    measures: Mapping[str, float]
    """Mean by name of the measure, over the answerable questions."""
    reliability: tuple[Reliability, ...]
    abstention: Abstention
    risk_coverage: tuple[tuple[float, float], ...]
    """Points of the risk–coverage curve, as ``risk_coverage`` gives them."""
    p50_ms: float
    p95_ms: float
    results: tuple[QueryResult, ...]
    unknown_answers: int
    """Judged answers that the index does not hold: they cannot be found."""
    unasked: int
    """Judged questions that were not among the questions asked."""

    @property
    def answerable(self) -> int:
        """How many questions have a relevant answer."""
        return sum(bool(result.relevant) for result in self.results)

    def document(self) -> dict[str, Any]:
        """The figures as plain values, ready for JSON."""
        return {
            "questions": len(self.results),
            "answerable": self.answerable,
            "measures": {name: round(value, 4) for name, value in self.measures.items()},
            "confidence": {
                row.confidence.value: {
                    "questions": row.count,
                    "first_fits": row.correct,
                    "first_three_fit": row.correct_in_three,
                    "unanswerable": row.unanswerable,
                    "interval": [round(bound, 4) for bound in row.interval],
                }
                for row in self.reliability
            },
            **self.abstention.document(),
            "abstention": [
                {"coverage": round(coverage, 4), "risk": round(risk, 4)} for coverage, risk in self.risk_coverage
            ],
            "latency_ms": {"p50": round(self.p50_ms, 2), "p95": round(self.p95_ms, 2)},
            "unknown_answers": self.unknown_answers,
            "unasked": self.unasked,
        }


def evaluate(system: EvaluatedSystem, queries: Mapping[str, str], qrels: Qrels) -> Evaluation:
    """Ask every question and measure. Raises UsageError where queries and qrels do not belong to this index.

    ``queries`` are texts by id.
    """
    judged = {answer for grades in qrels.values() for answer in grades}
    unknown = {answer for answer in judged if system.answer(answer) is None}
    if judged == unknown:
        raise UsageError("The index holds none of the judged answers. Take the ids that `askdoc ask --json` prints.")
    for text in list(queries.values())[:1]:
        _ask(system, "first", text, {})  # warms up: the first question of a process is slower than all others
    results = tuple(_ask(system, query, text, qrels.get(query, {})) for query, text in queries.items())
    if not any(result.relevant for result in results):
        raise UsageError("No question has an answer judged to fit. Check that both files use the same question ids.")
    p50, p95 = np.percentile([result.took_ms for result in results], [50, 95])
    return Evaluation(
        measures=measures([result for result in results if result.relevant]),
        reliability=tuple(_reliability(confidence, results) for confidence in CONFIDENCES),
        abstention=Abstention.of([result.outcome for result in results]),
        risk_coverage=risk_coverage(results),
        p50_ms=float(p50),
        p95_ms=float(p95),
        results=results,
        unknown_answers=len(unknown),
        unasked=len(set(qrels) - set(queries)),
    )


def _ask(system: EvaluatedSystem, query: str, text: str, grades: Mapping[str, int]) -> QueryResult:
    began = time.perf_counter()
    try:
        ranking = system.rank(text, most=DEPTH)
    except QuestionError as error:
        raise UsageError(f"The question {query} cannot be asked. {error}") from None
    took_ms = 1000 * (time.perf_counter() - began)
    relevant = {answer: grade for answer, grade in grades.items() if grade > 0}
    return QueryResult(query, text, ranking, relevant, took_ms)


def measures(results: Sequence[QueryResult]) -> dict[str, float]:
    """Mean nDCG@10, MRR, P@1, Hit@1, Hit@3 and Hit@10 of questions that each have a relevant answer, by ir-measures."""
    import ir_measures
    from ir_measures import RR, P, Success, nDCG

    by_name = {"nDCG@10": nDCG @ 10, "MRR": RR, "P@1": P @ 1, **{f"Hit@{k}": Success @ k for k in (1, 3, 10)}}
    qrels = [
        ir_measures.Qrel(result.id, answer, grade) for result in results for answer, grade in result.relevant.items()
    ]
    run = [
        ir_measures.ScoredDoc(result.id, answer, score)
        for result in results
        for answer, score in strictly_decreasing(result.ranking.answers)
    ]
    means = ir_measures.calc_aggregate(list(by_name.values()), qrels, run)
    return {name: float(means[measure]) for name, measure in by_name.items()}


def ndcg(gains: Sequence[float], judged: Iterable[float], *, depth: int = 10) -> float:
    """Normalised discounted cumulative gain of one ranking (Järvelin and Kekäläinen, 2002), from 0 to 1.

    ``gains`` are those of the ranked documents in their order, 0 for one that is not relevant; ``judged`` those of all
    relevant documents, at least one. A gain is the grade itself, as in ``measures``, or 2^grade - 1, where
    a better grade is to count for much more.
    """
    ideal = sorted(judged, reverse=True)
    return _dcg(gains[:depth]) / _dcg(ideal[:depth])


def _dcg(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def _reliability(confidence: Confidence, results: Iterable[QueryResult]) -> Reliability:
    own = [result for result in results if result.ranking.confidence is confidence]
    in_three = sum(result.is_correct_in_three for result in own)
    unanswerable = sum(not result.relevant for result in own)
    return Reliability(confidence, len(own), sum(result.is_correct for result in own), in_three, unanswerable)


def risk_coverage(results: Sequence[QueryResult]) -> tuple[tuple[float, float], ...]:
    """The risk–coverage curve (El-Yaniv and Wiener, 2010): how often answering only the surest questions goes wrong.

    Pairs by growing coverage: the share of questions answered, and the share of those whose first answer is wrong.
    """
    surest_first = sorted(results, key=lambda result: result.sureness, reverse=True)
    wrong = np.cumsum([not result.is_correct for result in surest_first])
    counts = sorted({math.ceil(len(results) * point / CURVE_POINTS) for point in range(1, CURVE_POINTS + 1)})
    return tuple((count / len(results), float(wrong[count - 1] / count)) for count in counts)
