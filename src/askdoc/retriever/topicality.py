"""Tells how surely an answer is about what a question is about: a learned form over the default model's vectors.

A sibling of the illness asked about is as near in meaning as the illness itself. For each answer the form gives log
odds, ``best · f(q) + first · g(q) + signals · s + q · e``, from its best and its first passage, where
``f(q) = diagonal ∘ q + (q @ down) @ up + passage`` and ``g`` alike without ``passage``; ``e`` knows which questions
are seldom answered by what is near to them. It fits one model only; any other model does without.

``topic.json`` holds ``{"format", "model", "signals": {name: …}, "arrays": {name: {"shape", "scale", "bytes"}}}``, the
arrays as base64 of int8.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from askdoc.retriever.features import NAMES

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Topicality:
    """``diagonal`` (2, d), ``down`` (2, d, rank), ``up`` (2, rank, d): best passage, then first; ``passage`` (d,),
    ``question`` (d,), ``signals`` (len(NAMES),)."""

    diagonal: Floats
    down: Floats
    up: Floats
    passage: Floats
    question: Floats
    signals: Floats

    @classmethod
    def shipped(cls, model: str) -> Self | None:
        """The table of this model, or None where there is none."""
        table = json.loads(files("askdoc.retriever.learned").joinpath("topicality.json").read_text(encoding="utf-8"))
        return cls.parse(table) if table["model"] == model else None

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> Self:
        """From the document that ``topic.json`` holds."""
        if unknown := set(table["signals"]) - set(NAMES):
            raise ValueError(f"topic.json names signals that this program does not know: {sorted(unknown)}")
        arrays = {
            name: (np.frombuffer(base64.b64decode(one["bytes"]), np.int8) * np.float32(one["scale"])).reshape(
                one["shape"]
            )
            for name, one in table["arrays"].items()
        }
        return cls(**arrays, signals=np.array([table["signals"].get(name, 0.0) for name in NAMES], np.float32))

    def document(self, model: str) -> dict[str, Any]:
        """What ``topic.json`` holds, the arrays rounded to int8."""
        arrays = {}
        for name in (field.name for field in fields(self) if field.name != "signals"):
            values = getattr(self, name)
            scale = float(np.abs(values).max()) / 127 or 1.0
            packed = base64.b64encode(np.rint(values / scale).astype(np.int8).tobytes()).decode()
            arrays[name] = {"shape": list(values.shape), "scale": scale, "bytes": packed}
        signals = {name: round(float(weight), 4) for name, weight in zip(NAMES, self.signals, strict=True) if weight}
        return {"format": 1, "model": model, "signals": signals, "arrays": arrays}

    def forms(self, vector: Floats) -> Floats:
        """(2, d) from a question's vector (d,): what the best and the first passage are multiplied by."""
        adapted = ((vector @ self.down)[:, None, :] @ self.up)[:, 0]
        found: Floats = (self.diagonal * vector + adapted).astype(np.float32)
        found[0] += self.passage
        return found

    def odds(self, vector: Floats, best: Floats, first: Floats, signals: Floats) -> Floats:
        """(answers,) from the products of ``forms`` with each answer's two passages and from its signals."""
        found: Floats = best + first + signals @ self.signals + vector @ self.question
        return found
