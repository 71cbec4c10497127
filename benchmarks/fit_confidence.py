"""Learn how much each sign of being covered counts and write ``confidence.json``.

Covered: MedQuAD's questions on topics of the first half (none of the retrieval queries) and CounselChat's titles of
the first half. Uncovered: the same MedQuAD questions with every answer on their topic taken out, MedQuAD's questions
asked of CounselChat, and half of the requests to a general assistant asked of both.
Run: ``python -m benchmarks.fit_confidence``
"""

import json
import random
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from askdoc.retriever.confidence import FURTHEST, LEAST_SCALE, NAMES
from benchmarks.abstention import covered, let_through, uncovered
from benchmarks.collections_tried import counselchat_bodies, medquad_bodies
from benchmarks.embedding import CachedEmbedder
from benchmarks.sets import counselchat, half, medquad, plain, rows

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


def standardised(groups: list[tuple[str, Floats, int]]) -> list[tuple[str, Floats, int]]:
    """Each group beside what is usual for the covered questions of its corpus."""
    usual = {name: (s.mean(axis=0), s.std(axis=0) + LEAST_SCALE) for name, s, label in groups if label}
    found = []
    for name, signals, label in groups:
        mean, scale = usual[name.split(",")[0]]
        found.append((name, np.clip((signals - mean) / scale, -FURTHEST, FURTHEST), label))
    return found


def fit(groups: list[tuple[str, Floats, int]]) -> tuple[float, NDArray[np.float64]]:
    """Bias and weights; every group counts alike."""
    matrix = np.concatenate([signals for _, signals, _ in groups]).astype(np.float64)
    label = np.concatenate([np.full(len(signals), label) for _, signals, label in groups])
    each = np.concatenate([np.full(len(signals), 1 / len(signals)) for _, signals, _ in groups])
    model = LogisticRegression(C=0.3, max_iter=5_000)
    model.fit(matrix, label, sample_weight=each * len(matrix) / each.sum())
    return float(model.intercept_[0]), model.coef_[0]


def main() -> None:
    groups = standardised(learned(CachedEmbedder()))
    bias, weights = fit(groups)
    table = {"format": 1, "bias": round(bias, 4), "weights": dict(zip(NAMES, weights.round(4).tolist(), strict=True))}
    TARGET.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    certainty = {name: bias + signals @ weights for name, signals, _ in groups}
    print(table)
    for name, _, label in groups:
        if not label:
            home = name.split(",")[0]
            share, area = let_through(certainty[home], certainty[name])
            print(f"{name}: let through {share:.1f} %, area {area:.3f}")


if __name__ == "__main__":
    main()
