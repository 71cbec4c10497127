"""Learns how much each signal of a candidate counts; one half of every collection is never learned from.

A linear model of the candidates of a question, fitted so that its softmax gives the relevant ones the greatest share
(listwise learning to rank, as ListNet does: Cao and others, ICML 2007). All collections count alike.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from askdoc.retriever.features import NAMES, PLACE
from askdoc.retriever.fusion import BOTH, PASSAGES, trust
from training.embedding import CachedEmbedder
from training.judged_collections import COLLECTIONS, JudgedCandidates, judged_candidates
from training.table_file import TableContent

SEED = 0
"""Unused: the loss is convex and nothing is drawn."""
TITLE_SIGNALS = {
    "title",
    "adapted_title",
    "title_hubness",
    "title_words",
    "weighted_title_words",
    "title_cover",
    "any_cover",
}
"""Signals that say nothing where no titles are stored."""
LEARNED = {
    PASSAGES: ("medquad", "counselchat", "counselchat long"),
    BOTH: ("counselchat pages", "silver", "paraphrases", "meqsum", "rqe"),
}
"""The collections that each kind of index is learned from."""
PENALTY = 3e-3
"""L2 penalty on the weights of standardised signals."""
MASKED = -1e9
"""The logit of a place without a candidate."""
Group = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
"""Of one collection: signals (questions, candidates, columns), target shares and mask (questions, candidates)."""


def signals_of(kind: str) -> list[str]:
    """The signals that the table of one kind of index holds."""
    return [name for name in NAMES if kind == BOTH or name not in TITLE_SIGNALS]


def columns(signals: NDArray[np.float32], kind: str) -> NDArray[np.float32]:
    """(candidates, 2 · signals): each signal as it is, then each by the trust in the words."""
    chosen = signals[:, [PLACE[name] for name in signals_of(kind)]]
    return np.concatenate([chosen, chosen * trust(signals)], axis=1)


def padded(judged: Sequence[JudgedCandidates], kind: str) -> Group:
    """The questions of the first half that have a relevant candidate, padded to the longest list."""
    kept = [
        (columns(one.candidates.signals, kind), 2.0**one.grades - 1)
        for one in judged
        if one.half == 0 and one.grades.max(initial=0) > 0
    ]
    most = max(len(gains) for _, gains in kept)
    signals = torch.zeros(len(kept), most, kept[0][0].shape[1])
    target, mask = torch.zeros(len(kept), most), torch.full((len(kept), most), MASKED)
    for place, (values, gains) in enumerate(kept):
        signals[place, : len(values)] = torch.from_numpy(values)
        target[place, : len(values)] = torch.from_numpy(gains / gains.sum())
        mask[place, : len(values)] = 0
    return signals, target, mask


def fit(groups: list[Group]) -> NDArray[np.float32]:
    """(columns,) the weights; the loss is convex, so nothing is drawn by lot."""
    scale = torch.cat([signals[mask == 0] for signals, _, mask in groups]).std(dim=0) + 1e-6
    groups = [(signals / scale, target, mask) for signals, target, mask in groups]
    weights = torch.zeros(len(scale), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], lr=0.5, max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = PENALTY * (weights * weights).sum()
        for signals, target, mask in groups:
            share = torch.log_softmax(signals @ weights + mask, dim=1)
            loss = loss - (target * share).sum(dim=1).mean() / len(groups)
        loss.backward()
        return loss

    optimizer.step(closure)
    fitted: NDArray[np.float32] = (weights.detach() / scale).numpy()
    return fitted


def table(kind: str, judged: Mapping[str, Sequence[JudgedCandidates]]) -> dict[str, list[float]]:
    """The weights for one kind of index: of each signal its plain weight, and its weight by trust in the words."""
    weights = fit([padded(judged[name], kind) for name in LEARNED[kind]])
    names = signals_of(kind)
    plain, trusted = weights[: len(names)], weights[len(names) :]
    return {name: [round(float(plain[n]), 4), round(float(trusted[n]), 4)] for n, name in enumerate(names)}


def learn(embed: CachedEmbedder) -> TableContent:
    """The table ``fusion``."""
    torch.set_num_threads(1)  # sums in one order, so that the same bytes come out
    names = [name for names in LEARNED.values() for name in names]
    judged = {name: judged_candidates(COLLECTIONS[name](embed)) for name in names}
    return TableContent({"format": 1, "tables": {kind: table(kind, judged) for kind in LEARNED}})
