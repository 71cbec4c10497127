"""Learns how much each feature of a candidate counts; one half of every collection is never learned from.

A linear model of the candidates of a question, fitted so that its softmax gives the relevant ones the greatest share
(listwise learning to rank, as ListNet does: Cao and others, ICML 2007). All collections count alike.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from askdoc.retriever.feature_names import COLUMN, FEATURES
from askdoc.retriever.fusion import BOTH, PASSAGES, best_coverage
from training.embedding import CachedEmbedder
from training.judged_collections import COLLECTIONS, JudgedCandidates, judged_candidates
from training.table_file import TableContent

SEED = 0
"""Unused: the loss is convex and nothing is drawn."""
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
PENALTY = 3e-3
"""L2 penalty on the weights of standardised features."""
MASKED = -1e9
"""The logit of a place without a candidate."""
Group = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
"""Of one collection: features (questions, candidates, columns), target shares and mask (questions, candidates)."""


def features_of(kind: str) -> list[str]:
    """The features that the table of one kind of index holds."""
    return [name for name in FEATURES if kind == BOTH or name not in TITLE_FEATURES]


def columns(features: NDArray[np.float32], kind: str) -> NDArray[np.float32]:
    """(candidates, 2 · features): each feature as it is, then each by the best coverage of the question's words."""
    chosen = features[:, [COLUMN[name] for name in features_of(kind)]]
    return np.concatenate([chosen, chosen * best_coverage(features)], axis=1)


def padded(judged: Sequence[JudgedCandidates], kind: str) -> Group:
    """The questions that have a relevant candidate, padded to the longest list."""
    kept = [
        (columns(one.candidates.features, kind), 2.0**one.grades - 1) for one in judged if one.grades.max(initial=0) > 0
    ]
    most = max(len(gains) for _, gains in kept)
    features = torch.zeros(len(kept), most, kept[0][0].shape[1])
    target, mask = torch.zeros(len(kept), most), torch.full((len(kept), most), MASKED)
    for place, (values, gains) in enumerate(kept):
        features[place, : len(values)] = torch.from_numpy(values)
        target[place, : len(values)] = torch.from_numpy(gains / gains.sum())
        mask[place, : len(values)] = 0
    return features, target, mask


def fit(groups: list[Group]) -> NDArray[np.float32]:
    """(columns,) the weights; the loss is convex, so nothing is drawn by lot."""
    scale = torch.cat([features[mask == 0] for features, _, mask in groups]).std(dim=0) + 1e-6
    groups = [(features / scale, target, mask) for features, target, mask in groups]
    weights = torch.zeros(len(scale), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], lr=0.5, max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = PENALTY * (weights * weights).sum()
        for features, target, mask in groups:
            share = torch.log_softmax(features @ weights + mask, dim=1)
            loss = loss - (target * share).sum(dim=1).mean() / len(groups)
        loss.backward()
        return loss

    optimizer.step(closure)
    fitted: NDArray[np.float32] = (weights.detach() / scale).numpy()
    return fitted


def table(kind: str, judged: Mapping[str, Sequence[JudgedCandidates]]) -> dict[str, list[float]]:
    """The weights for one kind of index: of each feature what counts always, and what counts by the best coverage."""
    weights = fit([padded(judged[name], kind) for name in LEARNED[kind]])
    names = features_of(kind)
    always, by_coverage = weights[: len(names)], weights[len(names) :]
    return {name: [round(float(always[n]), 4), round(float(by_coverage[n]), 4)] for n, name in enumerate(names)}


def learn(embed: CachedEmbedder) -> TableContent:
    """The table ``fusion``."""
    torch.set_num_threads(1)  # sums in one order, so that the same bytes come out
    names = [name for names in LEARNED.values() for name in names]
    judged = {name: judged_candidates(COLLECTIONS[name](embed)) for name in names}
    return TableContent({"format": 1, "tables": {kind: table(kind, judged) for kind in LEARNED}})
