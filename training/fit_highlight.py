"""Learns which sentences of an answer experts mark; prints how well, each question left out once."""

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from askdoc.retriever.highlight import SENTENCE_FEATURES, Highlighter
from askdoc.retriever.term_weights import TermWeights
from training.embedding import CachedEmbedder
from training.fit_term_weights import Words
from training.highlight_cases import HighlightCase, agreed, cases, f1, quarter
from training.table_file import TableContent

SEED = 0
"""Unused: the fit is convex and nothing is drawn."""
Matrix = NDArray[np.float64]


def features(case: HighlightCase, highlighter: Highlighter, words: Words) -> Matrix:
    """(sentences, features) of one question's answers."""
    terms = words.weigh(case.question, TermWeights.shipped())
    shares = {term: weight * highlighter.body.rarity(term) for term, weight in terms.items()}
    return np.array(
        [
            highlighter.features(text, shares, place=place, count=len(answer))
            for answer in case.answers
            for place, text in enumerate(answer)
        ]
    )


def fit(matrices: list[Matrix], truths: list[NDArray[np.bool_]]) -> tuple[float, Matrix]:
    """Bias and weights; every question counts alike."""
    matrix, truth = np.concatenate(matrices), np.concatenate(truths)
    each = np.concatenate([np.full(len(one), len(one) ** -0.5) for one in truths])
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    model = LogisticRegression(C=0.3, max_iter=1_000).fit((matrix - mean) / scale, truth, sample_weight=each)
    weights = model.coef_[0] / scale
    return float(model.intercept_[0] - weights @ mean), weights


def left_out(matrices: list[Matrix], truths: list[NDArray[np.bool_]]) -> list[Matrix]:
    """The log odds of each question's sentences by a fit to all other questions."""
    scores = []
    for place, matrix in enumerate(matrices):
        rest = [n for n in range(len(matrices)) if n != place]
        bias, weights = fit([matrices[n] for n in rest], [truths[n] for n in rest])
        scores.append(bias + matrix @ weights)
    return scores


def learn(embed: CachedEmbedder) -> TableContent:  # noqa: ARG001 (every fit takes it; this one reads words alone)
    """The table ``highlight``."""
    words, judged = Words.of_medquad(), cases()
    highlighter = Highlighter(0.0, (0.0,) * len(SENTENCE_FEATURES), words.tokenizer, words.body)
    matrices = [features(case, highlighter, words) for case in judged]
    truths = [agreed(case) for case in judged]
    precision, recall, score, share = f1(judged, quarter(left_out(matrices, truths)))
    print(f"left out once: precision {precision:.1f} recall {recall:.1f} F1 {score:.1f} share {share:.1f}")
    bias, weights = fit(matrices, truths)
    return TableContent(
        {
            "format": 1,
            "bias": round(bias, 4),
            "weights": dict(zip(SENTENCE_FEATURES, weights.round(4).tolist(), strict=True)),
        }
    )
