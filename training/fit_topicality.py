"""Learn what tells an answer on the topic asked about from one on a neighbour's and write ``topicality.json``.

MedQuAD's questions on topics of the first half (none of the retrieval queries, and without the fifth of the topics
that the confidence is learned from), with all answers and with those on their topic taken out, and half of the
requests to a general assistant. Run: ``python -m training.fit_topicality``
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits as loss_of

from askdoc.retriever.confidence import CONFIDENCE_FEATURES, TOP
from askdoc.retriever.feature_names import COLUMN, FEATURES
from askdoc.retriever.ranking import RankedCandidates
from askdoc.retriever.topicality import Topicality
from training.datasets import apart, half, medquad, plain, rows
from training.embedding import CachedEmbedder
from training.in_memory_index import MODEL, Trial
from training.judged_collections import medquad_bodies

TARGET = Path(__file__).resolve().parents[1] / "src" / "askdoc" / "retriever" / "learned" / "topicality.json"
RANK, STEPS, BATCH, RATE, DECAY, NOISE = 32, 600, 256, 3e-3, 0.3, 0.02
FURTHEST = 8.0
STEP = 5.0
"""Unit vectors have small numbers: what is learned for them moves in steps so much greater."""
UNUSED = ("any_cover", "rarest")
"""Where titles are stored these look at them too, which nothing here has learned from."""


@dataclass(frozen=True)
class Listed:
    """Questions (n, d) with the rows of their first answers' best and first passages (n, TOP), and their signs."""

    questions: torch.Tensor
    best: torch.Tensor
    first: torch.Tensor
    signals: torch.Tensor
    there: torch.Tensor
    signs: torch.Tensor

    @classmethod
    def of(cls, trial: Trial, found: Sequence[RankedCandidates]) -> "Listed":
        found = [one for one in found if len(one.candidates.answers)]
        best, first = (np.zeros((len(found), TOP), np.int64) for _ in range(2))
        there, signals = np.zeros((len(found), TOP), bool), np.zeros((len(found), TOP, len(FEATURES)), np.float32)
        for n, one in enumerate(found):
            order = np.argsort(-one.scores, kind="stable")[:TOP]
            best[n, : len(order)] = one.candidates.passages[order]
            first[n, : len(order)] = trial.statistics.passage_starts[one.candidates.answers[order]]
            signals[n, : len(order)], there[n, : len(order)] = one.candidates.features[order], True
        signals[:, :, [COLUMN[name] for name in UNUSED]] = 0
        signs = np.stack([one.confidence_features for one in found])
        signs[:, CONFIDENCE_FEATURES.index("topicality")] = 0
        vectors = np.stack([one.query.vector for one in found])
        return cls(*map(torch.from_numpy, (vectors, best, first, signals, there, signs)))


def listed(embed: CachedEmbedder) -> tuple[Trial, list[Listed]]:
    """Covered questions, the same without their topic, and requests."""
    data, trial = medquad(), medquad_bodies(embed).trial
    queries, groups = {plain(query) for query in data.queries}, np.array(data.groups)
    kept = [
        row
        for row, (title, topic) in enumerate(zip(data.titles, data.groups, strict=True))
        if half(topic) == 0 and not apart(topic) and plain(title) not in queries
    ]
    ranker = trial.ranker()
    covered, uncovered = [], []
    for row, asked in zip(kept, trial.asked([data.titles[row] for row in kept]), strict=True):
        found = ranker.generator.generate([asked])[0]
        covered.append(ranker.score(asked, found))
        uncovered.append(ranker.score(asked, found.without(groups[found.answers] == groups[row])))
    requests = [row["text"] for row in rows("clinc_dev") if half(row["id"]) == 0 and not apart(row["id"])]
    foreign = [ranker.rank([asked])[0] for asked in trial.asked(requests)]
    return trial, [Listed.of(trial, found) for found in (covered, uncovered, foreign)]


class Form(torch.nn.Module):  # type: ignore[misc]  # torch is not followed by the type checker
    """The form with the plain signs beside it, so that it learns what they do not tell."""

    def __init__(self, dimension: int, mean: torch.Tensor, scale: torch.Tensor, spread: torch.Tensor) -> None:
        super().__init__()
        self.mean, self.scale, self.spread = mean, scale, spread
        self.diagonal = torch.nn.Parameter(torch.full((2, dimension), 5.0))
        self.down = torch.nn.Parameter(torch.randn(2, dimension, RANK) * 0.05)
        self.up = torch.nn.Parameter(torch.randn(2, RANK, dimension) * 0.05)
        self.passage, self.question = (torch.nn.Parameter(torch.zeros(dimension)) for _ in range(2))
        self.signals = torch.nn.Parameter(torch.zeros(len(spread)))
        self.signs = torch.nn.Parameter(torch.zeros(len(mean)))
        self.bias = torch.nn.Parameter(torch.tensor(-6.0))

    def forward(self, one: Listed, which: torch.Tensor, vectors: torch.Tensor) -> torch.Tensor:
        """(batch,) log odds to be covered."""
        asked = one.questions[which]
        asked = asked + NOISE * torch.randn_like(asked)
        odds = STEP * asked @ self.question[:, None]
        for place, passages in enumerate((one.best, one.first)):
            adapted = asked * self.diagonal[place] + STEP * asked @ self.down[place] @ self.up[place]
            adapted = adapted + STEP * self.passage * (place == 0)
            odds = odds + torch.einsum("nd,nkd->nk", adapted, vectors[passages[which]])
        odds = odds + (one.signals[which] / self.spread) @ self.signals
        odds = odds.masked_fill(~one.there[which], -1e4)
        signs = ((one.signs[which] - self.mean) / self.scale).clip(-FURTHEST, FURTHEST)
        return odds.logsumexp(dim=1) + signs @ self.signs + self.bias

    def topic(self) -> Topicality:
        """What it learned, ready to be shipped."""
        values = {
            "diagonal": self.diagonal,
            "down": self.down,
            "up": STEP * self.up,
            "passage": STEP * self.passage,
            "question": STEP * self.question,
            "features": self.signals / self.spread,
        }
        return Topicality(**{name: value.detach().numpy() for name, value in values.items()})


def fit(trial: Trial, kinds: Sequence[Listed], *, seed: int = 0) -> Topicality:
    """Logistic, each kind drawn alike, requests half as often."""
    torch.manual_seed(seed)
    draw = np.random.default_rng(seed)
    vectors = torch.from_numpy(trial.fields["passage"])
    usual = kinds[0].signs
    spread = kinds[0].signals[kinds[0].there].std(dim=0)
    spread[spread < 1e-3] = torch.inf
    form = Form(vectors.shape[1], usual.mean(dim=0), usual.std(dim=0) + 1e-3, spread)
    optimizer = torch.optim.AdamW(form.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    for _ in range(STEPS):
        loss = torch.zeros(())
        for covered, count, one in zip((1.0, 0.0, 0.0), (BATCH, BATCH, BATCH // 2), kinds, strict=True):
            which = torch.from_numpy(draw.integers(len(one.questions), size=count))
            odds = form(one, which, vectors)
            loss = loss + loss_of(odds, torch.full_like(odds, covered)) * count / BATCH
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return form.topic()


def main() -> None:
    torch.set_num_threads(1)
    topic = fit(*listed(CachedEmbedder()))
    TARGET.write_text(json.dumps(topic.document(MODEL), indent=1) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: rank {RANK}, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
