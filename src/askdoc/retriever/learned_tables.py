"""Reads the learned tables that are shipped in ``learned/``; ``training/`` makes them.

A small table is a JSON document. A table of arrays is an ``.npz`` with its document as ``head.json`` and every array
rounded to int8: an element is its byte times the array's number in the document's ``scales``. In both, ``made_by`` says
how the table was made.
"""

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askdoc.retriever.array_types import Floats

LEVELS = 127
"""The greatest byte of a rounded array."""


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
        raise ValueError(f"{table} names features that this program does not know: {sorted(unknown)}")
    if all_needed and (missing := set(known) - set(given)):
        raise ValueError(f"{table} lacks features that this program needs: {sorted(missing)}")


def load_arrays(name: str) -> tuple[dict[str, Any], dict[str, Floats]]:
    """The document and the arrays of the shipped table ``name.npz``."""
    with files("askdoc.retriever.learned").joinpath(f"{name}.npz").open("rb") as file:
        return decoded(np.load(file, allow_pickle=False))


def decoded(members: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Floats]]:
    """The document and the arrays from the members of an ``.npz``."""
    document: dict[str, Any] = json.loads(members["head.json"])
    return document, {name: members[name] * np.float32(scale) for name, scale in document["scales"].items()}


def quantized(arrays: Mapping[str, Floats]) -> tuple[dict[str, float], dict[str, NDArray[np.int8]]]:
    """The ``scales`` of a document, and its arrays rounded to int8."""
    scales = {name: float(np.abs(values).max()) / LEVELS or 1.0 for name, values in arrays.items()}
    return scales, {name: np.rint(values / scales[name]).astype(np.int8) for name, values in arrays.items()}
