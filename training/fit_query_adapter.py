"""Learn the adapter from question–answer pairs and write ``query_adapter.json``; one half of the topics is never seen.

Pairs: MedQuAD's questions with their answers (topics of the first half, none of the retrieval queries) and the
training pairs of RQE that are not alike word for word. Run: ``python -m training.fit_query_adapter``
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import cross_entropy, normalize

from askdoc.retriever.query_adapter import QueryAdapter
from training.datasets import cut_once, half, medquad, plain, rows
from training.embedding import CachedEmbedder, model_folder

MODEL = "all-MiniLM-L6-v2"
RANK, STEPS, BATCH, OTHERS, SHARPNESS = 32, 150, 384, 4_000, 20.0
TARGET = Path(__file__).resolve().parents[1] / "src" / "askdoc" / "retriever" / "learned" / "query_adapter.json"


def pairs(embed: CachedEmbedder) -> list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """(questions, texts, place of each question's text) of both sources."""
    data = medquad()
    asked = {plain(query) for query in data.queries}
    seen = [
        row
        for row, (title, group) in enumerate(zip(data.titles, data.groups, strict=True))
        if half(group) == 0 and plain(title) not in asked
    ]
    bodies = torch.from_numpy(embed([pieces[0] for pieces in cut_once("medquad")]))
    titles = torch.from_numpy(embed([data.titles[row] for row in seen]))
    alike = [row for row in rows("rqe_train") if row["label"] and plain(row["a"]) != plain(row["b"])]
    left, right = (torch.from_numpy(embed([row[side] for row in alike])) for side in ("a", "b"))
    return [(titles, bodies, torch.tensor(seen)), (left, right, torch.arange(len(alike)))]


def fit(data: list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]], *, seed: int = 0) -> QueryAdapter:
    """Minimise the chance that another text than a question's own is nearest to the adapted question."""
    torch.manual_seed(seed)
    draw = np.random.default_rng(seed)
    dimension = data[0][0].shape[1]
    down = torch.nn.Parameter(torch.randn(dimension, RANK) * 0.02)
    up = torch.nn.Parameter(torch.zeros(RANK, dimension))
    optimizer = torch.optim.AdamW([down, up], lr=3e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    for _ in range(STEPS):
        loss = torch.zeros(())
        for questions, texts, own in data:
            batch = torch.from_numpy(draw.choice(len(questions), min(BATCH, len(questions)), replace=False))
            asked = normalize(questions[batch] + 0.02 * torch.randn(len(batch), dimension), dim=1)
            adapted = normalize(asked + asked @ down @ up, dim=1)
            others = torch.from_numpy(draw.choice(len(texts), min(OTHERS, len(texts)), replace=False))
            pool = torch.cat([own[batch], others])
            scores = SHARPNESS * adapted @ texts[pool].T
            target = torch.arange(len(batch))
            same = pool[None, :] == own[batch][:, None]
            same[target, target] = False
            loss = loss + cross_entropy(scores.masked_fill(same, -1e4), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return QueryAdapter(down.detach().numpy(), up.detach().numpy())


def main() -> None:
    torch.set_num_threads(2)
    adapter = fit(pairs(CachedEmbedder()))
    TARGET.write_text(json.dumps(adapter.document(MODEL), indent=1) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: rank {RANK}, {TARGET.stat().st_size:,} bytes, for {model_folder().name}")


if __name__ == "__main__":
    main()
