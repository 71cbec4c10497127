"""Learn how much each sign of being covered counts and write ``confidence.json``.

Covered: MedQuAD's questions on topics of the first half (none of the retrieval queries) and CounselChat's titles of
the first half. Uncovered: the same MedQuAD questions with every answer on their topic taken out, MedQuAD's questions
asked of CounselChat, and half of the requests to a general assistant asked of both.
Run: ``python benchmarks/fit_confidence.py``
"""

import json
import random
from pathlib import Path

import numpy as np
from abstention import covered, let_through, uncovered
from collections_tried import counselchat_bodies, medquad_bodies
from embedding import CachedEmbedder, default_cache
from numpy.typing import NDArray
from sets import counselchat, half, medquad, plain, rows
from sklearn.linear_model import LogisticRegression

from askdoc.retriever.confidence import NAMES

TARGET = Path(__file__).resolve().parents[1] / "src" / "askdoc" / "retriever" / "confidence.json"
LEARNED = 800
Floats = NDArray[np.float32]


def learned(embed: CachedEmbedder) -> list[tuple[str, Floats, int]]:
    """(name, signals, label) of each group; every group counts by its weight below."""
    data, chats = medquad(), counselchat()
    asked = {plain(query) for query in data.queries}
    free = [
        place
        for place, (title, topic) in enumerate(zip(data.titles, data.groups, strict=True))
        if half(topic) == 0 and plain(title) not in asked
    ]
    chosen = random.Random(0).sample(free, LEARNED)
    titles, topics = [data.titles[n] for n in chosen], [data.groups[n] for n in chosen]
    bodies, pages = medquad_bodies(embed).trial, counselchat_bodies(embed).trial
    requests = [row["text"] for row in rows("clinc_dev") if half(row["id"]) == 0][:400]
    own = [title for title, name in zip(chats.queries, chats.query_ids, strict=True) if half(name) == 0]
    return [
        ("medquad", covered(bodies, titles), 1),
        ("medquad, topic out", uncovered(bodies, titles, topics, data.groups), 0),
        ("medquad, requests", covered(bodies, requests), 0),
        ("counselchat", covered(pages, own), 1),
        ("counselchat, medical", covered(pages, titles[:400]), 0),
        ("counselchat, requests", covered(pages, requests), 0),
    ]


WEIGHTS = {"medquad": 3.0, "medquad, topic out": 3.0, "counselchat": 1.0, "counselchat, medical": 0.5}




def fit(groups: list[tuple[str, Floats, int]]) -> tuple[float, NDArray[np.float64]]:
    """Bias and weights on the signals as they are."""
    matrix = np.concatenate([signals for _, signals, _ in groups]).astype(np.float64)
    label = np.concatenate([np.full(len(signals), label) for _, signals, label in groups])
    each = np.concatenate([np.full(len(s), WEIGHTS.get(name, 0.25) / len(s)) for name, s, _ in groups])
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    model = LogisticRegression(C=100.0, max_iter=5_000)
    model.fit((matrix - mean) / scale, label, sample_weight=each * len(matrix) / each.sum())
    weights = model.coef_[0] / scale
    return float(model.intercept_[0] - weights @ mean), weights


def main() -> None:
    groups = learned(CachedEmbedder())
    np.savez(default_cache() / "confidence-groups.npz", **{name: signals for name, signals, _ in groups})
    bias, weights = fit(groups)
    table = {"format": 1, "bias": round(bias, 4), "weights": dict(zip(NAMES, weights.round(4).tolist(), strict=True))}
    TARGET.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    certainty = {name: bias + signals @ weights for name, signals, _ in groups}
    print(table)
    for name, _, label in groups:
        if not label:
            home = name.split(",")[0]
            print(name, "let through %.1f %%, area %.3f" % let_through(certainty[home], certainty[name]))


if __name__ == "__main__":
    main()
