"""Confidence: how surely the corpus answers a question, by a calibrated logistic model.

| feature | of the question, over its candidates in the order of their scores |
|---|---|
| `cosine`, `adapted`, `adapted_first`, `title_cosine`, `title_cover` | greatest of the first three |
| `score_gap`, `adapted_gap`, `cosine_gap` | from the highest value down to the tenth |
| `cover`, `max_cover`, `mean_cover` | `any_cover` of the best, greatest of all, mean of the first five |
| `missing`, `missing_from_top` | greatest share of a term that the best lacks, that the first three lack |
| `bm25_share`, `top_bm25_share` | greatest of all, of the best |
| `agreement` | share of the ten best by words that are among the ten best by meaning |
| `known` | share of the terms' stakes whose terms the corpus has at all |
| `term_count` | logarithm of the number of terms |
| `rarest` | share of the first five that have the term with the greatest stake |
| `topicality` | log odds that one of the first ten is about the topic |

``confidence.json`` holds ``{"format", "tables": {"both": {"bias": …, feature: …}, "passage": {…}},
"demonstration": {…}}``: the shipped weights, the tables as in ``fusion``, and the calibration of the demonstration
corpus. A corpus's own calibration is found when its index is made, from its own questions: most must pass where their
own titles are hidden, and hardly any where all answers on their topic are, or where they are shuffled or out of scope.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from math import log1p
from typing import Any, Self

import numpy as np

from askdoc.models import Confidence
from askdoc.retriever import learned_tables
from askdoc.retriever.array_types import Doubles, Floats
from askdoc.retriever.feature_names import COLUMN
from askdoc.retriever.features import Candidates
from askdoc.retriever.fusion import BOTH, PASSAGES
from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.query import Query

CONFIDENCE_FEATURES = (
    "cosine", "adapted", "score_gap", "cover", "max_cover", "missing", "missing_from_top", "bm25_share",
    "top_bm25_share", "agreement", "known", "title_cosine", "title_cover", "term_count", "mean_cover", "adapted_gap",
    "cosine_gap", "rarest", "adapted_first", "topicality",
)  # fmt: skip
TOP = 10
"""Candidates that are looked at, in the order of their scores."""
MIN_COVERED_SHOWN = 0.97
"""The share of covered questions that must get an answer."""
MAX_UNCOVERED_STRONG = 0.02
"""The share of uncovered questions that may count as strong."""
MIN_SCALE = 1e-3
"""Added to every standard deviation, so that a feature without any does not divide by zero."""
PSEUDO_COUNT = 30
"""The weight of the demonstration corpus's statistics, counted in questions."""
MAX_DEVIATIONS = 8.0
"""A feature counts at most this many standard deviations: one odd value alone must not decide."""
NO_CANDIDATES = -99.0
"""The certainty of a question without candidates: below every threshold."""


@dataclass(frozen=True, slots=True)
class ConfidenceWeights:
    """The learned logistic model of standardised features; ``weights`` (len(CONFIDENCE_FEATURES),)."""

    bias: float
    weights: Floats

    @classmethod
    def of(cls, tables: ModelTables, *, titles: bool) -> Self:
        """The table among a model's tables, for corpora with titles or without."""
        return cls.parse(tables.document("confidence.json")["tables"][BOTH if titles else PASSAGES])

    @classmethod
    def parse(cls, table: Mapping[str, float]) -> Self:
        """Read one of the tables that ``confidence.json`` holds."""
        learned_tables.check_names("confidence", table, ("bias", *CONFIDENCE_FEATURES), all_needed=True)
        return cls(table["bias"], np.array([table[name] for name in CONFIDENCE_FEATURES], np.float32))


