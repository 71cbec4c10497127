"""Learns how much each feature of the confidence counts; each is told beside what is usual for the collection.

What is usual for a collection, an index finds by its own questions (``offline.calibration``), and so it does here.
Covered: questions of which one of the first three answers is relevant. Uncovered: those of which none is, the same
questions with every answer on their topic taken out, requests to a general assistant, and messages that the collection
does not answer. The questions: people's messages (``silver``, ``meqsum`` in either direction, ``rqe``, CounselChat's
long texts), topics in other words, and titles (CounselChat's, MedQuAD's, as if their own title were not stored),
against collections with titles and without, small ones too. All are of the first halves; of MedQuAD's and of the
requests only the fifth on which the topicality was not learned, and none of the retrieval queries.
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
from sklearn.metrics import roc_auc_score

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
from askdoc.retriever.offline.calibration import calibration_features
from askdoc.retriever.offline.prepare import EmbeddedCorpus, InMemory, prepare, stored_questions
from askdoc.retriever.statistics import PASSAGE, QUESTION
from training.abstention import uncovered, untitled_questions
from training.datasets import MOST_TOKENS, ROOT, half, lengths, medquad, plain, rows, set_apart
from training.embedding import CachedEmbedder
from training.in_memory_retriever import asked_questions
from training.judged_answers import JudgedFeatures, ask, without_relevant
from training.judged_collections import (
    COLLECTIONS,
    OTHER_WORDS,
    JudgedCollection,
    first_half,
    medquad_bodies,
    medquad_sample,
    paraphrases,
)
from training.neutral_titles import untitled
from training.table_file import TableContent

SEED = 0
"""Of the draw of MedQuAD's questions; the fit itself is convex."""
QUESTIONS = 600
"""Questions of MedQuAD that are learned from."""
WITH_TITLES = ("counselchat pages", "silver", "meqsum", "rqe")
IN_OTHER_WORDS = ("meqsum b to a", "body repeats title, among others")
WITHOUT_TITLES = ("counselchat", "counselchat long")
BARED = ("silver", "paraphrases", "meqsum", "rqe")
"""Collections with titles that are asked without them, too."""
LEARNED_FROM, OTHER_DRAW = 600, 7
"""The most questions that a smaller corpus is asked, and the seed of its draw: another than where it judges."""
SIZES = (500, 2_000)
"""Pages of the smaller corpora, drawn of MedQuAD's, asked in other words."""
SMALLER = 0.34
"""How much each of these counts."""
NOT_RIGHT, TOPIC_OUT, REQUESTS, MESSAGES = 0.6, 0.3, 0.5, 0.4
"""How much kinds of uncovered questions count beside the covered ones of a collection."""
MEDQUAD, MEDQUAD_OUT = 4.0, 6.0
"""How much MedQuAD's questions count, and those with their topic out: a missing topic is hardest to tell."""
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Group:
    """Questions of one kind asked of one collection: ``features`` (questions, features) beside what is usual there."""

    name: str
    features: Floats
    covered: bool
    emphasis: float


@dataclass(frozen=True)
class UsualFeatures:
    """What is usual for a collection: mean and standard deviation (features,) over its own covered questions."""

    mean: Floats
    scale: Floats

    @classmethod
    def of(cls, covered: Floats) -> "UsualFeatures":
        """Those of a collection's own covered questions (questions, features)."""
        return cls(covered.mean(axis=0), covered.std(axis=0) + MIN_SCALE)

    def beside(self, features: Floats) -> Floats:
        """Features (questions, features) in standard deviations from what is usual."""
        clipped: Floats = np.clip((features - self.mean) / self.scale, -MAX_DEVIATIONS, MAX_DEVIATIONS)
        return clipped


@dataclass(frozen=True)
class AskedCollection:
    """A collection, how much it counts, and what is usual for it."""

    collection: JudgedCollection
    emphasis: float = 1.0

    @cached_property
    def usual(self) -> UsualFeatures:
        """What an index of it would find by its own questions."""
        index = self.collection.index
        return UsualFeatures.of(calibration_features(index.ranker(), asked_questions(index), encoder=index.embed)[0])

    def own(self) -> Iterator[Group]:
        """The groups of its own questions of the first half: right, not right, with the relevant answers taken out."""
        collection, name = first_half(self.collection), self.collection.name
        asked = list(ask(collection.index, collection.questions, collection.grades))
        judged = JudgedFeatures.of(asked)
        features = self.usual.beside(judged.features)
        yield self._group(name, features[judged.in_three], covered=True, emphasis=1.0)
        yield self._group(f"{name}, not right", features[~judged.in_three], covered=False, emphasis=NOT_RIGHT)
        without = np.stack([ranked.confidence_features for ranked in without_relevant(collection.index, asked)])
        yield self._group(f"{name}, topic out", self.usual.beside(without), covered=False, emphasis=TOPIC_OUT)

    def foreign(self, kind: str, texts: Sequence[str], emphasis: float) -> Group:
        """The group of some questions that it does not answer."""
        judged = JudgedFeatures.of(list(ask(self.collection.index, texts, [{}] * len(texts))))
        name = f"{self.collection.name}, {kind}"
        return self._group(name, self.usual.beside(judged.features), covered=False, emphasis=emphasis)

    def _group(self, name: str, features: Floats, *, covered: bool, emphasis: float) -> Group:
        return Group(name, features, covered, emphasis * self.emphasis)


def drawn_rows() -> list[int]:
    """The pages of MedQuAD whose titles are asked."""
    data = medquad()
    queries = {plain(query) for query in data.queries}
    free = [
        row
        for row, (title, topic) in enumerate(zip(data.titles, data.groups, strict=True))
        if half(topic) == 0 and set_apart(topic) and plain(title) not in queries
    ]
    return random.Random(SEED).sample(free, QUESTIONS)


