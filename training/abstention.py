"""Asks a collection covered and uncovered questions, to learn the confidence from or to judge abstention by."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from askdoc.retriever import Retriever
from askdoc.retriever.ranking import RankedCandidates
from training.datasets import plain
from training.in_memory_index import InMemoryIndex

Floats = NDArray[np.float32]


def covered(index: InMemoryIndex, questions: Sequence[str]) -> Iterator[RankedCandidates]:
    """What each question finds in the whole collection."""
    ranker = index.ranker()
    for query in index.queries(questions):
        yield from ranker.rank([query])


def uncovered(
    index: InMemoryIndex, questions: Sequence[str], topics: Sequence[object], of_answers: Sequence[object]
) -> Iterator[RankedCandidates]:
    """What each question finds where every answer on its topic is taken out of the collection."""
    of_answer = np.array(of_answers)
    for query, topic in zip(index.queries(questions), topics, strict=True):
        ranker = index.ranker_without(np.flatnonzero(of_answer == topic))
        yield from ranker.rank([ranker.analyzer.unscored(query.text, query.vector)])


def certainties(retriever: Retriever, results: Iterable[RankedCandidates]) -> NDArray[np.float64]:
    """(questions,) how sure the program is of each, in log odds."""
    return np.array([retriever.decide(ranked)[1] for ranked in results])


def untitled_questions(
    index: InMemoryIndex, rows: Sequence[int], topics: Sequence[object], of_answers: Sequence[object]
) -> tuple[Floats, Floats]:
    """(questions, features) of stored titles as if they were not stored, and with their whole topic taken out."""
    ranker, of_answer = index.ranker(), np.array(of_answers)
    titles = np.array([plain(title) for title in index.titles])
    with_topic, without_topic = [], []
    for row, topic, query in zip(rows, topics, index.queries([index.titles[row] for row in rows]), strict=True):
        candidates = ranker.generator.generate([query])[0]
        same_title = titles[candidates.answers] == titles[row]
        with_topic.append(ranker.score(query, candidates.with_neutral_titles(same_title)).confidence_features)
        on_topic = of_answer[candidates.answers] == topic
        without_topic.append(ranker.score(query, candidates.without(on_topic)).confidence_features)
    return np.stack(with_topic), np.stack(without_topic)


def let_through(kept: NDArray[np.floating], refused: NDArray[np.floating], share: float = 0.95) -> tuple[float, float]:
    """Percent of ``refused`` at or above the value that ``share`` of ``kept`` reach, and the area under the curve."""
    least = np.quantile(kept, 1 - share)
    truth = np.concatenate([np.ones(len(kept)), np.zeros(len(refused))])
    area = roc_auc_score(truth, np.concatenate([kept, refused]))
    return 100 * float((refused >= least).mean()), float(area)
