"""Learn how much each sign of being covered counts and write ``confidence.json``.

Covered: MedQuAD's questions on topics of the first half (none of the retrieval queries), CounselChat's titles and,
with titles in the index, its long texts and the long messages of ``silver``, first halves all. Uncovered: the same
with every answer on their topic taken out, MedQuAD's questions asked of CounselChat, and half of the requests to a
general assistant asked of each. Every sign is told beside what is usual for the corpus's own questions.
Run: ``python -m benchmarks.fit_confidence``
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from askdoc.retriever.confidence import FURTHEST, LEAST_SCALE, NAMES
from askdoc.retriever.fusion import BOTH, PASSAGES
from benchmarks.abstention import covered, let_through, own, uncovered, untitled, without
from benchmarks.collections_tried import (
    Collection,
    Grades,
    counselchat_bodies,
    counselchat_pages,
    medquad_bodies,
    paraphrases,
    silver,
)
from benchmarks.embedding import CachedEmbedder
from benchmarks.sets import half, medquad, plain, rows

TARGET = Path(__file__).resolve().parents[1] / "src" / "askdoc" / "retriever" / "confidence.json"
LEARNED = 600
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Group:
    """Signals (questions, names) of one kind of question, in standard deviations from those of ``usual``."""

    kind: str
    name: str
    usual: Floats
    raw: Floats
    covered: bool

    @cached_property
    def signals(self) -> Floats:
        mean, scale = self.usual.mean(axis=0), self.usual.std(axis=0) + LEAST_SCALE
        clipped: Floats = np.clip((self.raw - mean) / scale, -FURTHEST, FURTHEST)
        return clipped


def learned(embed: CachedEmbedder) -> Iterator[Group]:
    """Every group, beside what is usual for its corpus."""
    data = medquad()
    asked = {plain(query) for query in data.queries}
    free = [
        place
        for place, (title, topic) in enumerate(zip(data.titles, data.groups, strict=True))
        if half(topic) == 0 and plain(title) not in asked
    ]
    chosen = random.Random(0).sample(free, LEARNED)
    titles, topics = [data.titles[n] for n in chosen], [data.groups[n] for n in chosen]
    requests = [row["text"] for row in rows("clinc_dev") if half(row["id"]) == 0][:300]

    bodies = medquad_bodies(embed).trial
    usual = covered(bodies, titles)
    yield Group(PASSAGES, "medquad", usual, usual, covered=True)
    yield Group(PASSAGES, "medquad, topic out", usual, uncovered(bodies, titles, topics, data.groups), covered=False)
    yield Group(PASSAGES, "medquad, requests", usual, covered(bodies, requests), covered=False)

    chats = counselchat_bodies(embed)
    usual = covered(chats.trial, first_half(chats)[0])
    yield Group(PASSAGES, "counselchat", usual, usual, covered=True)
    yield Group(PASSAGES, "counselchat, medical", usual, covered(chats.trial, titles[:300]), covered=False)
    yield Group(PASSAGES, "counselchat, requests", usual, covered(chats.trial, requests), covered=False)

    pages = paraphrases(embed).trial
    usual, away = untitled(pages, chosen, topics, data.groups)
    yield Group(BOTH, "medquad pages", usual, usual, covered=True)
    yield Group(BOTH, "medquad pages, topic out", usual, away, covered=False)

    for found, others in ((counselchat_pages(embed), titles[:300]), (silver(embed), None)):
        usual = own(found.trial)
        questions, grades = first_half(found)
        yield Group(BOTH, found.name, usual, covered(found.trial, questions), covered=True)
        yield Group(BOTH, f"{found.name}, requests", usual, covered(found.trial, requests), covered=False)
        away = without(found.trial, questions, grades) if others is None else covered(found.trial, others)
        yield Group(
            BOTH, f"{found.name}, topic out" if others is None else f"{found.name}, medical", usual, away, covered=False
        )


def first_half(found: Collection) -> tuple[list[str], list[Grades]]:
    """The questions of the first half with their grades."""
    kept = [n for n, topic in enumerate(found.topics) if half(topic) == 0]
    return [found.questions[n] for n in kept], [found.grades[n] for n in kept]


def fit(groups: list[Group]) -> tuple[float, NDArray[np.float64]]:
    """Bias and weights; every group counts alike."""
    matrix = np.concatenate([group.signals for group in groups]).astype(np.float64)
    label = np.concatenate([np.full(len(group.signals), group.covered) for group in groups])
    each = np.concatenate([np.full(len(group.signals), 1 / len(group.signals)) for group in groups])
    model = LogisticRegression(C=0.3, max_iter=5_000, class_weight=None)
    model.fit(matrix, label, sample_weight=each * len(matrix) / each.sum())
    return float(model.intercept_[0]), model.coef_[0]


def main() -> None:
    groups = list(learned(CachedEmbedder()))
    tables = {}
    for kind in (BOTH, PASSAGES):
        chosen = [group for group in groups if group.kind == kind]
        bias, weights = fit(chosen)
        tables[kind] = {"bias": round(bias, 4)} | dict(zip(NAMES, weights.round(4).tolist(), strict=True))
        certainty = {group.name: bias + group.signals @ weights for group in chosen}
        for group in chosen:
            if not group.covered:
                share, area = let_through(certainty[group.name.split(",")[0]], certainty[group.name])
                print(f"{kind}: {group.name}: let through {share:.1f} %, area {area:.3f}")
    TARGET.write_text(json.dumps({"format": 1, "tables": tables}, indent=1) + "\n", encoding="utf-8")
    print(tables)


if __name__ == "__main__":
    main()
