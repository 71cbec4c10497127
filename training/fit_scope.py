"""Learns whether what was found is about the subject of a question: from its vector, and from how near the first answer is.

First, which questions people ask of a doctor: MedQuAD's titles (none of the retrieval queries), the messages and short
questions of MeQSum, RQE's, CounselChat's titles and texts, against requests to a general assistant; first halves all.
Then how much nearness counts beside it, and from where: over collections asked their own questions, as far as one of
the first three answers is relevant, and the requests. Each question's ``health`` in the second step is told by a model
that was learned without it.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from askdoc.retriever.learned_tables import quantized
from askdoc.retriever.scope import MAX_HEALTH
from training.datasets import half, medquad, plain, rows
from training.embedding import CachedEmbedder
from training.judged_answers import JudgedFeatures, ask
from training.judged_collections import COLLECTIONS, JudgedCollection, medquad_bodies, medquad_sample
from training.neutral_titles import untitled
from training.table_file import TableContent

SEED = 0
"""Of the draws of questions; the fits are convex."""
MOST = 1_500
"""Questions of one source that are learned from."""
FOLDS = 5
FOREIGN = 0.1
"""How much messages count that are asked of a collection that lacks their subject: it is near, and may be told of."""
MAX_REQUESTS = 0.003
"""The share of requests, over all collections, that may be in scope."""
SIZES = (50, 500, 2_000)
"""Pages of MedQuAD in the smaller corpora."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ScopeGroup:
    """Questions asked of the collection ``name``: texts, ``nearness`` (questions,), whether they are in scope, their weight."""

    name: str
    texts: Sequence[str]
    nearness: Floats
    in_scope: bool
    weight: float


def health_questions() -> list[list[str]]:
    """What people ask of a doctor, by source."""
    data = medquad()
    asked = {plain(query) for query in data.queries}
    titles = {t for t, topic in zip(data.titles, data.groups, strict=True) if half(topic) == 0 and plain(t) not in asked}
    messages, pages = ([row for row in rows(name) if half(row["id"]) == 0] for name in ("meqsum", "counselchat"))
    sources = (
        titles,
        {row["a"] for row in messages},
        {row["b"] for row in messages},
        {row["a"] for row in rows("rqe_train") if half(row["id"]) == 0},
        {row["question"] for row in pages},
        {row["question_text"] for row in pages if row["question_text"]},
    )
    return [random.Random(SEED).sample(sorted(texts), min(MOST, len(texts))) for texts in sources]


def requests() -> list[str]:
    """Requests to a general assistant, of the first half."""
    return [row["text"] for row in rows("clinc_dev") if half(row["id"]) == 0]


def fit_health(embed: CachedEmbedder) -> tuple[LogisticRegression, dict[str, float]]:
    """The model that tells health from requests, and of each text what a model learned without it says."""
    sources, foreign = health_questions(), requests()
    texts = [text for source in sources for text in source] + foreign
    weights = [np.full(len(source), 1 / len(source) / len(sources)) for source in sources]
    weight = np.concatenate([*weights, np.full(len(foreign), 1 / len(foreign))]) * len(texts) / 2
    truth = np.arange(len(texts)) < len(texts) - len(foreign)
    model, vectors = LogisticRegression(C=1.0, max_iter=5_000), embed(texts)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    odds = cross_val_predict(
        model, vectors, truth, cv=folds, method="decision_function", params={"sample_weight": weight}
    )
    model.fit(vectors, truth, sample_weight=weight)
    return model, dict(zip(texts, odds.tolist(), strict=True))


def collections(embed: CachedEmbedder) -> Iterator[JudgedCollection]:
    """The collections that are asked, and small ones."""
    for name in ("counselchat", "counselchat long", "counselchat pages", "silver", "meqsum", "rqe"):
        yield COLLECTIONS[name](embed)
    yield untitled(COLLECTIONS["silver"](embed))
    yield medquad_bodies(embed)
    for pages in SIZES:
        yield medquad_sample(embed, pages=pages, questions=1, seed=SEED)


def groups(embed: CachedEmbedder) -> Iterator[ScopeGroup]:
    """Every group of questions that the second step is learned from."""
    foreign, messages = requests(), [row["a"] for row in rows("meqsum") if half(row["id"]) == 0]
    for collection in collections(embed):
        yield _group(collection, foreign, in_scope=False, weight=1.0)
        if collection.name.startswith("counselchat"):
            yield _group(collection, messages, in_scope=False, weight=FOREIGN)
        kept = [place for place, topic in enumerate(collection.topics) if half(topic) == 0]
        if collection.name != "medquad" and len(kept) > 1:  # MedQuAD's queries judge, and are never learned from
            questions, grades = ([values[n] for n in kept] for values in (collection.questions, collection.grades))
            found = JudgedFeatures.of(list(ask(collection.index, questions, grades)))
            texts = [text for text, right in zip(questions, found.in_three, strict=True) if right]
            yield ScopeGroup(collection.name, texts, found.cosine[found.in_three].astype(float), in_scope=True, weight=1.0)


def _group(collection: JudgedCollection, texts: Sequence[str], *, in_scope: bool, weight: float) -> ScopeGroup:
    asked = [one.cosine for one in ask(collection.index, texts, [{}] * len(texts))]
    return ScopeGroup(collection.name, texts, np.array(asked), in_scope, weight)


def learn(embed: CachedEmbedder) -> TableContent:
    """The table ``scope``."""
    model, known = fit_health(embed)
    asked = list(groups(embed))
    odds = [np.array([known.get(text, np.nan) for text in group.texts]) for group in asked]
    for group, values in zip(asked, odds, strict=True):
        missing = np.isnan(values)
        if missing.any():
            values[missing] = model.decision_function(embed([t for t, m in zip(group.texts, missing, strict=True) if m]))
    matrix = np.concatenate(
        [
            np.stack([group.nearness, np.clip(values, -MAX_HEALTH, MAX_HEALTH)], axis=1)
            for group, values in zip(asked, odds, strict=True)
        ]
    )
    truth = np.concatenate([np.full(len(group.texts), group.in_scope) for group in asked])
    weight = np.concatenate([np.full(len(group.texts), group.weight / len(group.texts)) for group in asked])
    fitted = LogisticRegression(C=1_000.0).fit(matrix, truth, sample_weight=weight * len(weight) / weight.sum())
    score = matrix @ fitted.coef_[0]
    foreign = np.concatenate([np.full(len(g.texts), not g.in_scope and g.weight == 1.0) for g in asked])
    threshold = float(np.quantile(score[foreign], 1 - MAX_REQUESTS))
    at = 0
    for group in asked:
        share = (score[at : at + len(group.texts)] >= threshold).mean()
        print(f"{group.name}, in scope {group.in_scope}: {100 * share:.1f} % of {len(group.texts)}")
        at += len(group.texts)
    scales, arrays = quantized({"health": model.coef_[0].astype(np.float32)})
    names = ("nearness", "health")
    return TableContent(
        {
            "format": 1,
            "bias": round(float(model.intercept_[0]), 4),
            "weights": dict(zip(names, fitted.coef_[0].round(4).tolist(), strict=True)),
            "threshold": round(threshold, 4),
            "scales": scales,
        },
        arrays,
    )
