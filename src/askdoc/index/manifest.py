"""Manifest of a generation, ``manifest.json``: what it was made of. Written last, checked first."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from askdoc.embedder.protocol import EncoderKind
from askdoc.errors import IndexUnusable

FORMAT = 5
NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Model:
    """The embedding model: its name in the settings, hashes of its files, and its shape."""

    name: str
    sha256: str
    fingerprint: str
    dimension: int
    max_tokens: int
    encoder: EncoderKind
    """The encoder that the stored vectors and those of questions come from."""

    @property
    def exported(self) -> bool:
        """Whether the generation carries the encoder itself."""
        return self.encoder is not EncoderKind.SENTENCE_TRANSFORMERS


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of what the index holds; ``rejected`` rows of the corpus were left out."""

    pages: int
    questions: int
    answers: int
    passages: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The record of one generation. ``created`` alone differs between two builds of the same corpus."""

    created: str
    askdoc: str
    model: Model
    counts: Counts
    corpus: dict[str, str]
    """SHA-256 of each corpus file by its path, as ``askdoc.filename_escaping`` writes it."""
    passage_tokens: int
    fields: dict[str, int]
    """Rows of each field of vectors."""
    kinds: dict[str, str]
    """Which kind of store holds each field, by its name in ``askdoc.index.vectors.kinds``."""
    files: dict[str, tuple[str, int]]
    """SHA-256 and length of every other file of the generation."""
    format: int = FORMAT
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def untitled(self) -> int:
        """Number of questions whose titles say nothing of their answers: they have no row in the field of titles."""
        return self.counts.questions - self.fields["question"]

    def dump(self) -> bytes:
        """The bytes of ``manifest.json``: sorted, indented, ended by a line feed."""
        return _plain(asdict(self))

    @property
    def index_id(self) -> str:
        """Names the content of the index: the same for the same corpus, model and version."""
        return hashlib.sha256(_plain({**asdict(self), "created": ""})).hexdigest()[:16]

    @classmethod
    def load(cls, data: bytes) -> "Manifest":
        """Read ``manifest.json``. Raises IndexUnusable where it is not one, or of another format."""
        try:
            record = json.loads(data)
            if record.get("format") != FORMAT:
                raise IndexUnusable(
                    f"The index has format {record.get('format')!r}; this askdoc reads {FORMAT}. Run: askdoc index"
                )
            model = record["model"]
            record["model"] = Model(**{**model, "encoder": EncoderKind(model["encoder"])})
            record["counts"] = Counts(**record["counts"])
            files = record["files"].items()
            record["files"] = {_plain_name(name): (str(sha256), int(size)) for name, (sha256, size) in files}
            return cls(**record)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise IndexUnusable(f"{NAME} is not a manifest ({error}). Run: askdoc index") from None


def _plain_name(name: str) -> str:
    """Pass a file's name. Raises ValueError for a path that leads out of the generation."""
    if name in {"", ".", "..", NAME} or "/" in name or "\\" in name or "\0" in name:
        raise ValueError(f"{name!r} is no file's name")
    return name


def _plain(record: dict[str, Any]) -> bytes:
    """JSON in UTF-8, whatever the texts hold: half a surrogate pair is written as JSON escapes it."""
    return json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
