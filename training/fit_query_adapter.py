"""Learns the query adapter from question–answer pairs.

Pairs: MedQuAD's questions with their answers (topics of the first half, none of the retrieval queries) and the training
pairs of RQE that are not alike word for word. Contrastive learning: among the texts of a batch and some others, a
question's own must be nearest to the adapted question.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import cross_entropy, normalize

from askdoc.retriever.learned_tables import quantized
from askdoc.retriever.query_adapter import QueryAdapter
from training.datasets import half, medquad, passages_of, plain, rows
from training.embedding import CachedEmbedder
from training.table_file import TableContent

SEED = 0
RANK = 32
STEPS = 150
BATCH = 384
"""Questions of each source in one step."""
OTHERS = 4_000
"""Further texts that a question's own is told from in one step."""
SHARPNESS = 20.0
"""What cosines are multiplied by before the softmax."""
NOISE = 0.02
"""Standard deviation of what is added to each component of a question, against learning single questions by heart."""


@dataclass(frozen=True)
class Pairs:
    """``questions`` (n, d), ``texts`` (m, d), and ``own`` (n,) the row of each question's text."""

    questions: torch.Tensor
    texts: torch.Tensor
    own: torch.Tensor


def pairs(embed: CachedEmbedder) -> list[Pairs]:
    """The pairs of both sources."""
    data = medquad()
    queries = {plain(query) for query in data.queries}
    rows_learned = [
        row
        for row, (title, topic) in enumerate(zip(data.titles, data.groups, strict=True))
        if half(topic) == 0 and plain(title) not in queries
    ]
    bodies = torch.from_numpy(embed.documents([pieces[0] for pieces in passages_of("medquad")]))
    titles = torch.from_numpy(embed([data.titles[row] for row in rows_learned]))
    alike = [row for row in rows("rqe_train") if row["label"] and plain(row["a"]) != plain(row["b"])]
    left, right = (torch.from_numpy(embed([row[side] for row in alike])) for side in ("a", "b"))
    return [Pairs(titles, bodies, torch.tensor(rows_learned)), Pairs(left, right, torch.arange(len(alike)))]


def fit(sources: list[Pairs], *, seed: int = SEED) -> QueryAdapter:
    """Minimise the chance that another text than a question's own is nearest to the adapted question."""
    torch.manual_seed(seed)
    draw = np.random.default_rng(seed)
    dimension = sources[0].questions.shape[1]
    down = torch.nn.Parameter(torch.randn(dimension, RANK) * 0.02)
    up = torch.nn.Parameter(torch.zeros(RANK, dimension))
    optimizer = torch.optim.AdamW([down, up], lr=3e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    for _ in range(STEPS):
        loss = torch.zeros(())
        for source in sources:
            loss = loss + _loss(source, down, up, draw)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return QueryAdapter(down.detach().numpy(), up.detach().numpy())


def _loss(source: Pairs, down: torch.Tensor, up: torch.Tensor, draw: np.random.Generator) -> torch.Tensor:
    """Cross-entropy of one batch: which of the batch's texts and some others is a question's own."""
    count = len(source.questions)
    batch = torch.from_numpy(draw.choice(count, min(BATCH, count), replace=False))
    noise = NOISE * torch.randn(len(batch), source.questions.shape[1])
    questions = normalize(source.questions[batch] + noise, dim=1)
    adapted = normalize(questions + questions @ down @ up, dim=1)
    others = torch.from_numpy(draw.choice(len(source.texts), min(OTHERS, len(source.texts)), replace=False))
    pool = torch.cat([source.own[batch], others])
    scores = SHARPNESS * adapted @ source.texts[pool].T
    target = torch.arange(len(batch))
    same = pool[None, :] == source.own[batch][:, None]
    same[target, target] = False
    return cross_entropy(scores.masked_fill(same, -1e4), target)


def learn(embed: CachedEmbedder) -> TableContent:
    """The table ``query_adapter``."""
    torch.set_num_threads(1)  # sums in one order, so that the same bytes come out
    adapter = fit(pairs(embed))
    scales, arrays = quantized({"down": adapter.down, "up": adapter.up})
    return TableContent({"format": 2, "scales": scales}, arrays)
