"""Learns how much each feature of the confidence counts; each is told beside what is usual for the collection.

Covered: MedQuAD's questions on a fifth of the topics of the first half, on which the topicality was not learned (none
of the retrieval queries), CounselChat's titles and, with titles in the index, its long texts and the long messages of
``silver``, first halves all. Uncovered: the same with every answer on their topic taken out, MedQuAD's questions asked
of CounselChat, and half of the requests to a general assistant asked of each.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
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
from training.abstention import covered, let_through, own_questions, uncovered, untitled, without_answers
from training.datasets import MOST_TOKENS, ROOT, half, lengths, medquad, plain, rows, set_apart
from training.embedding import CachedEmbedder
from training.judged_collections import (
    Grades,
    JudgedCollection,
    counselchat_bodies,
    counselchat_pages,
    medquad_bodies,
    paraphrases,
    silver,
)
from training.table_file import TableContent

SEED = 0
"""Of the draw of MedQuAD's questions; the fit itself is convex."""
QUESTIONS = 600
"""Questions of MedQuAD that are learned from."""
ELSEWHERE = 300
"""Questions that are asked of a collection that does not cover them."""
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Group:
    """Features (questions, names) of one kind of question, beside those of the questions usual for the collection."""

    kind: str
    name: str
    usual: Floats
    raw: Floats
    covered: bool

    @cached_property
    def features(self) -> Floats:
        """(questions, names) in standard deviations from what is usual."""
        mean, scale = self.usual.mean(axis=0), self.usual.std(axis=0) + MIN_SCALE
        clipped: Floats = np.clip((self.raw - mean) / scale, -MAX_DEVIATIONS, MAX_DEVIATIONS)
        return clipped

    @property
    def emphasis(self) -> float:
        """How much the group counts: with titles, missing topics are harder to tell than requests, and matter more."""
        if self.kind == PASSAGES:
            return 1.0
        return 2.0 if self.covered else 3.0 if self.name.endswith("topic out") else 0.6


@dataclass(frozen=True)
class Questions:
    """The questions that several collections are asked: ``rows`` of MedQuAD, requests, and messages."""

    rows: Sequence[int]
    titles: Sequence[str]
    topics: Sequence[str]
    requests: Sequence[str]
    messages: Sequence[str]

    @classmethod
    def draw(cls) -> "Questions":
        """Those of the first halves, and of MedQuAD and the requests the part that was set apart."""
        data = medquad()
        queries = {plain(query) for query in data.queries}
        free = [
            row
            for row, (title, topic) in enumerate(zip(data.titles, data.groups, strict=True))
            if half(topic) == 0 and set_apart(topic) and plain(title) not in queries
        ]
        chosen = random.Random(SEED).sample(free, QUESTIONS)
        requests = [row["text"] for row in rows("clinc_dev") if half(row["id"]) == 0 and set_apart(row["id"])]
        return cls(
            chosen,
            [data.titles[row] for row in chosen],
            [data.groups[row] for row in chosen],
            requests[:ELSEWHERE],
            [row["a"] for row in rows("meqsum") if half(row["id"]) == 0],
        )


def groups_without_titles(embed: CachedEmbedder, asked: Questions) -> Iterator[Group]:
    """Every group of the collections without titles in the index."""
    bodies, of_answers = medquad_bodies(embed).index, medquad().groups
    usual = covered(bodies, asked.titles)
    without_topic = uncovered(bodies, asked.titles, asked.topics, of_answers)
    yield Group(PASSAGES, "medquad", usual, usual, covered=True)
    yield Group(PASSAGES, "medquad, topic out", usual, without_topic, covered=False)
    yield Group(PASSAGES, "medquad, requests", usual, covered(bodies, asked.requests), covered=False)

    chats = counselchat_bodies(embed)
    usual = covered(chats.index, first_half(chats)[0])
    yield Group(PASSAGES, "counselchat", usual, usual, covered=True)
    yield Group(PASSAGES, "counselchat, medical", usual, covered(chats.index, asked.titles[:ELSEWHERE]), covered=False)
    yield Group(PASSAGES, "counselchat, requests", usual, covered(chats.index, asked.requests), covered=False)


def groups_with_titles(embed: CachedEmbedder, asked: Questions) -> Iterator[Group]:
    """Every group of the collections with titles in the index."""
    usual, without_topic = untitled(paraphrases(embed).index, asked.rows, asked.topics, medquad().groups)
    yield Group(BOTH, "medquad pages", usual, usual, covered=True)
    yield Group(BOTH, "medquad pages, topic out", usual, without_topic, covered=False)

    pages = counselchat_pages(embed)
    usual, (questions, _) = own_questions(pages.index), first_half(pages)
    yield Group(BOTH, pages.name, usual, covered(pages.index, questions), covered=True)
    yield Group(BOTH, f"{pages.name}, messages", usual, covered(pages.index, asked.messages), covered=False)
    yield Group(BOTH, f"{pages.name}, requests", usual, covered(pages.index, asked.requests), covered=False)
    medical = covered(pages.index, asked.titles[:ELSEWHERE])
    yield Group(BOTH, f"{pages.name}, medical", usual, medical, covered=False)

    long = silver(embed)
    usual, (questions, grades) = own_questions(long.index), first_half(long)
    yield Group(BOTH, long.name, usual, covered(long.index, questions), covered=True)
    yield Group(BOTH, f"{long.name}, requests", usual, covered(long.index, asked.requests), covered=False)
    without_topic = without_answers(long.index, questions, grades)
    yield Group(BOTH, f"{long.name}, topic out", usual, without_topic, covered=False)


