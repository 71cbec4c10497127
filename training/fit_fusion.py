"""Learns how much each feature of a candidate counts; one half of every collection is never learned from.

A linear model of the candidates of a question, fitted so that its softmax gives the relevant ones the greatest share
(listwise learning to rank, as ListNet does: Cao and others, ICML 2007). All collections count alike. Candidates without
a title among others with titles are learned last: half of the titles are hidden, and the scores of the candidates whose
titles are left stand as they are.
"""

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from askdoc.retriever.feature_names import COLUMN, FEATURES
from askdoc.retriever.fusion import BIAS, BOTH, PASSAGES, UNTITLED, Fusion, best_coverage
from training.embedding import CachedEmbedder
from training.judged_collections import COLLECTIONS, JudgedCandidates, JudgedCollection, judged_candidates
from training.neutral_titles import untitled
from training.table_file import TableContent

SEED = 0
"""Draws the titles that are hidden; the loss is convex."""
TITLE_FEATURES = {
    "title",
    "adapted_title",
    "title_hubness",
    "title_words",
    "weighted_title_words",
    "title_cover",
    "any_cover",
}
"""Features that say nothing where no titles are stored."""
LEARNED = {
    PASSAGES: ("medquad", "counselchat", "counselchat long"),
    BOTH: ("counselchat pages", "silver", "paraphrases", "meqsum", "rqe"),
}
"""The collections that each kind of index is learned from."""
BARED = ("silver", "paraphrases")
"""Collections with titles that the table for those without is learned from too, their titles taken away."""
BARED_COUNT = 0.25
"""How much each of them counts: more lifts such collections further and costs CounselChat a point."""
PENALTY = 3e-3
"""L2 penalty on the weights of standardised features."""
MASKED = -1e9
"""The logit of a place without a candidate."""
HIDDEN = 0.5
"""The share of titles that are hidden to learn from candidates with titles and without."""
PLACEHOLDER = "Question"
"""What stands in place of a hidden title: it says nothing, so it counts as none."""
Group = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
"""Of one collection: features (questions, candidates, columns), target shares and what is added to the logits."""


def features_of(kind: str) -> list[str]:
    """The features that a table holds, without the bias."""
    return [name for name in FEATURES if kind == BOTH or name not in TITLE_FEATURES]


def columns(features: NDArray[np.float32], kind: str) -> NDArray[np.float32]:
    """(candidates, 2 · names): what a table counts as it is, then by the best coverage of the question's words."""
    chosen = features[:, [COLUMN[name] for name in features_of(kind)]]
    if kind == UNTITLED:
        chosen = np.concatenate([chosen, np.ones((len(chosen), 1), np.float32)], axis=1)
    return np.concatenate([chosen, chosen * best_coverage(features)], axis=1)


def padded(judged: Sequence[JudgedCandidates], kind: str) -> Group:
    """The questions that have a relevant candidate, padded to the longest list."""
    kept = [one for one in judged if one.grades.max(initial=0) > 0]
    most, width = max(len(one.grades) for one in kept), columns(kept[0].candidates.features, kind).shape[1]
    features = torch.zeros(len(kept), most, width)
    target, added = torch.zeros(len(kept), most), torch.full((len(kept), most), MASKED)
    for place, one in enumerate(kept):
        gains = 2.0**one.grades - 1
        features[place, : len(gains)] = torch.from_numpy(columns(one.candidates.features, kind))
        target[place, : len(gains)] = torch.from_numpy(gains / gains.sum())
        added[place, : len(gains)] = 0
    return features, target, added


def without_titles(judged: Sequence[JudgedCandidates], fusion: Fusion) -> Group:
    """The same where ``fusion`` scores the candidates with titles, and what the others add to nothing is learned."""
    features, target, added = padded(judged, UNTITLED)
    kept = [one.candidates for one in judged if one.grades.max(initial=0) > 0]
    for place, candidates in enumerate(kept):
        titled = torch.from_numpy(np.flatnonzero(candidates.titled))
        scores = fusion.scores(candidates.features, np.ones(len(candidates.answers), bool))
        features[place, titled] = 0
        added[place, titled] = torch.from_numpy(scores)[titled]
    return features, target, added


def fit(groups: list[Group], counts: Sequence[float]) -> NDArray[np.float32]:
    """(columns,) the weights; ``counts``: how much each group counts. The loss is convex: nothing is drawn by lot."""
    scale = torch.cat([features[added > MASKED] for features, _, added in groups]).std(dim=0) + 1e-6
    groups = [(features / scale, target, added) for features, target, added in groups]
    weights = torch.zeros(len(scale), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], lr=0.5, max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = PENALTY * (weights * weights).sum()
        for (features, target, added), count in zip(groups, counts, strict=True):
            share = torch.log_softmax(features @ weights + added, dim=1)
            loss = loss - count * (target * share).sum(dim=1).mean() / sum(counts)
        loss.backward()
        return loss

    optimizer.step(closure)
    fitted: NDArray[np.float32] = (weights.detach() / scale).numpy()
    return fitted


def table(kind: str, groups: list[Group], counts: Sequence[float] = ()) -> dict[str, list[float]]:
    """Fit one table: of each name what counts always, and what counts by the best coverage."""
    weights = fit(groups, counts or [1.0] * len(groups))
    names = [*features_of(kind), *([BIAS] if kind == UNTITLED else [])]
    always, by_coverage = weights[: len(names)], weights[len(names) :]
    return {name: [round(float(always[n]), 4), round(float(by_coverage[n]), 4)] for n, name in enumerate(names)}


def with_hidden_titles(collection: JudgedCollection) -> JudgedCollection:
    """The collection with a placeholder in place of so many titles as ``HIDDEN`` says."""
    draw = random.Random(SEED)
    titles = [PLACEHOLDER if draw.random() < HIDDEN else title for title in collection.index.titles]
    return replace(collection, index=replace(collection.index, titles=titles))


def learn(embed: CachedEmbedder) -> TableContent:
    """The table ``fusion``."""
    torch.set_num_threads(1)  # sums in one order, so that the same bytes come out
    collections = {name: COLLECTIONS[name](embed) for names in LEARNED.values() for name in names}
    judged = {name: judged_candidates(collection) for name, collection in collections.items()}
    groups = {kind: [padded(judged[name], kind) for name in names] for kind, names in LEARNED.items()}
    tables = {BOTH: table(BOTH, groups[BOTH])}
    bared = [padded(judged_candidates(untitled(collections[name])), PASSAGES) for name in BARED]
    counts = [1.0] * len(groups[PASSAGES]) + [BARED_COUNT] * len(bared)
    tables[PASSAGES] = table(PASSAGES, groups[PASSAGES] + bared, counts)
    fusion = Fusion.parse({"tables": tables})
    partly = [judged_candidates(with_hidden_titles(collections[name])) for name in LEARNED[BOTH]]
    partly += [judged[name] for name in LEARNED[PASSAGES]]
    tables[UNTITLED] = table(UNTITLED, [without_titles(some, fusion) for some in partly])
    return TableContent({"format": 1, "tables": tables})
