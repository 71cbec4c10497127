"""Reads the fitted weights of the gate: of the linear model over features, and of the regression over the examples.

``weights.npz`` holds ``head.json`` (``"examples"``: the version of the table that they were fitted to; ``"made_by"``:
how), the names of the features, ``patterns`` and ``ngrams``, one a line in ``NAME.txt``, and arrays of whole numbers,
in thousandths. ``training/fit_safety.py`` makes it.

| array | shape | content |
|---|---|---|
| `patterns`, `ngrams` | (features, 3) | of each feature its rarity, and its weight for an alarm and for a crisis |
| `offsets` | (examples, 2) | what the linear model says of each example, for an alarm and for a crisis |
| `coefficients` | (examples, 2) | of each example in the kernel ridge regression |
| `probes` | (some examples, 2) | what the regression predicts of every ``PROBE_STEP``-th example |
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

FeatureWeights = Mapping[str, tuple[float, float, float]]
"""For the name of a feature its rarity, and its weight for an alarm and for a crisis."""
KINDS = ("patterns", "ngrams")
"""The two kinds of features: what the patterns found, and the words with their neighbours."""
ARRAYS = ("offsets", "coefficients", "probes")
_UNIT = 1000
"""What is stored for 1: three decimals are kept."""


@dataclass(frozen=True, slots=True)
class FittedWeights:
    """The weights of features, and of each example ``offsets`` and ``coefficients`` (examples, 2).

    ``probes`` (some examples, 2) are predictions by which the gate tells whether the coefficients suit its vectors.
    """

    examples: str
    """The version of the table whose examples these are."""
    patterns: FeatureWeights
    ngrams: FeatureWeights
    offsets: NDArray[np.float32]
    coefficients: NDArray[np.float32]
    probes: NDArray[np.float32]

    @classmethod
    def shipped(cls) -> Self:
        """The weights that come with the program."""
        with (files("askdoc.safety") / "data" / "weights.npz").open("rb") as file:
            return cls.parse(np.load(file, allow_pickle=False))

    @classmethod
    def parse(cls, members: Mapping[str, Any]) -> Self:
        """From the members of ``weights.npz``."""
        patterns, ngrams = (_feature_weights(members, kind) for kind in KINDS)
        arrays = {name: (members[name] / np.float32(_UNIT)).astype(np.float32) for name in ARRAYS}
        return cls(json.loads(members["head.json"])["examples"], patterns, ngrams, **arrays)


def _feature_weights(members: Mapping[str, Any], kind: str) -> dict[str, tuple[float, float, float]]:
    rows = map(tuple, (members[kind] / _UNIT).tolist())
    return dict(zip(members[f"{kind}.txt"].decode().splitlines(), rows, strict=True))


def rounded(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """Weights to the decimals that are kept."""
    kept: NDArray[np.floating] = np.rint(values * _UNIT) / _UNIT
    return kept


def stored(values: NDArray[np.floating]) -> NDArray[np.int32]:
    """Weights as ``weights.npz`` stores them: whole numbers of thousandths."""
    whole: NDArray[np.int32] = np.rint(values * _UNIT).astype(np.int32)
    return whole
