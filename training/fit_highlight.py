"""Learn which sentences experts mark and write ``highlight.json``; reported by leaving each question out once.

Run: ``python -m training.fit_highlight``
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from askdoc.index.bm25 import InvertedIndex, Tokenizer
from askdoc.retriever.highlight import SENTENCE_FEATURES, Highlighter
from askdoc.retriever.term_weights import TermWeights
from training.datasets import medquad
from training.highlight_cases import Case, agreed, cases, f1, quarter

TARGET = Path(__file__).resolve().parents[1] / "src" / "askdoc" / "retriever" / "learned" / "highlight.json"
Matrix = NDArray[np.float64]


def signals(case: Case, highlighter: Highlighter, term_weights: TermWeights, title: InvertedIndex) -> Matrix:
    """(sentences, signals) of one question's answers."""
    terms = term_weights.weigh(case.question, tokenizer=highlighter.tokenizer, body=highlighter.body, title=title)
    weighed = {term: weight * highlighter.body.rarity(term) for term, weight in terms.items()}
    return np.array(
        [
            highlighter.features(text, weighed, place=place, count=len(answer))
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


def main() -> None:
    tokenizer, data = Tokenizer(), medquad()
    body, title = (InvertedIndex.build([tokenizer(text) for text in texts]) for texts in (data.bodies, data.titles))
    highlighter = Highlighter(0.0, (0.0,) * len(SENTENCE_FEATURES), tokenizer, body)
    term_weights, found = TermWeights.shipped(), cases()
    matrices = [signals(case, highlighter, term_weights, title) for case in found]
    truths = [agreed(case) for case in found]
    left_out = []
    for place in range(len(found)):
        rest = [n for n in range(len(found)) if n != place]
        bias, weights = fit([matrices[n] for n in rest], [truths[n] for n in rest])
        left_out.append(bias + matrices[place] @ weights)
    precision, recall, score, share = f1(found, quarter(left_out))
    print(f"left out once: precision {precision:.1f} recall {recall:.1f} F1 {score:.1f} share {share:.1f}")
    bias, weights = fit(matrices, truths)
    table = {
        "format": 1,
        "bias": round(bias, 4),
        "weights": dict(zip(SENTENCE_FEATURES, weights.round(4).tolist(), strict=True)),
    }
    TARGET.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
