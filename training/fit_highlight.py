"""Learns which sentences of an answer experts mark.

python -m training.fit_highlight     the marks as served, each question left out once, beside two simple rules
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from askdoc.retriever.highlight import SENTENCE_FEATURES, Highlighter, choose
from askdoc.retriever.query import Query
from askdoc.retriever.term_weights import TermWeights
from askdoc.retriever.word_vectors import WordVectors
from training import highlight_cases
from training.embedding import CachedEmbedder
from training.fit_term_weights import Words
from training.highlight_cases import SHARE, Chosen, HighlightCase
from training.table_file import TableContent

SEED = 0
"""Unused: the fit is convex and nothing is drawn."""
STRENGTH = 0.3
"""The inverse of the penalty on weights."""
Matrix = NDArray[np.float64]
Scores = list[NDArray[np.floating]]
"""The log odds of a case's sentences, passage by passage."""


def unlearned(words: Words, embed: CachedEmbedder) -> Highlighter:
    """A highlighter whose weights are still to be learned."""
    nothing = (0.0,) * len(SENTENCE_FEATURES)
    return Highlighter(0.0, 0.0, nothing, words.tokenizer, words.body, WordVectors.of(embed.tables))


def features(
    judged: Sequence[HighlightCase], highlighter: Highlighter, words: Words, embed: CachedEmbedder
) -> list[list[Matrix]]:
    """(sentences, features) of each passage of each question; sentences that do not count are left out."""
    found = []
    for case, vector in zip(judged, embed([case.question for case in judged]), strict=True):
        query = Query(case.question, np.stack([vector, vector]), words.weigh(case.question, TermWeights.shipped()))
        pairs = [(highlighter.analyze(one), counted) for one, counted in zip(case.passages, case.counted, strict=True)]
        found.append([highlighter.features(one, query)[counted].astype(np.float64) for one, counted in pairs])
    return found


def fit(matrices: Sequence[Matrix], truths: Sequence[NDArray[np.bool_]]) -> tuple[float, Matrix]:
    """Bias and weights; every question counts by the root of its sentences."""
    matrix, truth = np.concatenate(matrices), np.concatenate(truths)
    each = np.concatenate([np.full(len(one), len(one) ** -0.5) for one in truths])
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    model = LogisticRegression(C=STRENGTH, max_iter=1_000).fit((matrix - mean) / scale, truth, sample_weight=each)
    weights = model.coef_[0] / scale
    return float(model.intercept_[0] - weights @ mean), weights


def marks(scores: Scores, threshold: float) -> NDArray[np.bool_]:
    """(sentences,) whether each of a case is marked, as a highlighter chooses in each passage."""
    return np.concatenate([np.isin(np.arange(len(one)), choose(one, threshold)) for one in scores if len(one)])


def threshold(scores: Sequence[Scores]) -> float:
    """The log odds from which ``SHARE`` of all sentences are marked, by bisection."""
    low, high = -10.0, 10.0
    while high - low > 1e-3:
        middle = (low + high) / 2
        share = np.concatenate([marks(one, middle) for one in scores]).mean()
        low, high = (middle, high) if share > SHARE else (low, middle)
    return high


def learned(matrices: Sequence[list[Matrix]], judged: Sequence[HighlightCase]) -> tuple[float, Matrix, float]:
    """Bias, weights and threshold from some questions."""
    bias, weights = fit([np.concatenate(one) for one in matrices], [case.truth for case in judged])
    return bias, weights, threshold([[bias + part @ weights for part in one] for one in matrices])


def left_out(matrices: Sequence[list[Matrix]], judged: Sequence[HighlightCase]) -> Chosen:
    """The marks of each question by what is learned from all other questions."""
    chosen = []
    for place, one in enumerate(matrices):
        rest = [n for n in range(len(judged)) if n != place]
        bias, weights, least = learned([matrices[n] for n in rest], [judged[n] for n in rest])
        chosen.append(marks([bias + part @ weights for part in one], least))
    return chosen


def figures(embed: CachedEmbedder) -> dict[str, NDArray[np.float64]]:
    """(questions, 2) precision and recall at a quarter by rule; ours with each question left out once."""
    words, judged = Words.of_medquad(), highlight_cases.cases()
    ours = left_out(features(judged, unlearned(words, embed), words, embed), judged)
    rules = {
        "ours": ours,
        "first three": highlight_cases.first_three(judged),
        "BM25": highlight_cases.by_bm25(judged),
    }
    return {name: highlight_cases.measured(judged, chosen) for name, chosen in rules.items()}


def learn(embed: CachedEmbedder) -> TableContent:
    """The table ``highlight``."""
    words, judged = Words.of_medquad(), highlight_cases.cases()
    bias, weights, least = learned(features(judged, unlearned(words, embed), words, embed), judged)
    return TableContent(
        {
            "format": 2,
            "bias": round(bias, 4),
            "threshold": round(least, 4),
            "weights": dict(zip(SENTENCE_FEATURES, weights.round(4).tolist(), strict=True)),
        }
    )


def main() -> None:
    """Print precision, recall and F1 of each rule, and how far ours is above it."""
    found = figures(CachedEmbedder.open())
    for name, measured in found.items():
        precision, recall, score = highlight_cases.f1(measured)
        low, high = highlight_cases.interval(found["ours"], measured)
        print(f"{name}: precision {precision:.1f} recall {recall:.1f} F1 {score:.1f} (ours {low:+.1f} to {high:+.1f})")


if __name__ == "__main__":
    main()
