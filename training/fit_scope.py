"""Learns whether what was found is about a question's subject, from its vector and how near the first answer is.

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
from training.judged_collections import COLLECTIONS, JudgedCollection, first_half, medquad_bodies, medquad_sample
from training.neutral_titles import untitled
from training.table_file import TableContent

SEED = 0
"""Of the draws of questions; the fits are convex."""
MOST = 1_500
"""Questions of one source that are learned from."""
FOLDS = 5
FOREIGN = 0.1
"""How much messages count that are asked of a collection that lacks their subject: it is near, and may be told of."""
MAX_REQUESTS = 0.0025
"""The share of requests, over all collections, that may be in scope."""
SIZES = (50, 500, 2_000)
"""Pages of MedQuAD in the smaller corpora."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ScopeGroup:
    """Questions asked of the collection ``name``: texts, their ``nearness`` (questions,), whether they are in scope."""

    name: str
    texts: Sequence[str]
    nearness: Floats
    in_scope: bool
    weight: float


def health_questions() -> list[list[str]]:
    """What people ask of a doctor, by source."""
    data = medquad()
    asked = {plain(query) for query in data.queries}
    titles = {
        t for t, topic in zip(data.titles, data.groups, strict=True) if half(topic) == 0 and plain(t) not in asked
    }
    messages, threads = ([row for row in rows(name) if half(row["id"]) == 0] for name in ("meqsum", "counselchat"))
    sources = (
        titles,
        {row["a"] for row in messages},
        {row["b"] for row in messages},
        {row["a"] for row in rows("rqe_train") if half(row["id"]) == 0},
        {row["question"] for row in threads},
        {row["question_text"] for row in threads if row["question_text"]},
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
        if collection.name != "medquad":  # MedQuAD's queries judge, and are never learned from
            yield from _answered(first_half(collection))


def _answered(collection: JudgedCollection) -> Iterator[ScopeGroup]:
    """The questions of a collection of which one of the first three answers is relevant."""
    if collection.questions:
        judged = JudgedFeatures.of(list(ask(collection.index, collection.questions, collection.grades)))
        right = judged.in_three
        texts = [collection.questions[place] for place in np.flatnonzero(right).tolist()]
        yield ScopeGroup(collection.name, texts, judged.cosine[right].astype(float), in_scope=True, weight=1.0)


def _group(collection: JudgedCollection, texts: Sequence[str], *, in_scope: bool, weight: float) -> ScopeGroup:
    asked = [one.cosine for one in ask(collection.index, texts, [{}] * len(texts))]
    return ScopeGroup(collection.name, texts, np.array(asked), in_scope, weight)


def numbers(embed: CachedEmbedder, group: ScopeGroup, model: LogisticRegression, known: dict[str, float]) -> Floats:
    """(questions, 2) nearness and health; health by a model learned without the question where one was."""
    odds = np.array([known.get(text, np.nan) for text in group.texts])
    missing = np.flatnonzero(np.isnan(odds)).tolist()
    if missing:
        odds[missing] = model.decision_function(embed([group.texts[place] for place in missing]))
    return np.stack([group.nearness, np.clip(odds, -MAX_HEALTH, MAX_HEALTH)], axis=1)


def fit_weights(asked: Sequence[ScopeGroup], matrices: Sequence[Floats]) -> tuple[Floats, float]:
    """(2,) the weights of nearness and health, and the threshold; every group counts by its weight."""
    each = np.concatenate([np.full(len(group.texts), group.weight / len(group.texts)) for group in asked])
    truth = np.concatenate([np.full(len(group.texts), group.in_scope) for group in asked])
    fitted = LogisticRegression(C=1_000.0)
    fitted.fit(np.concatenate(matrices), truth, sample_weight=each * len(each) / each.sum())
    weights: Floats = fitted.coef_[0]
    foreign = [
        matrix @ weights
        for group, matrix in zip(asked, matrices, strict=True)
        if not group.in_scope and group.weight > FOREIGN
    ]
    return weights, float(np.quantile(np.concatenate(foreign), 1 - MAX_REQUESTS))


def learn(embed: CachedEmbedder) -> TableContent:
    """The table ``scope``."""
    model, known = fit_health(embed)
    asked = list(groups(embed))
    matrices = [numbers(embed, group, model, known) for group in asked]
    weights, threshold = fit_weights(asked, matrices)
    for group, matrix in zip(asked, matrices, strict=True):
        share = 100 * float((matrix @ weights >= threshold).mean())
        print(f"{group.name}, {'answered' if group.in_scope else 'not answered'}: {share:.1f} % in scope")
    scales, arrays = quantized({"health": model.coef_[0].astype(np.float32)})
    values = {
        "format": 1,
        "bias": round(float(model.intercept_[0]), 4),
        "weights": dict(zip(("nearness", "health"), weights.round(4).tolist(), strict=True)),
        "threshold": round(threshold, 4),
        "scales": scales,
    }
    return TableContent(values, arrays)
