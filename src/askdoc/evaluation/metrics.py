"""Measures how well questions are answered: the ranking, the confidence words, and the time."""

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from askdoc.errors import QuestionError, UsageError
from askdoc.evaluation.trec_files import Qrels, falling
from askdoc.models import Answer, Confidence, Question
from askdoc.retriever import Ranking

DEPTH = 100
"""Answers of each question that are ranked."""
WORDS = (Confidence.STRONG, Confidence.PARTIAL, Confidence.NONE)
COVERAGES = 20
"""Points of the abstention curve."""
EDGE = 1.96
"""Standard deviations of an interval of 95 %."""


class EvaluatedSystem(Protocol):
    """What is measured: a responder."""

    def rank(self, question: str, *, most: int) -> Ranking: ...
    def answer(self, answer_id: str) -> tuple[Question, Answer] | None: ...


@dataclass(frozen=True, slots=True)
class Result:
    """One question as it was answered. ``fitting`` holds the answers judged to fit; none: the corpus has nothing."""

    id: str
    text: str
    ranking: Ranking
    fitting: Mapping[str, int]
    took_ms: float

    @property
    def right(self) -> bool:
        """Whether the first answer fits."""
        return bool(self.ranking.answers) and self.ranking.answers[0][0] in self.fitting

    @property
    def sureness(self) -> tuple[int, float]:
        """By what questions are ordered for the abstention curve: the word, then the certainty behind it."""
        return -WORDS.index(self.ranking.confidence), self.ranking.certainty


@dataclass(frozen=True, slots=True)
class Word:
    """How far a confidence word can be believed: of ``count`` questions so many have a fitting answer first."""

    word: Confidence
    count: int
    first: int
    first_three: int
    unanswerable: int
    """Questions with this word that have no fitting answer at all: under ``none`` they are rightly so."""

    @property
    def interval(self) -> tuple[float, float]:
        """The share with a fitting answer first, from and to, by Wilson's interval of 95 %."""
        return wilson(self.first, self.count)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures. ``curve`` pairs the share of questions answered with the share of those that begin wrongly."""

    measures: Mapping[str, float]
    words: tuple[Word, ...]
    curve: tuple[tuple[float, float], ...]
    p50_ms: float
    p95_ms: float
    results: tuple[Result, ...]
    unknown_answers: int
    """Judged answers that the index does not hold: they cannot be found."""
    unasked: int
    """Judged questions that were not among the questions asked."""

    @property
    def answerable(self) -> int:
        """How many questions have a fitting answer; the measures are means over these."""
        return sum(bool(result.fitting) for result in self.results)

    def document(self) -> dict[str, Any]:
        """The figures as plain values."""
        return {
            "questions": len(self.results),
            "answerable": self.answerable,
            "measures": {name: round(value, 4) for name, value in self.measures.items()},
            "confidence": {
                word.word.value: {
                    "questions": word.count,
                    "first_fits": word.first,
                    "first_three_fit": word.first_three,
                    "unanswerable": word.unanswerable,
                    "interval": [round(edge, 4) for edge in word.interval],
                }
                for word in self.words
            },
            "abstention": [{"coverage": round(at, 4), "risk": round(risk, 4)} for at, risk in self.curve],
            "latency_ms": {"p50": round(self.p50_ms, 2), "p95": round(self.p95_ms, 2)},
            "unknown_answers": self.unknown_answers,
            "unasked": self.unasked,
        }


def evaluate(asked: EvaluatedSystem, queries: Mapping[str, str], qrels: Qrels) -> Evaluation:
    """Ask every question and measure. Raises UsageError where the two files do not belong to this index."""
    judged = {answer for grades in qrels.values() for answer in grades}
    unknown = {answer for answer in judged if asked.answer(answer) is None}
    if judged == unknown:
        raise UsageError("The index holds none of the judged answers. Take the ids that `askdoc ask --json` prints.")
    for text in list(queries.values())[:1]:
        _ask(asked, "first", text, {})  # the first question of a process is slow, and says nothing of the others
    results = tuple(_ask(asked, query, text, qrels.get(query, {})) for query, text in queries.items())
    if not any(result.fitting for result in results):
        raise UsageError("No question has an answer judged to fit. Check that both files use the same question ids.")
    times = np.array([result.took_ms for result in results])
    return Evaluation(
        measures=measures([result for result in results if result.fitting]),
        words=tuple(_word(word, results) for word in WORDS),
        curve=curve(results),
        p50_ms=float(np.percentile(times, 50)),
        p95_ms=float(np.percentile(times, 95)),
        results=results,
        unknown_answers=len(unknown),
        unasked=len(set(qrels) - set(queries)),
    )


def _ask(asked: EvaluatedSystem, query: str, text: str, grades: Mapping[str, int]) -> Result:
    began = time.perf_counter()
    try:
        ranking = asked.rank(text, most=DEPTH)
    except QuestionError as error:
        raise UsageError(f"The question {query} cannot be asked. {error}") from None
    took = 1000 * (time.perf_counter() - began)
    return Result(query, text, ranking, {answer: grade for answer, grade in grades.items() if grade > 0}, took)


def measures(results: Sequence[Result]) -> dict[str, float]:
    """The means over questions that each have a fitting answer, by ir-measures: nDCG@10, MRR, P@1, Hit@1, 3 and 10."""
    import ir_measures
    from ir_measures import RR, P, Success, nDCG

    wanted = {"nDCG@10": nDCG @ 10, "MRR": RR, "P@1": P @ 1, **{f"Hit@{k}": Success @ k for k in (1, 3, 10)}}
    judged = [
        ir_measures.Qrel(result.id, answer, grade) for result in results for answer, grade in result.fitting.items()
    ]
    run = [
        ir_measures.ScoredDoc(result.id, answer, score)
        for result in results
        for (answer, _), score in zip(
            result.ranking.answers, falling([score for _, score in result.ranking.answers]), strict=True
        )
    ]
    found = ir_measures.calc_aggregate(list(wanted.values()), judged, run)
    return {name: float(found[measure]) for name, measure in wanted.items()}


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


def _word(word: Confidence, results: Iterable[Result]) -> Word:
    own = [result for result in results if result.ranking.confidence is word]
    three = sum(any(answer in result.fitting for answer, _ in result.ranking.answers[:3]) for result in own)
    nothing = sum(not result.fitting for result in own)
    return Word(word, len(own), sum(result.right for result in own), three, nothing)


def curve(results: Sequence[Result]) -> tuple[tuple[float, float], ...]:
    """Coverage and risk where the surest questions are answered and the others left: at every twentieth, and all."""
    order = sorted(results, key=lambda result: result.sureness, reverse=True)
    wrong = np.cumsum([not result.right for result in order])
    counts = sorted({math.ceil(len(order) * step / COVERAGES) for step in range(1, COVERAGES + 1)})
    return tuple((count / len(order), float(wrong[count - 1] / count)) for count in counts)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Wilson's interval of 95 % for a share; from 0 to 1 where nothing was counted."""
    if not count:
        return 0.0, 1.0
    share, square = hits / count, EDGE**2
    middle = share + square / (2 * count)
    half = EDGE * math.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return max(0.0, (middle - half) / (1 + square / count)), min(1.0, (middle + half) / (1 + square / count))
