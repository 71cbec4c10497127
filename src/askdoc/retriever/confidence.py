"""How surely the corpus answers a question: one number from several signals, and two thresholds.

The weights of the signals are shipped in ``confidence.json``:
``{"format", "tables": {"both": {"bias": …, name: …}, "passage": {…}}, "usual": …}``, the tables as in ``fusion``;
``usual`` is the calibration of the demonstration corpus, as the manifest keeps it. What is usual for a corpus, and
the thresholds, are found when its index is made, by its own questions: most of them must pass
where their own titles are hidden, and hardly any where their answers are, or where they are scrambled or foreign.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from math import log1p
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from askdoc.models import Confidence
from askdoc.retriever.asking import Asked
from askdoc.retriever.fusion import BOTH, PASSAGES
from askdoc.retriever.signals import PLACE, Candidates

Floats = NDArray[np.float32]

NAMES = (
    "cosine", "turned", "gap", "cover", "most_cover", "missing", "missing_from_top", "fullness", "top_fullness",
    "agreement", "known", "title_cosine", "title_cover", "terms", "few_cover", "turned_gap", "cosine_gap", "rarest",
    "opening",
)  # fmt: skip
TOP = 10
KEPT = 0.95
"""The share of covered questions that must not be refused."""
STRAY = 0.02
"""The share of uncovered questions that may count as strong."""
LEAST_SCALE = 1e-3
PRIOR = 30
"""So many questions of the demonstration corpus are counted with a corpus's own."""
FURTHEST = 8.0
"""So many standard deviations count at most: one odd signal alone must not decide."""


@dataclass(frozen=True, slots=True)
class Certainty:
    """The learned weights of the signals, each told in standard deviations from what is usual for the corpus."""

    bias: float
    weights: Floats

    @classmethod
    def shipped(cls, *, titles: bool) -> Self:
        """The table that comes with the program, for corpora with titles or without."""
        text = files("askdoc.retriever").joinpath("confidence.json").read_text(encoding="utf-8")
        return cls.parse(json.loads(text)["tables"][BOTH if titles else PASSAGES])

    @classmethod
    def parse(cls, table: Mapping[str, float]) -> Self:
        """From one of the tables that ``confidence.json`` holds."""
        if set(table) != {"bias", *NAMES}:
            raise ValueError("confidence.json names other signals than this program knows")
        return cls(table["bias"], np.array([table[name] for name in NAMES], np.float32))


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is usual for one corpus, and its thresholds on the certainty; ``asked`` questions found them."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    partial: float
    strong: float
    asked: int = 0

    @classmethod
    def fit(cls, covered: Floats, uncovered: Floats, table: Certainty) -> Self:
        """From signals (questions, names). ``KEPT`` of the covered pass; hardly any uncovered question is strong.

        A few questions tell little of what is usual, so ``PRIOR`` questions of another corpus count with them.
        """
        elsewhere = cls.elsewhere()
        if not len(covered):
            return elsewhere
        own = len(covered) / (len(covered) + PRIOR)
        mean = own * covered.mean(axis=0) + (1 - own) * np.array(elsewhere.mean)
        variance = own * covered.var(axis=0) + (1 - own) * np.array(elsewhere.scale) ** 2
        scale = np.sqrt(variance) + LEAST_SCALE
        usual = cls(tuple(mean.tolist()), tuple(scale.tolist()), 0.0, 0.0)
        passing = [usual.certainty(one, table) for one in covered]
        failing = [usual.certainty(one, table) for one in uncovered]
        partial, middle = np.quantile(passing, 1 - KEPT), np.median(passing)
        strong = np.quantile(failing, 1 - STRAY) if failing else middle
        # However hard a corpus is to tell apart, the surer half of what it covers is strong.
        strong = max(min(strong, middle), partial)
        partial = own * partial + (1 - own) * elsewhere.partial
        strong = own * strong + (1 - own) * elsewhere.strong
        return replace(usual, partial=float(partial), strong=float(strong), asked=len(passing) + len(failing))

    @classmethod
    def elsewhere(cls) -> Self:
        """What is usual for the demonstration corpus."""
        text = files("askdoc.retriever").joinpath("confidence.json").read_text(encoding="utf-8")
        return cls.parse(json.loads(text)["usual"])

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> Self:
        """From the manifest. Raises ValueError where it was made with other signals."""
        mean, scale = tuple(map(float, document["mean"])), tuple(map(float, document["scale"]))
        if len(mean) != len(NAMES) or len(scale) != len(NAMES):
            raise ValueError("the confidence was calibrated with other signals")
        return cls(mean, scale, float(document["partial"]), float(document["strong"]), int(document["asked"]))

    def document(self) -> dict[str, Any]:
        """What the manifest keeps."""
        return asdict(self)

    def certainty(self, observed: Floats, table: Certainty) -> float:
        """Log odds that the question is covered. No candidates, no signals: very low."""
        if not observed.any():
            return -99.0
        standard = np.clip((observed - np.array(self.mean)) / np.array(self.scale), -FURTHEST, FURTHEST)
        return table.bias + float(standard @ table.weights)

    def word(self, certainty: float) -> Confidence:
        """The certainty as one of three words."""
        if certainty >= self.strong:
            return Confidence.STRONG
        return Confidence.PARTIAL if certainty >= self.partial else Confidence.NONE


def observe(asked: Asked, found: Candidates, scores: Floats) -> Floats:
    """(len(NAMES),) what speaks for an answer being among the candidates; zeros where there is none."""
    if not len(found.answers):
        return np.zeros(len(NAMES), np.float32)
    order = np.argsort(-scores, kind="stable")[:TOP]
    best, top = order[0], order[:3]
    signals = found.signals
    missing = found.stakes * ~found.covered[best]
    by_words = set(np.argsort(-signals[:, PLACE["words"]], kind="stable")[:TOP].tolist())
    by_meaning = set(np.argsort(-signals[:, PLACE["turned_best"]], kind="stable")[:TOP].tolist())
    cover = signals[:, PLACE["any_cover"]]
    values = (
        float(found.cosine[top, 0].max()),
        float(signals[top, PLACE["turned_best"]].max()),
        float(scores[best] - scores[order[-1]]),
        float(cover[best]),
        float(cover.max()),
        float(missing.max(initial=0.0)),
        float((found.stakes * ~found.covered[top].any(axis=0)).max(initial=0.0)),
        float(found.fullness.max()),
        float(found.fullness[best]),
        len(by_words & by_meaning) / TOP,
        found.known,
        float(found.cosine[top, 1].max()),
        float(signals[top, PLACE["title_cover"]].max()),
        log1p(len(asked.terms)),
        float(cover[order[:5]].mean()),
        _gap(signals[:, PLACE["turned_best"]]),
        _gap(found.cosine[:, 0]),
        float(signals[order[:5], PLACE["rarest"]].mean()),
        float(signals[top, PLACE["turned_first"]].max()),
    )
    return np.array(values, np.float32)


def _gap(values: Floats) -> float:
    """From the highest value down to the tenth."""
    top = np.sort(values)[::-1][:TOP]
    return float(top[0] - top[-1])
