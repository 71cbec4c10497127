"""The fitted weights of the safety gate: what each name that it sees says for an alarm, and each example's share.

``weights.npz`` holds ``head.json`` (``"examples"``: the version of the table that they were fitted to; ``"made_by"``:
how), the names of two kinds, ``seen`` by the patterns and ``said`` in words, one a line in ``KIND.txt``, and arrays of
whole numbers, in thousandths: ``KIND`` (names, 3) rarity, for an alarm, for a crisis; ``known`` and ``shares``
(examples, 2) and ``given`` (some examples, 2), each for an alarm and for a crisis. ``training/fit_safety.py`` makes it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

NameWeights = Mapping[str, tuple[float, float, float]]
"""For a name its rarity, and what it says for an alarm and for a crisis."""
_UNIT = 1000
"""What is stored of 1: three decimals are kept."""


@dataclass(frozen=True, slots=True)
class FittedWeights:
    """What a fit found: ``seen`` and ``said`` weigh names, ``known`` and ``shares`` (examples, 2) are of each example.

    ``known`` is what an example's names amount to, ``shares`` its say in similarity, and ``given`` what the shares give
    every ``PROBED``-th example, by which the gate recognises the model that they were fitted with.
    """

    examples: str
    """The version of the table whose examples these are."""
    seen: NameWeights
    said: NameWeights
    known: NDArray[np.float32]
    shares: NDArray[np.float32]
    given: NDArray[np.float32]

    @classmethod
    def shipped(cls) -> Self:
        """The weights that come with the program."""
        with (files("askdoc.safety") / "data" / "weights.npz").open("rb") as file:
            return cls.parse(np.load(file, allow_pickle=False))

    @classmethod
    def parse(cls, members: Mapping[str, Any]) -> Self:
        """From the members of ``weights.npz``."""
        names = {kind: bytes(members[f"{kind}.txt"]).decode().splitlines() for kind in ("seen", "said")}
        weights = {
            kind: dict(zip(names[kind], map(tuple, (members[kind] / _UNIT).tolist()), strict=True)) for kind in names
        }
        arrays = {name: (members[name] / np.float32(_UNIT)).astype(np.float32) for name in ("known", "shares", "given")}
        return cls(json.loads(bytes(members["head.json"]))["examples"], **weights, **arrays)


def rounded(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """Weights to the decimals that are kept."""
    return np.rint(values * _UNIT) / _UNIT


def stored(values: NDArray[np.floating]) -> NDArray[np.int32]:
    """Weights as ``weights.npz`` stores them: whole numbers of thousandths."""
    return np.rint(values * _UNIT).astype(np.int32)