@dataclass(frozen=True)
class Calibration:
    """The confidence's parameters for one corpus.

    ``mean``, ``scale``: mean and standard deviation of each feature; ``weights``, ``bias``: the logistic model;
    ``partial``, ``strong``: the log odds from which an answer is shown, and from which the confidence is strong;
    ``questions``: how many questions all this was found from.
    """

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    partial: float
    strong: float
    questions: int = 0

    @classmethod
    def fit(cls, covered: Floats, uncovered: Floats, demonstration: Self) -> Self:
        """Fit the parameters to the features (questions, features) of covered and of uncovered questions.

        A few questions tell little, so ``PSEUDO_COUNT`` questions of the demonstration corpus count with them.
        """
        if not len(covered):
            return demonstration
        own = len(covered) / (len(covered) + PSEUDO_COUNT)
        mean = own * covered.mean(axis=0) + (1 - own) * np.array(demonstration.mean)
        variance = own * covered.var(axis=0) + (1 - own) * np.array(demonstration.scale) ** 2
        scale = np.sqrt(variance) + MIN_SCALE
        fitted = replace(demonstration, mean=tuple(mean.tolist()), scale=tuple(scale.tolist()))
        partial, strong = thresholds(fitted.certainties(covered), fitted.certainties(uncovered))
        partial = own * partial + (1 - own) * demonstration.partial
        strong = own * strong + (1 - own) * demonstration.strong
        return replace(fitted, partial=partial, strong=strong, questions=len(covered) + len(uncovered))

    @classmethod
    def demonstration(cls, tables: ModelTables, *, titles: bool) -> Self:
        """The calibration of the demonstration corpus, with the weights for corpora with titles or without."""
        learned = ConfidenceWeights.of(tables, titles=titles)
        weights = {"weights": learned.weights.tolist(), "bias": learned.bias}
        return cls.parse(tables.document("confidence.json")["demonstration"] | weights)

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> Self:
        """Read what the manifest keeps. Raises ValueError where it was made with other features."""
        mean, scale, weights = (tuple(map(float, document[name])) for name in ("mean", "scale", "weights"))
        if {len(mean), len(scale), len(weights)} != {len(CONFIDENCE_FEATURES)}:
            raise ValueError("the confidence was calibrated with other features")
        bias, partial, strong = (float(document[name]) for name in ("bias", "partial", "strong"))
        return cls(mean, scale, weights, bias, partial, strong, int(document["questions"]))

    def document(self) -> dict[str, Any]:
        """The document that the manifest keeps."""
        return asdict(self)

    @cached_property
    def _arrays(self) -> tuple[Doubles, Doubles, Doubles]:
        """Mean, scale and weights, (features,) each."""
        return np.array(self.mean), np.array(self.scale), np.array(self.weights)

    def standardise(self, features: Floats) -> Doubles:
        """Features (…, features) in standard deviations from the corpus's mean, clipped."""
        mean, scale, _ = self._arrays
        deviations: Doubles = (np.asarray(features, np.float64) - mean) / scale
        return np.minimum(np.maximum(deviations, -MAX_DEVIATIONS), MAX_DEVIATIONS)

    def certainties(self, features: Floats) -> Doubles:
        """(questions,) log odds to be covered, from (questions, features); zeros alone stand for no candidates."""
        odds: Doubles = self.bias + self.standardise(features) @ self._arrays[2]
        return np.where(features.any(axis=1), odds, NO_CANDIDATES)

    def certainty(self, features: Floats) -> float:
        """Log odds that one question is covered, from its features (features,)."""
        return float(self.certainties(features[None])[0])

    def confidence(self, certainty: float) -> Confidence:
        """The certainty as one of three words."""
        if certainty >= self.strong:
            return Confidence.STRONG
        return Confidence.PARTIAL if certainty >= self.partial else Confidence.NONE


def thresholds(covered: Doubles, uncovered: Doubles) -> tuple[float, float]:
    """Choose the certainty of a partial confidence, then of a strong one, by those of questions of both kinds."""
    partial, median = float(np.quantile(covered, 1 - MIN_COVERED_SHOWN)), float(np.median(covered))
    strong = float(np.quantile(uncovered, 1 - MAX_UNCOVERED_STRONG)) if len(uncovered) else median
    # However hard a corpus is to tell apart, the surer half of what it covers is strong.
    return partial, max(min(strong, median), partial)


def confidence_features(query: Query, candidates: Candidates, scores: Floats) -> Floats:
    """(len(CONFIDENCE_FEATURES),) from a query's candidates and their scores; zeros where there is none."""
    if not len(candidates.answers):
        return np.zeros(len(CONFIDENCE_FEATURES), np.float32)
    features = candidates.features
    cover, meaning = features[:, COLUMN["any_cover"]], features[:, COLUMN["adapted_best"]]
    cosine = candidates.cosines[:, 0]
    keys = np.stack([scores, features[:, COLUMN["words"]], meaning, cosine])
    order, by_words, by_meaning, by_cosine = np.argsort(-keys, axis=1, kind="stable")[:, :TOP]
    best, top = order[0], order[:3].tolist()
    shares, matches = candidates.term_shares, candidates.term_matches
    values = {
        "cosine": max(map(cosine.item, top)),
        "adapted": max(map(meaning.item, top)),
        "score_gap": scores[best] - scores[order[-1]],
        "cover": cover[best],
        "max_cover": cover.max(),
        "missing": (shares * ~matches[best]).max(initial=0.0),
        "missing_from_top": (shares * ~matches[top].any(axis=0)).max(initial=0.0),
        "bm25_share": candidates.bm25_shares.max(),
        "top_bm25_share": candidates.bm25_shares[best],
        "agreement": len(set(by_words.tolist()).intersection(by_meaning.tolist())) / TOP,
        "known": candidates.known_share,
        "title_cosine": max(map(candidates.cosines[:, 1].item, top)),
        "title_cover": max(map(features[:, COLUMN["title_cover"]].item, top)),
        "term_count": log1p(len(query.terms)),
        "mean_cover": cover[order[:5]].mean(),
        "adapted_gap": meaning[by_meaning[0]] - meaning[by_meaning[-1]],
        "cosine_gap": cosine[by_cosine[0]] - cosine[by_cosine[-1]],
        "rarest": features[order[:5], COLUMN["rarest"]].mean(),
        "adapted_first": max(map(features[:, COLUMN["adapted_first"]].item, top)),
        "topicality": np.logaddexp.reduce(candidates.topic_odds[order]),
    }
    return np.array([values[name] for name in CONFIDENCE_FEATURES], np.float32)
