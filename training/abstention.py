"""Covered and uncovered questions: what the confidence sees of each, and how well it tells them apart."""

import random
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from askdoc.retriever.ranking import Ranker
from training.datasets import plain
from training.in_memory_index import Trial

Floats = NDArray[np.float32]


def seen(ranker: Ranker, question: str, vector: Floats) -> Floats:
    """The confidence's signals for one question."""
    return ranker.rank([ranker.analyzer.unscored(question, vector)])[0].confidence_features


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


def own(trial: Trial, most: int = 250) -> Floats:
    """(questions, signals) of the corpus's own titles, each as if it were not stored, as an index is calibrated."""
    ranker, of_answer = trial.ranker(), trial.statistics.question_of
    chosen = sorted(random.Random(0).sample(range(len(trial.titles)), min(most, len(trial.titles))))
    rows = []
    for row, asked in zip(chosen, trial.asked([trial.titles[row] for row in chosen]), strict=True):
        found = ranker.generator.generate([asked])[0]
        rows.append(ranker.score(asked, found.with_neutral_titles(of_answer[found.answers] == row)).confidence_features)
    return np.stack(rows)


def untitled(
    trial: Trial, rows: Sequence[int], topics: Sequence[object], of_answers: Sequence[object]
) -> tuple[Floats, Floats]:
    """(questions, signals) of stored titles as if they were not stored, and with their whole topic taken out."""
    ranker, of_answer = trial.ranker(), np.array(of_answers)
    titles = np.array([plain(title) for title in trial.titles])
    there, away = [], []
    for row, topic, asked in zip(rows, topics, trial.asked([trial.titles[row] for row in rows]), strict=True):
        found = ranker.generator.generate([asked])[0]
        there.append(
            ranker.score(asked, found.with_neutral_titles(titles[found.answers] == titles[row])).confidence_features
        )
        away.append(ranker.score(asked, found.without(of_answer[found.answers] == topic)).confidence_features)
    return np.stack(there), np.stack(away)


def without(trial: Trial, questions: Sequence[str], gone: Sequence[Iterable[int]]) -> Floats:
    """(questions, signals) where some answers, with their titles, are not among the candidates."""
    ranker = trial.ranker()
    rows = []
    for asked, hidden in zip(trial.asked(questions), gone, strict=True):
        found = ranker.generator.generate([asked])[0]
        kept = found.without(np.isin(found.answers, list(hidden)))
        rows.append(ranker.score(asked, kept).confidence_features)
    return np.stack(rows)


def let_through(kept: NDArray[np.floating], refused: NDArray[np.floating], share: float = 0.95) -> tuple[float, float]:
    """Percent of ``refused`` at or above the value that ``share`` of ``kept`` reach, and the area under the curve."""
    least = np.quantile(kept, 1 - share)
    truth = np.concatenate([np.ones(len(kept)), np.zeros(len(refused))])
    area = roc_auc_score(truth, np.concatenate([kept, refused]))
    return 100 * float((refused >= least).mean()), float(area)
