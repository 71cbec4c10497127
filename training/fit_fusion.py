"""Learn how much each signal counts and write ``fusion.json``; one half of every set is never learned from.

A linear model of the candidates of a question, fitted so that its softmax gives the relevant ones the greatest
share. All sets count alike. Run: ``python -m training.fit_fusion`` (some minutes, most of it the first time).
"""

import json
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from askdoc.retriever.feature_names import COLUMN, FEATURES
from askdoc.retriever.fusion import BOTH, PASSAGES, best_coverage
from training.embedding import CachedEmbedder
from training.judged_collections import Tried, tried

TARGET = Path(__file__).resolve().parents[1] / "src" / "askdoc" / "retriever" / "learned" / "fusion.json"
WITHOUT_TITLES = {
    "title",
    "adapted_title",
    "title_hubness",
    "title_words",
    "weighted_title_words",
    "title_cover",
    "any_cover",
}
LEARNED = {
    PASSAGES: ("medquad", "counselchat", "counselchat long"),
    BOTH: ("counselchat pages", "silver", "paraphrases", "meqsum", "rqe"),
}
PULL = 3e-3
Group = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def used(kind: str) -> list[str]:
    """The signals that a table holds."""
    return [name for name in FEATURES if kind == BOTH or name not in WITHOUT_TITLES]


def columns(signals: NDArray[np.float32], kind: str) -> NDArray[np.float32]:
    """Each signal as it is, then each by the trust in the words."""
    chosen = signals[:, [COLUMN[name] for name in used(kind)]]
    return np.concatenate([chosen, chosen * best_coverage(signals)], axis=1)


def padded(some: Tried, kind: str, part: int | None) -> Group:
    """Signals (questions, candidates, columns), target shares and a mask, of one half or of all."""
    kept = [
        (columns(one.features, kind), 2.0**one.grades - 1)
        for one in some.found
        if (part is None or one.half == part) and one.grades.max(initial=0) > 0
    ]
    most = max(len(grades) for _, grades in kept)
    signals = torch.zeros(len(kept), most, kept[0][0].shape[1])
    target, mask = torch.zeros(len(kept), most), torch.full((len(kept), most), -1e9)
    for place, (values, grades) in enumerate(kept):
        signals[place, : len(values)] = torch.from_numpy(values)
        target[place, : len(values)] = torch.from_numpy(grades / grades.sum())
        mask[place, : len(values)] = 0
    return signals, target, mask


def fit(groups: list[Group], *, pull: float = PULL) -> NDArray[np.float32]:
    """(columns,) the weights; the loss is convex, so nothing is drawn by lot."""
    scale = torch.cat([signals[mask == 0] for signals, _, mask in groups]).std(dim=0) + 1e-6
    groups = [(signals / scale, target, mask) for signals, target, mask in groups]
    weights = torch.zeros(len(scale), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], lr=0.5, max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = pull * (weights * weights).sum()
        for signals, target, mask in groups:
            share = torch.log_softmax(signals @ weights + mask, dim=1)
            loss = loss - (target * share).sum(dim=1).mean() / len(groups)
        loss.backward()
        return loss

    optimizer.step(closure)
    found: NDArray[np.float32] = (weights.detach() / scale).numpy()
    return found


def table(kind: str, sets: dict[str, Tried]) -> dict[str, list[float]]:
    """The weights of one kind of corpus, learned from the first halves."""
    weights = fit([padded(sets[name], kind, 0) for name in LEARNED[kind]])
    names = used(kind)
    plain, trusted = weights[: len(names)], weights[len(names) :]
    return {name: [round(float(plain[n]), 4), round(float(trusted[n]), 4)] for n, name in enumerate(names)}


def main() -> None:
    torch.set_num_threads(2)
    embed = CachedEmbedder()
    sets = {name: tried(name, embed) for names in LEARNED.values() for name in names}
    document = {"format": 1, "tables": {kind: table(kind, sets) for kind in LEARNED}}
    TARGET.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(TARGET.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
