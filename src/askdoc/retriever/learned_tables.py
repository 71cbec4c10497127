"""Reads the learned tables that are shipped in ``learned/``.

Each is a JSON document. A float array in it is rounded to int8, ``{"shape": […], "scale": s, "bytes": base64}``: an
element is ``s`` times its byte.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import numpy as np

from askdoc.retriever.arrays import Floats


def load(name: str) -> dict[str, Any]:
    """The shipped table ``name.json``."""
    text = files("askdoc.retriever.learned").joinpath(f"{name}.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


def check_names(table: str, given: Mapping[str, object], known: Sequence[str], *, all_needed: bool = False) -> None:
    """Refuse a table of another version. Raises ValueError where it names a feature not among those ``known``.

    With ``all_needed``, also where it lacks one.
    """
    if unknown := set(given) - set(known):
        raise ValueError(f"{table}.json names features that this program does not know: {sorted(unknown)}")
    if all_needed and (missing := set(known) - set(given)):
        raise ValueError(f"{table}.json lacks features that this program needs: {sorted(missing)}")


def encode_array(values: Floats) -> dict[str, Any]:
    """The array as the document keeps it, rounded to int8."""
    scale = float(np.abs(values).max()) / 127 or 1.0
    rounded = np.rint(values / scale).astype(np.int8)
    return {"shape": list(values.shape), "scale": scale, "bytes": base64.b64encode(rounded.tobytes()).decode()}


def decode_array(document: Mapping[str, Any]) -> Floats:
    """The float array that ``encode_array`` made a document of."""
    rounded = np.frombuffer(base64.b64decode(document["bytes"]), np.int8)
    values: Floats = (rounded * np.float32(document["scale"])).reshape(document["shape"])
    return values