def medquad_groups(asked: AskedCollection) -> Iterator[Group]:
    """MedQuAD's titles, as if their own title were not stored, and with every answer on their topic taken out."""
    index, data, chosen = asked.collection.index, medquad(), drawn_rows()
    topics = [data.groups[row] for row in chosen]
    titles = [data.titles[row] for row in chosen]
    if len(index.titled):
        with_topic, without_topic = untitled_questions(index, chosen, topics, data.groups)
    else:
        judged = JudgedFeatures.of(list(ask(index, titles, [{}] * len(titles))))
        without = [ranked.confidence_features for ranked in uncovered(index, titles, topics, data.groups)]
        with_topic, without_topic = judged.features, np.stack(without)
    yield Group("medquad", asked.usual.beside(with_topic), covered=True, emphasis=MEDQUAD)
    yield Group("medquad, topic out", asked.usual.beside(without_topic), covered=False, emphasis=MEDQUAD_OUT)


def collections(kind: str, embed: CachedEmbedder) -> Iterator[AskedCollection]:
    """The collections with titles, or those without, that are asked their own questions."""
    smaller = [medquad_sample(embed, pages=pages, questions=LEARNED_FROM, seed=OTHER_DRAW) for pages in SIZES]
    if kind == BOTH:
        makers = [COLLECTIONS[name](embed) for name in WITH_TITLES]
        makers += [OTHER_WORDS[name](embed) for name in IN_OTHER_WORDS]
    else:
        makers = [COLLECTIONS[name](embed) for name in WITHOUT_TITLES]
        makers += [untitled(COLLECTIONS[name](embed)) for name in BARED]
        smaller = [untitled(collection) for collection in smaller]
    yield from map(AskedCollection, makers)
    yield from (AskedCollection(collection, SMALLER) for collection in smaller)


def groups(kind: str, embed: CachedEmbedder) -> Iterator[Group]:
    """Every group of the collections with titles, or of those without."""
    requests = [row["text"] for row in rows("clinc_dev") if half(row["id"]) == 0 and set_apart(row["id"])]
    messages = [row["a"] for row in rows("meqsum") if half(row["id"]) == 0]
    for asked in collections(kind, embed):
        yield from asked.own()
        yield asked.foreign("requests", requests, REQUESTS)
        if asked.collection.name.startswith("counselchat"):
            yield asked.foreign("messages", messages, MESSAGES)
    whole = AskedCollection(paraphrases(embed) if kind == BOTH else medquad_bodies(embed))
    yield from medquad_groups(whole)
    yield replace(whole.foreign("requests", requests, REQUESTS), name="medquad, requests")


def fit(asked: Sequence[Group]) -> tuple[float, NDArray[np.float64]]:
    """Bias and weights (features,); every group counts by its emphasis, whatever its size."""
    some = [group for group in asked if len(group.features)]
    matrix = np.concatenate([group.features for group in some]).astype(np.float64)
    label = np.concatenate([np.full(len(group.features), group.covered) for group in some])
    each = np.concatenate([np.full(len(group.features), group.emphasis / len(group.features)) for group in some])
    model = LogisticRegression(C=0.3, max_iter=5_000)
    model.fit(matrix, label, sample_weight=each * len(matrix) / each.sum())
    return float(model.intercept_[0]), model.coef_[0]


def report(kind: str, asked: Sequence[Group], bias: float, weights: NDArray[np.float64]) -> None:
    """Print how well the weights tell covered from uncovered questions, of those that they were learned from."""
    certainty = {group.name: bias + group.features @ weights for group in asked}
    for group in asked:
        covered = certainty[group.name.rsplit(", ", 1)[0]] if not group.covered else np.zeros(0)
        if len(covered) and len(group.features):
            truth = np.arange(len(covered) + len(group.features)) < len(covered)
            area = roc_auc_score(truth, np.concatenate([covered, certainty[group.name]]))
            print(f"{kind}: {group.name}: area {area:.3f}")


def learn(embed: CachedEmbedder) -> TableContent:
    """The table ``confidence``."""
    tables = {}
    for kind in (BOTH, PASSAGES):
        asked = list(groups(kind, embed))
        bias, weights = fit(asked)
        report(kind, asked, bias, weights)
        tables[kind] = {"bias": round(bias, 4)} | dict(zip(CONFIDENCE_FEATURES, weights.round(4).tolist(), strict=True))
    return TableContent({"format": 1, "tables": tables, "demonstration": demonstration(embed, tables[BOTH])})


def demonstration(embed: CachedEmbedder, table: Mapping[str, float]) -> dict[str, Any]:
    """What the project's own pages show by the table just learned, without anything from elsewhere."""
    questions = loader.read(ROOT / "corpus").questions
    cut = [piece for question in questions for piece in passages.cut(question, measure=lengths, limit=MOST_TOKENS)]
    titles = [question.title for question in questions]
    vectors = {PASSAGE: embed.documents([passage.text for passage in cut]), QUESTION: embed(titles)}
    with_table = {**embed.tables.contents, "confidence.json": json.dumps(_uncalibrated(table)).encode()}
    tables = replace(embed.tables, contents=with_table)
    corpus = EmbeddedCorpus(questions, cut, vectors).assessed()
    prepared = prepare(corpus, encoder=embed, tables=tables)
    ranker = prepared.opened.ranker(InMemory(corpus.fields()))
    stored = stored_questions(corpus, prepared.postings)
    covered, uncovered = calibration_features(ranker, stored, encoder=embed)
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
