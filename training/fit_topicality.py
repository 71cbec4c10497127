"""Learns what tells an answer on the topic asked about from one on a neighbouring topic.

MedQuAD's questions on topics of the first half (none of the retrieval queries, and without the fifth of the topics that
the confidence is learned from), with all answers and with those on their topic taken out, and half of the requests to a
general assistant. A logistic model of the chance that the topic is covered at all: that some answer of the first ten is
on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from askdoc.retriever.confidence import CONFIDENCE_FEATURES, TOP
from askdoc.retriever.feature_names import COLUMN, FEATURES
from askdoc.retriever.learned_tables import quantized
from askdoc.retriever.ranking import RankedCandidates
from askdoc.retriever.topicality import ARRAYS, Topicality
from training.datasets import half, medquad, plain, rows, set_apart
from training.embedding import CachedEmbedder
from training.in_memory_index import InMemoryIndex
from training.judged_collections import medquad_bodies
from training.table_file import TableContent

SEED = 0
RANK = 32
STEPS = 600
BATCH = 256
"""Questions of each kind in one step; of the requests half as many."""
RATE = 3e-3
DECAY = 0.3
NOISE = 0.02
"""Standard deviation of what is added to each component of a question, against learning single questions by heart."""
FURTHEST = 8.0
"""The confidence's features count up to so many standard deviations, as in the confidence."""
STEP = 5.0
"""Unit vectors have small numbers: what is learned for them moves in steps so much greater."""
UNUSED = ("any_cover", "rarest")
"""Features that look at stored titles too, of which this collection has none."""
MASKED = -1e4
"""The log odds of a place without an answer."""


@dataclass(frozen=True)
class RankedQuestions:
    """Questions of one kind, with what was ranked first for each.

    ``questions`` (n, d); ``best`` and ``first`` (n, TOP) rows of each answer's best and first passage; ``features``
    (n, TOP, features) and ``there`` (n, TOP) of the answers; ``confidence`` (n, features) of the question.
    """

    questions: torch.Tensor
    best: torch.Tensor
    first: torch.Tensor
    features: torch.Tensor
    there: torch.Tensor
    confidence: torch.Tensor

    @classmethod
    def of(cls, index: InMemoryIndex, ranked: Sequence[RankedCandidates]) -> "RankedQuestions":
        """Those of the questions for which anything was found."""
        ranked = [one for one in ranked if len(one.candidates.answers)]
        shape = len(ranked), TOP
        best, first = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        there, features = np.zeros(shape, bool), np.zeros((*shape, len(FEATURES)), np.float32)
        for n, one in enumerate(ranked):
            order = np.argsort(-one.scores, kind="stable")[:TOP]
            best[n, : len(order)] = one.candidates.passages[order]
            first[n, : len(order)] = index.statistics.passage_starts[one.candidates.answers[order]]
            features[n, : len(order)], there[n, : len(order)] = one.candidates.features[order], True
        features[:, :, [COLUMN[name] for name in UNUSED]] = 0
        confidence = np.stack([one.confidence_features for one in ranked])
        confidence[:, CONFIDENCE_FEATURES.index("topicality")] = 0
        vectors = np.stack([one.query.vector for one in ranked])
        return cls(*map(torch.from_numpy, (vectors, best, first, features, there, confidence)))


def ranked_questions(embed: CachedEmbedder) -> tuple[InMemoryIndex, list[RankedQuestions]]:
    """Covered questions, the same without their topic, and requests to a general assistant."""
    data, index = medquad(), medquad_bodies(embed).index
    queries, topics = {plain(query) for query in data.queries}, np.array(data.groups)
    learned = [
        row
        for row, (title, topic) in enumerate(zip(data.titles, data.groups, strict=True))
        if half(topic) == 0 and not set_apart(topic) and plain(title) not in queries
    ]
    ranker = index.ranker()
    covered, uncovered = [], []
    for row, query in zip(learned, index.queries([data.titles[row] for row in learned]), strict=True):
        candidates = ranker.generator.generate([query])[0]
        covered.append(ranker.score(query, candidates))
        uncovered.append(ranker.score(query, candidates.without(topics[candidates.answers] == topics[row])))
    texts = [row["text"] for row in rows("clinc_dev") if half(row["id"]) == 0 and not set_apart(row["id"])]
    requests = [ranker.rank([query])[0] for query in index.queries(texts)]
    return index, [RankedQuestions.of(index, ranked) for ranked in (covered, uncovered, requests)]


