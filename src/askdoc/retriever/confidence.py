"""How surely the corpus answers a question: one number from several signals, and two thresholds.

The weights of the signals are shipped (``confidence.json``: ``{"format", "bias", "weights": {name: …}}``). The
thresholds belong to a corpus and are found when its index is made, by its own questions: most of them must pass
where their own titles are hidden, and hardly any where their answers are, or where they are scrambled or foreign.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from math import log1p
from typing import Self

import numpy as np
from numpy.typing import NDArray

from askdoc.models import Confidence
from askdoc.retriever.asking import Reading
from askdoc.retriever.signals import PLACE, Candidates

Floats = NDArray[np.float32]

NAMES = (
    "cosine", "turned", "gap", "cover", "most_cover", "missing", "fullness", "top_fullness", "agreement", "known",
    "title_cosine", "title_cover", "terms", "few_cover",
)  # fmt: skip
TOP = 10
KEPT = 0.95
"""The share of covered questions that must not be refused."""
STRAY = 0.02
"""The share of uncovered questions that may count as strong."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Thresholds on the certainty, for one corpus; ``asked`` questions found them."""

    partial: float
    strong: float
    asked: int = 0

    @classmethod
    def fit(cls, covered: Sequence[float], uncovered: Sequence[float]) -> Self:
        """Keep ``KEPT`` of the covered; call strong what hardly any uncovered question reaches."""
        if not covered:
            return cls(0.0, 2.0)
        partial = float(np.quantile(covered, 1 - KEPT))
        strong = float(np.quantile(uncovered, 1 - STRAY)) if uncovered else float(np.median(covered))
        # However hard the corpus is to tell apart, its surest half is strong, and strong is no less than partial.
        strong = min(max(strong, partial), float(np.median(covered)))
        return cls(round(partial, 4), round(max(strong, partial), 4), len(covered) + len(uncovered))

    @classmethod
    def parse(cls, document: Mapping[str, float]) -> Self:
        """From the manifest."""
        return cls(float(document["partial"]), float(document["strong"]), int(document["asked"]))

    def document(self) -> dict[str, float]:
        """What the manifest keeps."""
        return asdict(self)

    def word(self, certainty: float) -> Confidence:
        """The certainty as one of three words."""
        if certainty >= self.strong:
            return Confidence.STRONG
        return Confidence.PARTIAL if certainty >= self.partial else Confidence.NONE


UNCALIBRATED = Calibration(0.0, 2.0)


@dataclass(frozen=True, slots=True)
class Certainty:
    """The learned weights: log odds that the corpus covers a question."""

    bias: float
    weights: Floats

    @classmethod
    def shipped(cls) -> Self:
        """The table that comes with the program."""
        return cls.parse(json.loads(files("askdoc.retriever").joinpath("confidence.json").read_text(encoding="utf-8")))

    @classmethod
    def parse(cls, document: Mapping[str, object]) -> Self:
        """From what ``confidence.json`` holds."""
        weights = document["weights"]
        assert isinstance(weights, dict)
        if set(weights) != set(NAMES):
            raise ValueError("confidence.json names other signals than this program knows")
        return cls(float(str(document["bias"])), np.array([weights[name] for name in NAMES], np.float32))

    def of(self, asked: Reading, found: Candidates, scores: Floats) -> float:
        """Log odds that the best of these candidates answer the question; very low where there is none."""
        if not len(found.answers):
            return -99.0
        return self.bias + float(observe(asked, found, scores) @ self.weights)


def observe(asked: Reading, found: Candidates, scores: Floats) -> Floats:
    """(len(NAMES),) what speaks for an answer being among the candidates."""
    order = np.argsort(-scores, kind="stable")[:TOP]
    best, top = order[0], order[:3]
    signals = found.signals
    weights = np.fromiter(asked.terms.values(), np.float32, len(asked.terms))
    total = max(float(weights.sum()), 1e-9)
    missing = float((weights * ~found.covered[best]).max(initial=0.0)) / total
    by_words = set(np.argsort(-signals[:, PLACE["words"]], kind="stable")[:TOP].tolist())
    by_meaning = set(np.argsort(-signals[:, PLACE["turned_best"]], kind="stable")[:TOP].tolist())
    cover = signals[:, PLACE["any_cover"]]
    values = (
        float(found.cosine[top, 0].max()),
        float(signals[top, PLACE["turned_best"]].max()),
        float(scores[best] - scores[order[-1]]),
        float(cover[best]),
        float(cover.max()),
        missing,
        float(found.fullness.max()),
        float(found.fullness[best]),
        len(by_words & by_meaning) / TOP,
        found.known,
        float(found.cosine[top, 1].max()),
        float(signals[top, PLACE["title_cover"]].max()),
        log1p(len(asked.terms)),
        float(cover[order[:5]].mean()),
    )
    return np.array(values, np.float32)
