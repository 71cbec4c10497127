"""Recipe of an export: all that decides its bytes, as keys of ``user_cache``."""

import hashlib
import platform
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from askdoc import __version__, embedder
from askdoc.embedder import ModelFiles
from askdoc.indexer.user_cache import key_of

PACKAGES = (
    "numpy",  # rounds the weights
    "onnx",  # writes the graph
    "onnxruntime",  # gives the activations that the scales are fitted to, and every vector of the export
    "onnxscript",  # simplifies the graph and names its nodes
    "sentence-transformers",  # pooling and the layers behind it
    "tokenizers",  # writes the tokenizer
    "torch",  # traces the model
    "transformers",  # the model's own code
)
"""The packages of which another version may give other bytes."""


def export_key(model: ModelFiles, typical: Sequence[str]) -> str:
    """Key of a model's export that is fitted to ``typical`` texts."""
    return key_of(made="export", recipe=_recipe(model), texts=typical)


def examples_key(model: ModelFiles, encoder: Sequence[str], texts: Sequence[str]) -> str:
    """Key of the inner vectors of ``texts`` by an encoder, given by the hashes of its files (none: not exported)."""
    return key_of(made="examples", recipe=_recipe(model), encoder=encoder, texts=texts)


def _recipe(model: ModelFiles) -> dict[str, Any]:
    """The model's files, the code that works on them, and the kind of processor.

    The exact processor is not part of it: an export works on all of a kind, and is probed whenever it is opened.
    """
    return {
        "model": model.fingerprint,
        "askdoc": __version__,
        "code": _code(),
        "packages": {name: _version(name) for name in PACKAGES},
        "processor": platform.machine(),
    }


def _code() -> str:
    """SHA-256 of the sources that export and encode: a number of their version could be forgotten."""
    sources = sorted(Path(embedder.__file__).parent.glob("*.py"))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
