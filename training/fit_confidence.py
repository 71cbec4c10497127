"""Learn how much each sign of being covered counts and write ``confidence.json``.

Covered: MedQuAD's questions on a fifth of the topics of the first half, on which ``topic.json`` has not been learned
(none of the retrieval queries), CounselChat's titles and,
with titles in the index, its long texts and the long messages of ``silver``, first halves all. Uncovered: the same
with every answer on their topic taken out, MedQuAD's questions asked of CounselChat, and half of the requests to a
general assistant asked of each. Every sign is told beside what is usual for the corpus's own questions.
Run: ``python -m training.fit_confidence``
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from askdoc.corpus import loader, passages
from askdoc.retriever.confidence import (
    CONFIDENCE_FEATURES,
    MAX_DEVIATIONS,
    MIN_SCALE,
    Calibration,
    ConfidenceWeights,
    thresholds,
)
from askdoc.retriever.fusion import BOTH, PASSAGES
from askdoc.retriever.offline.calibration import StoredQuestions, calibration_features
from askdoc.retriever.offline.prepare import EmbeddedCorpus, InMemory, prepare
from askdoc.retriever.statistics import PASSAGE, QUESTION
from training.abstention import covered, let_through, own, uncovered, untitled, without
from training.datasets import apart, half, lengths, medquad, plain, rows
from training.embedding import CachedEmbedder
from training.in_memory_index import Cached
from training.judged_collections import (
    Collection,
    Grades,
    counselchat_bodies,
    counselchat_pages,
    medquad_bodies,
    paraphrases,
    silver,
)

TARGET = Path(__file__).resolve().parents[1] / "src" / "askdoc" / "retriever" / "learned" / "confidence.json"
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
        mean, scale = self.usual.mean(axis=0), self.usual.std(axis=0) + MIN_SCALE
        clipped: Floats = np.clip((self.raw - mean) / scale, -MAX_DEVIATIONS, MAX_DEVIATIONS)
        return clipped


def learned(embed: CachedEmbedder) -> Iterator[Group]:
    """Every group, beside what is usual for its corpus."""
    data = medquad()
    asked = {plain(query) for query in data.queries}
    free = [
        place
        for place, (title, topic) in enumerate(zip(data.titles, data.groups, strict=True))
        if half(topic) == 0 and apart(topic) and plain(title) not in asked
    ]
    chosen = random.Random(0).sample(free, LEARNED)
    titles, topics = [data.titles[n] for n in chosen], [data.groups[n] for n in chosen]
    requests = [row["text"] for row in rows("clinc_dev") if half(row["id"]) == 0 and apart(row["id"])][:300]

    messages = [row["a"] for row in rows("meqsum") if half(row["id"]) == 0]

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
        if others is not None:
            yield Group(BOTH, f"{found.name}, messages", usual, covered(found.trial, messages), covered=False)
        yield Group(BOTH, f"{found.name}, requests", usual, covered(found.trial, requests), covered=False)
        away = without(found.trial, questions, grades) if others is None else covered(found.trial, others)
        yield Group(
            BOTH, f"{found.name}, topic out" if others is None else f"{found.name}, medical", usual, away, covered=False
        )


def first_half(found: Collection) -> tuple[list[str], list[Grades]]:
    """The questions of the first half with their grades."""
    kept = [n for n, topic in enumerate(found.topics) if half(topic) == 0]
    return [found.questions[n] for n in kept], [found.grades[n] for n in kept]


def emphasis(group: Group) -> float:
    """With titles stored, missing topics are far harder to tell than foreign requests, and matter more."""
    if group.kind == PASSAGES:
        return 1.0
    return 2.0 if group.covered else 3.0 if group.name.endswith("topic out") else 0.6


def fit(groups: list[Group]) -> tuple[float, NDArray[np.float64]]:
    """Bias and weights; every group counts by its emphasis."""
    matrix = np.concatenate([group.signals for group in groups]).astype(np.float64)
    label = np.concatenate([np.full(len(group.signals), group.covered) for group in groups])
    each = np.concatenate([np.full(len(group.signals), emphasis(group) / len(group.signals)) for group in groups])
    model = LogisticRegression(C=0.3, max_iter=5_000)
    model.fit(matrix, label, sample_weight=each * len(matrix) / each.sum())
    return float(model.intercept_[0]), model.coef_[0]


def main() -> None:
    groups = list(learned(CachedEmbedder()))
    tables = {}
    for kind in (BOTH, PASSAGES):
        chosen = [group for group in groups if group.kind == kind]
        bias, weights = fit(chosen)
        tables[kind] = {"bias": round(bias, 4)} | dict(zip(CONFIDENCE_FEATURES, weights.round(4).tolist(), strict=True))
        certainty = {group.name: bias + group.signals @ weights for group in chosen}
        for group in chosen:
            if not group.covered:
                share, area = let_through(certainty[group.name.split(",")[0]], certainty[group.name])
                print(f"{kind}: {group.name}: let through {share:.1f} %, area {area:.3f}")
    before = json.loads(TARGET.read_text(encoding="utf-8"))
    write({"format": 1, "tables": tables, "demonstration": before["demonstration"]})
    write({"format": 1, "tables": tables, "demonstration": usual_of_demonstration()})


def write(table: dict[str, Any]) -> None:
    TARGET.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def shown(values: NDArray[np.floating]) -> list[float]:
    return [round(float(value), 4) for value in values]


def usual_of_demonstration() -> dict[str, Any]:
    """What the project's own pages show by the tables just written, without anything from elsewhere."""
    read = loader.read(TARGET.parents[4] / "corpus").questions
    cut = [piece for question in read for piece in passages.cut(question, measure=lengths, limit=200)]
    embed = Cached(CachedEmbedder())
    vectors = {
        PASSAGE: embed.encode([passage.text for passage in cut]),
        QUESTION: embed.encode([question.title for question in read]),
    }
    prepared = prepare(EmbeddedCorpus(read, cut, vectors), encoder=embed, model="all-MiniLM-L6-v2")
    stored = StoredQuestions([question.title for question in read], vectors[QUESTION], prepared.postings[QUESTION])
    covered, uncovered = calibration_features(prepared.opened.ranker(InMemory(vectors)), stored, encoder=embed)
    mean, scale = covered.mean(axis=0), covered.std(axis=0) + MIN_SCALE
    plain_table = ConfidenceWeights.shipped(titles=True)
    usual = replace(Calibration.demonstration(plain_table), mean=tuple(mean.tolist()), scale=tuple(scale.tolist()))
    partial, strong = thresholds(usual.certainties(covered), usual.certainties(uncovered))
    found = {"mean": shown(mean), "scale": shown(scale)}
    return found | {
        "partial": round(partial, 4),
        "strong": round(strong, 4),
        "questions": len(covered) + len(uncovered),
    }


if __name__ == "__main__":
    main()
