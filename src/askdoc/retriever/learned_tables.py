"""Reads the learned tables: those shipped in ``learned/``, and those that were made for one model.

A small table is a JSON document. A table of arrays is an ``.npz`` with its document as ``head.json`` and every array
rounded to int8: an element is its byte times the array's number in the document's ``scales``. In both, ``made_by`` says
how the table was made; ``made_by.model`` is the SHA-256 of the weights of the model whose vectors it was learned from.

Six tables depend on those vectors. ``ModelTables`` holds such a set: that of a model that has its own, the shipped one
of the default model, or the plain one for every other model. The remaining tables count words and serve all models.
"""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from askdoc.embedder.model_files import PACKAGE_SHA256
from askdoc.index.manifest import Manifest
from askdoc.index.protocol import OpenedIndex
from askdoc.retriever.array_types import Floats

LEVELS = 127
"""The greatest byte of a rounded array."""
FILES = ("query_adapter.npz", "fusion.json", "topicality.npz", "scope.npz", "confidence.json", "word_vectors.npz")
"""The tables that depend on a model's vectors, in the order in which they are learned."""
PLAIN = {"fusion.json": "plain_fusion.json", "confidence.json": "plain_confidence.json"}
"""The files of the plain set by what they are in it: it has only such tables as can serve any model."""
STORED = "tables-"
"""What the names of a model's own tables begin with in an index."""


class TablesOrigin(StrEnum):
    """Where a set of tables comes from."""

    OWN = "own"
    """Made for the index's model, and stored in the index."""
    SHIPPED = "shipped"
    """Made for the default model, which the index was made with."""
    PLAIN = "plain"
    """Made to serve every model that has none of its own."""

    @classmethod
    def of_index(cls, manifest: Manifest) -> Self:
        """Where the tables of an index come from: some are stored in it, or its model tells which of the shipped."""
        if any(STORED + name in manifest.files for name in FILES):
            return cls("own")
        return cls.of_weights(manifest.model.sha256)

    @classmethod
    def of_weights(cls, sha256: str) -> Self:
        """Which of the shipped tables serve the model with these weights."""
        return cls("shipped" if sha256 == PACKAGE_SHA256 else "plain")


@dataclass(frozen=True, slots=True)
class ModelTables:
    """The learned tables that depend on the vectors of a model: bytes by the names in ``FILES``."""

    origin: TablesOrigin
    contents: Mapping[str, bytes]

    @classmethod
    def default(cls) -> Self:
        """The shipped tables of the default model."""
        return cls(TablesOrigin.SHIPPED, {name: _shipped(name) for name in FILES})

    @classmethod
    def plain(cls) -> Self:
        """The shipped tables for a model that has none of its own."""
        return cls(TablesOrigin.PLAIN, {name: _shipped(file) for name, file in PLAIN.items()})

    @classmethod
    def shipped(cls, weights_sha256: str) -> Self:
        """The shipped tables for the model with these weights."""
        return cls.default() if TablesOrigin.of_weights(weights_sha256) is TablesOrigin.SHIPPED else cls.plain()

    @classmethod
    def stored(cls, index: OpenedIndex) -> Self:
        """The tables of an index: those stored in it, or else those shipped for its model.

        Raises OSError, KeyError, or ValueError where they were made for another model.
        """
        manifest = index.manifest
        if TablesOrigin.of_index(manifest) is not TablesOrigin.OWN:
            return cls.shipped(manifest.model.sha256)
        tables = cls(TablesOrigin.OWN, {name: index.artifact(STORED + name) for name in FILES})
        if wrong := tables.made_for_others(manifest.model.sha256):
            raise ValueError(f"{STORED}{wrong[0]} was made for another model")
        return tables

    def to_store(self) -> dict[str, bytes]:
        """The files that an index keeps by name: only those of a set that is not shipped."""
        return {STORED + name: data for name, data in self.contents.items()} if self.origin is TablesOrigin.OWN else {}

    def are_stored(self, files: Mapping[str, tuple[str, int]]) -> bool:
        """Whether these tables, and no others, are among an index's files, given as its manifest names them."""
        own = {name: hashlib.sha256(data).hexdigest() for name, data in self.to_store().items()}
        return own == {name: sha256 for name, (sha256, _) in files.items() if name.startswith(STORED)}

    def document(self, name: str) -> dict[str, Any]:
        """The document of a table. Raises KeyError where the set has none of that name, ValueError for a broken one."""
        data = self.contents[name]
        if name.endswith(".npz"):
            return decoded(np.load(io.BytesIO(data), allow_pickle=False))[0]
        document: dict[str, Any] = json.loads(data)
        return document

    def arrays(self, name: str) -> tuple[dict[str, Any], dict[str, Floats]] | None:
        """The document and the arrays of a table of arrays, or None where the set has none of that name."""
        data = self.contents.get(name)
        return None if data is None else decoded(np.load(io.BytesIO(data), allow_pickle=False))

    def made_for_others(self, weights_sha256: str) -> list[str]:
        """The names of the tables that were not made for the model with these weights."""
        return [name for name in self.contents if self.document(name)["made_by"].get("model") != weights_sha256]


def load(name: str) -> dict[str, Any]:
    """The shipped table ``name.json``."""
    table: dict[str, Any] = json.loads(_shipped(f"{name}.json"))
    return table


def _shipped(file: str) -> bytes:
    """The bytes of a shipped file."""
    return files("askdoc.retriever.learned").joinpath(file).read_bytes()


def check_names(table: str, given: Mapping[str, object], known: Sequence[str], *, all_needed: bool = False) -> None:
    """Refuse a table of another version. Raises ValueError where it names a feature not among those ``known``.

    With ``all_needed``, also where it lacks one.
    """
    if unknown := set(given) - set(known):
        raise ValueError(f"{table} names features that this program does not know: {sorted(unknown)}")
    if all_needed and (missing := set(known) - set(given)):
        raise ValueError(f"{table} lacks features that this program needs: {sorted(missing)}")


def decoded(members: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Floats]]:
    """The document and the arrays from the members of an ``.npz``."""
    document: dict[str, Any] = json.loads(members["head.json"])
    return document, {name: members[name] * np.float32(scale) for name, scale in document["scales"].items()}


def quantized(arrays: Mapping[str, Floats]) -> tuple[dict[str, float], dict[str, NDArray[np.int8]]]:
    """The ``scales`` of a document, and its arrays rounded to int8."""
    scales = {name: float(np.abs(values).max()) / LEVELS or 1.0 for name, values in arrays.items()}
    return scales, {name: np.rint(values / scales[name]).astype(np.int8) for name, values in arrays.items()}