def first_half(collection: JudgedCollection) -> tuple[list[str], list[Grades]]:
    """The questions of the first half with their grades."""
    kept = [place for place, topic in enumerate(collection.topics) if half(topic) == 0]
    return [collection.questions[place] for place in kept], [collection.grades[place] for place in kept]


def fit(groups: Sequence[Group]) -> tuple[float, NDArray[np.float64]]:
    """Bias and weights (names,); every group counts by its emphasis, whatever its size."""
    matrix = np.concatenate([group.features for group in groups]).astype(np.float64)
    label = np.concatenate([np.full(len(group.features), group.covered) for group in groups])
    each = np.concatenate([np.full(len(group.features), group.emphasis / len(group.features)) for group in groups])
    model = LogisticRegression(C=0.3, max_iter=5_000)
    model.fit(matrix, label, sample_weight=each * len(matrix) / each.sum())
    return float(model.intercept_[0]), model.coef_[0]


def report(groups: Sequence[Group], bias: float, weights: NDArray[np.float64]) -> None:
    """Print how well the fitted weights tell covered from uncovered questions, of those that they were learned from."""
    certainty = {group.name: bias + group.features @ weights for group in groups}
    for group in groups:
        if not group.covered:
            share, area = let_through(certainty[group.name.split(",")[0]], certainty[group.name])
            print(f"{group.kind}: {group.name}: let through {share:.1f} %, area {area:.3f}")


def learn(embed: CachedEmbedder) -> TableContent:
    """The table ``confidence``."""
    asked, tables = Questions.draw(), {}
    for kind, make in ((BOTH, groups_with_titles), (PASSAGES, groups_without_titles)):
        groups = list(make(embed, asked))
        bias, weights = fit(groups)
        report(groups, bias, weights)
        tables[kind] = {"bias": round(bias, 4)} | dict(zip(CONFIDENCE_FEATURES, weights.round(4).tolist(), strict=True))
    return TableContent({"format": 1, "tables": tables, "demonstration": demonstration(embed, tables[BOTH])})


def demonstration(embed: CachedEmbedder, table: Mapping[str, float]) -> dict[str, Any]:
    """What the project's own pages show by the table just learned, without anything from elsewhere."""
    questions = loader.read(ROOT / "corpus").questions
    cut = [piece for question in questions for piece in passages.cut(question, measure=lengths, limit=MOST_TOKENS)]
    titles = [question.title for question in questions]
    vectors = {PASSAGE: embed([passage.text for passage in cut]), QUESTION: embed(titles)}
    with_table = {**embed.tables.contents, "confidence.json": json.dumps(_uncalibrated(table)).encode()}
    tables = replace(embed.tables, contents=with_table)
    prepared = prepare(EmbeddedCorpus(questions, cut, vectors), encoder=embed, tables=tables)
    stored = StoredQuestions(titles, vectors[QUESTION], prepared.postings[QUESTION])
    covered, uncovered = calibration_features(prepared.opened.ranker(InMemory(vectors)), stored, encoder=embed)
    mean, scale = covered.mean(axis=0), covered.std(axis=0) + MIN_SCALE
    learned = ConfidenceWeights.parse(table)
    usual = Calibration(
        tuple(mean.tolist()), tuple(scale.tolist()), tuple(learned.weights.tolist()), learned.bias, 0.0, 0.0
    )
    partial, strong = thresholds(usual.certainties(covered), usual.certainties(uncovered))
    return {
        "mean": _rounded(mean),
        "scale": _rounded(scale),
        "partial": round(partial, 4),
        "strong": round(strong, 4),
        "questions": len(covered) + len(uncovered),
    }


def _uncalibrated(table: Mapping[str, float]) -> dict[str, Any]:
    """A document with the table just learned and no calibration yet, for what is prepared to calibrate with."""
    names = CONFIDENCE_FEATURES
    nothing = {"mean": [0] * len(names), "scale": [1] * len(names), "partial": 0, "strong": 0, "questions": 0}
    return {"tables": dict.fromkeys((BOTH, PASSAGES), table), "demonstration": nothing}


def _rounded(values: NDArray[np.floating]) -> list[float]:
    return [round(float(value), 4) for value in values]
