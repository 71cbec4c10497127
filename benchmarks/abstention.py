"""Covered and uncovered questions: what the confidence sees of each, and how well it tells them apart."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from askdoc.retriever.rank import Ranker
from benchmarks.trial import Trial

Floats = NDArray[np.float32]


def seen(ranker: Ranker, question: str, vector: Floats) -> Floats:
    """The confidence's signals for one question."""
    return ranker.rank([ranker.reader.with_vector(question, vector)])[0].observed


def covered(trial: Trial, questions: Sequence[str]) -> Floats:
    """(questions, signals) with the whole corpus."""
    ranker = trial.ranker()
    return np.stack([seen(ranker, *pair) for pair in zip(questions, trial.embed(questions), strict=True)])


def uncovered(trial: Trial, questions: Sequence[str], topics: Sequence[object], of_answers: Sequence[object]) -> Floats:
    """(questions, signals) where every answer on the question's topic is taken out of the corpus."""
    of_answer = np.array(of_answers)
    rows = []
    for question, vector, topic in zip(questions, trial.embed(questions), topics, strict=True):
        ranker = trial.without(np.flatnonzero(of_answer == topic))
        rows.append(seen(ranker, question, vector))
    return np.stack(rows)


def let_through(kept: NDArray[np.floating], refused: NDArray[np.floating], share: float = 0.95) -> tuple[float, float]:
    """Percent of ``refused`` at or above the value that ``share`` of ``kept`` reach, and the area under the curve."""
    least = np.quantile(kept, 1 - share)
    truth = np.concatenate([np.ones(len(kept)), np.zeros(len(refused))])
    area = roc_auc_score(truth, np.concatenate([kept, refused]))
    return 100 * float((refused >= least).mean()), float(area)