class TopicalityModel(torch.nn.Module):  # type: ignore[misc]  # torch is not followed by the type checker
    """The bilinear form with the confidence's features beside it, so that it learns what they do not tell."""

    def __init__(self, dimension: int, covered: RankedQuestions) -> None:
        super().__init__()
        self.mean, self.scale = covered.confidence.mean(dim=0), covered.confidence.std(dim=0) + 1e-3
        self.spread = covered.features[covered.there].std(dim=0)
        self.spread[self.spread < 1e-3] = torch.inf
        self.diagonal = torch.nn.Parameter(torch.full((2, dimension), 5.0))
        self.down = torch.nn.Parameter(torch.randn(2, dimension, RANK) * 0.05)
        self.up = torch.nn.Parameter(torch.randn(2, RANK, dimension) * 0.05)
        self.passage, self.question = (torch.nn.Parameter(torch.zeros(dimension)) for _ in range(2))
        self.features = torch.nn.Parameter(torch.zeros(len(self.spread)))
        self.confidence = torch.nn.Parameter(torch.zeros(len(self.mean)))
        self.bias = torch.nn.Parameter(torch.tensor(-6.0))

    def forward(self, kind: RankedQuestions, batch: torch.Tensor, vectors: torch.Tensor) -> torch.Tensor:
        """(batch,) log odds to be covered; ``vectors`` are those of all passages."""
        questions = kind.questions[batch]
        questions = questions + NOISE * torch.randn_like(questions)
        odds = STEP * questions @ self.question[:, None]
        for place, passages in enumerate((kind.best, kind.first)):
            form = questions * self.diagonal[place] + STEP * questions @ self.down[place] @ self.up[place]
            form = form + STEP * self.passage * (place == 0)
            odds = odds + torch.einsum("nd,nkd->nk", form, vectors[passages[batch]])
        odds = odds + (kind.features[batch] / self.spread) @ self.features
        odds = odds.masked_fill(~kind.there[batch], MASKED)
        confidence = ((kind.confidence[batch] - self.mean) / self.scale).clip(-FURTHEST, FURTHEST)
        return odds.logsumexp(dim=1) + confidence @ self.confidence + self.bias

    def topicality(self) -> Topicality:
        """The form that was learned, without the confidence's features."""
        learned = {
            "diagonal": self.diagonal,
            "down": self.down,
            "up": STEP * self.up,
            "passage": STEP * self.passage,
            "question": STEP * self.question,
            "features": self.features / self.spread,
        }
        return Topicality(**{name: values.detach().numpy() for name, values in learned.items()})


def fit(index: InMemoryIndex, kinds: Sequence[RankedQuestions], *, seed: int = SEED) -> Topicality:
    """Minimise the logistic loss; covered and uncovered questions are drawn alike, requests half as often."""
    torch.manual_seed(seed)
    draw = np.random.default_rng(seed)
    vectors = torch.from_numpy(index.fields["passage"])
    model = TopicalityModel(vectors.shape[1], kinds[0])
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    for _ in range(STEPS):
        loss = torch.zeros(())
        for covered, count, kind in zip((1.0, 0.0, 0.0), (BATCH, BATCH, BATCH // 2), kinds, strict=True):
            batch = torch.from_numpy(draw.integers(len(kind.questions), size=count))
            odds = model(kind, batch, vectors)
            loss = loss + binary_cross_entropy_with_logits(odds, torch.full_like(odds, covered)) * count / BATCH
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return model.topicality()


def learn(embed: CachedEmbedder) -> TableContent:
    """The table ``topicality``."""
    torch.set_num_threads(1)  # sums in one order, so that the same bytes come out
    topicality = fit(*ranked_questions(embed))
    weights = zip(FEATURES, topicality.features, strict=True)
    features = {name: round(float(weight), 4) for name, weight in weights if weight}
    scales, arrays = quantized({name: getattr(topicality, name) for name in ARRAYS})
    return TableContent({"format": 2, "features": features, "scales": scales}, arrays)
