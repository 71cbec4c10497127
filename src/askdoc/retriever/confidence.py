"""How surely the corpus answers a question: one number from several signals, and two thresholds.

The weights of the signals start from those shipped in ``confidence.json``:
``{"format", "tables": {"both": {"bias": …, name: …}, "passage": {…}}, "usual": …}``, the tables as in ``fusion``;
``usual`` is what the demonstration corpus shows. What is usual for a corpus, its own weights near the shipped ones, and
the thresholds are found when its index is made, by its own questions: most of them must pass where their own titles are
hidden, and hardly any where all answers on their topic are, or where they are scrambled or foreign.
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
from askdoc.retriever.features import PLACE, Candidates
from askdoc.retriever.fusion import BOTH, PASSAGES
from askdoc.retriever.query import Query

Floats = NDArray[np.float32]

NAMES = (
    "cosine", "adapted", "gap", "cover", "most_cover", "missing", "missing_from_top", "fullness", "top_fullness",
    "agreement", "known", "title_cosine", "title_cover", "terms", "few_cover", "turned_gap", "cosine_gap", "rarest",
    "opening", "about",
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
NOTHING = -99.0
ENOUGH = 40
"""From so many questions of each kind on, a corpus has weights of its own."""
PULL = 250.0
"""How strongly they are drawn to the shipped ones: as by so many questions, which is as many as it is asked itself."""
NEWTON_STEPS = 25


@dataclass(frozen=True, slots=True)
class Certainty:
    """The learned weights of the signals, each told in standard deviations from what is usual for the corpus."""

    bias: float
    weights: Floats

    @classmethod
    def shipped(cls, *, titles: bool) -> Self:
        """The table that comes with the program, for corpora with titles or without."""
        text = files("askdoc.retriever.learned").joinpath("confidence.json").read_text(encoding="utf-8")
        return cls.parse(json.loads(text)["tables"][BOTH if titles else PASSAGES])

    @classmethod
    def parse(cls, table: Mapping[str, float]) -> Self:
        """From one of the tables that ``confidence.json`` holds."""
        if set(table) != {"bias", *NAMES}:
            raise ValueError("confidence.json names other signals than this program knows")
        return cls(table["bias"], np.array([table[name] for name in NAMES], np.float32))


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is usual for one corpus, its weights, and its thresholds; ``asked`` questions found them."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    partial: float
    strong: float
    asked: int = 0

    @classmethod
    def fit(cls, covered: Floats, uncovered: Floats, table: Certainty) -> Self:
        """From signals (questions, names). ``KEPT`` of the covered pass; hardly any uncovered question is strong.

        A few questions tell little of what is usual, so ``PRIOR`` questions of another corpus count with them.
        """
        elsewhere = cls.elsewhere(table)
        if not len(covered):
            return elsewhere
        own = len(covered) / (len(covered) + PRIOR)
        mean = own * covered.mean(axis=0) + (1 - own) * np.array(elsewhere.mean)
        variance = own * covered.var(axis=0) + (1 - own) * np.array(elsewhere.scale) ** 2
        scale = np.sqrt(variance) + LEAST_SCALE
        usual = replace(elsewhere, mean=tuple(mean.tolist()), scale=tuple(scale.tolist()))
        if min(len(covered), len(uncovered)) >= ENOUGH:
            weights = refined(table, usual.standard(covered), usual.standard(uncovered))
            usual = replace(usual, weights=tuple(weights[:-1].tolist()), bias=float(weights[-1]))
        partial, strong = thresholds(usual.certainties(covered), usual.certainties(uncovered))
        partial = own * partial + (1 - own) * elsewhere.partial
        strong = own * strong + (1 - own) * elsewhere.strong
        return replace(usual, partial=partial, strong=strong, asked=len(covered) + len(uncovered))

    @classmethod
    def elsewhere(cls, table: Certainty) -> Self:
        """What is usual for the demonstration corpus."""
        text = files("askdoc.retriever.learned").joinpath("confidence.json").read_text(encoding="utf-8")
        weights = {"weights": table.weights.tolist(), "bias": table.bias}
        return cls.parse(json.loads(text)["usual"] | weights)

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> Self:
        """From the manifest. Raises ValueError where it was made with other signals."""
        mean, scale, weights = (tuple(map(float, document[name])) for name in ("mean", "scale", "weights"))
        if {len(mean), len(scale), len(weights)} != {len(NAMES)}:
            raise ValueError("the confidence was calibrated with other signals")
        bias, partial, strong = (float(document[name]) for name in ("bias", "partial", "strong"))
        return cls(mean, scale, weights, bias, partial, strong, int(document["asked"]))

    def document(self) -> dict[str, Any]:
        """What the manifest keeps."""
        return asdict(self)

    def standard(self, observed: Floats) -> NDArray[np.float64]:
        """Signals (…, names) in standard deviations from what is usual."""
        told: NDArray[np.float64] = (np.asarray(observed, np.float64) - np.array(self.mean)) / np.array(self.scale)
        return np.clip(told, -FURTHEST, FURTHEST)

    def certainties(self, observed: Floats) -> NDArray[np.float64]:
        """(questions,) log odds to be covered, from signals (questions, names). No candidates: very low."""
        found: NDArray[np.float64] = self.bias + self.standard(observed) @ np.array(self.weights)
        return np.where(observed.any(axis=1), found, NOTHING)

    def certainty(self, observed: Floats) -> float:
        """Log odds that one question is covered."""
        return float(self.certainties(observed[None])[0])

    def word(self, certainty: float) -> Confidence:
        """The certainty as one of three words."""
        if certainty >= self.strong:
            return Confidence.STRONG
        return Confidence.PARTIAL if certainty >= self.partial else Confidence.NONE


def thresholds(passing: NDArray[np.float64], failing: NDArray[np.float64]) -> tuple[float, float]:
    """From where on the certainty is partial, and from where on strong."""
    partial, middle = float(np.quantile(passing, 1 - KEPT)), float(np.median(passing))
    strong = float(np.quantile(failing, 1 - STRAY)) if len(failing) else middle
    # However hard a corpus is to tell apart, the surer half of what it covers is strong.
    return partial, max(min(strong, middle), partial)


def refined(table: Certainty, covered: NDArray[np.float64], uncovered: NDArray[np.float64]) -> NDArray[np.float64]:
    """(names + 1,) weights and bias that fit one corpus, drawn towards the shipped ones. Newton's method."""
    signals = np.concatenate([covered, uncovered])
    signals = np.concatenate([signals, np.ones((len(signals), 1))], axis=1)
    truth = np.concatenate([np.ones(len(covered)), np.zeros(len(uncovered))])
    each = np.concatenate([np.full(len(one), len(signals) / 2 / len(one)) for one in (covered, uncovered)])
    start = np.append(table.weights.astype(np.float64), table.bias)
    weights = start.copy()
    for _ in range(NEWTON_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(signals @ weights, -30, 30)))
        slope = signals.T @ (each * (chance - truth)) + PULL * (weights - start)
        bend = (signals * (each * chance * (1 - chance))[:, None]).T @ signals + PULL * np.eye(len(weights))
        weights -= np.linalg.solve(bend, slope)
    return weights


def observe(asked: Query, found: Candidates, scores: Floats) -> Floats:
    """(len(NAMES),) what speaks for an answer being among the candidates; zeros where there is none."""
    if not len(found.answers):
        return np.zeros(len(NAMES), np.float32)
    order = np.argsort(-scores, kind="stable")[:TOP]
    best, top = order[0], order[:3]
    signals = found.signals
    missing = found.stakes * ~found.covered[best]
    by_words = set(np.argsort(-signals[:, PLACE["words"]], kind="stable")[:TOP].tolist())
    by_meaning = set(np.argsort(-signals[:, PLACE["adapted_best"]], kind="stable")[:TOP].tolist())
    cover = signals[:, PLACE["any_cover"]]
    values = (
        float(found.cosine[top, 0].max()),
        float(signals[top, PLACE["adapted_best"]].max()),
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
        _gap(signals[:, PLACE["adapted_best"]]),
        _gap(found.cosine[:, 0]),
        float(signals[order[:5], PLACE["rarest"]].mean()),
        float(signals[top, PLACE["adapted_first"]].max()),
        float(np.logaddexp.reduce(found.about[order])),
    )
    return np.array(values, np.float32)


def _gap(values: Floats) -> float:
    """From the highest value down to the tenth."""
    top = np.sort(values)[::-1][:TOP]
    return float(top[0] - top[-1])
