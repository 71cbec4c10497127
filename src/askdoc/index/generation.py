"""Opened generation of an index folder: the texts, the vectors and the encoder that belong together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from askdoc.embedder.onnx_encoder import FILES, OnnxEncoder
from askdoc.embedder.protocol import Embedder
from askdoc.errors import IndexUnusable, OtherModel
from askdoc.index import checked, documents, field_texts, word_counts
from askdoc.index.bm25 import InvertedIndex
from askdoc.index.checked import CheckedGeneration
from askdoc.index.documents import DocumentStore
from askdoc.index.folder import IndexFolder
from askdoc.index.manifest import Manifest
from askdoc.index.vectors import kinds
from askdoc.index.vectors.protocol import Rows, VectorIndex, Vectors
from askdoc.index.word_counts import Vocabulary

SAFETY = "vectors-safety.npy"
"""The file with the inner vectors of ``safety.examples.sentences()``: (examples, width) float32."""


@dataclass(frozen=True, eq=False)
class Generation:
    """The ``OpenedIndex`` (see ``askdoc.index.protocol``) of an index folder."""

    checked: CheckedGeneration
    documents: DocumentStore
    vocabulary: Vocabulary
    embedder: Embedder
    vectors: dict[str, VectorIndex]

    @classmethod
    def open(cls, generation: CheckedGeneration, *, encoder: Callable[[CheckedGeneration], Embedder]) -> "Generation":
        """Open a checked generation; ``encoder`` opens its encoder meanwhile. Raises IndexUnusable."""
        with ThreadPoolExecutor(1) as aside:
            embedder = aside.submit(encoder, generation)
            try:
                texts = DocumentStore.open(generation.file(documents.NAME))
                counts = word_counts.load(generation.file(word_counts.NAME).read_bytes())
                vectors = {field: _vectors(generation, field) for field in generation.manifest.fields}
            except Exception as error:  # whatever SQLite and FAISS raise for a file that is not theirs
                raise IndexUnusable(
                    f"{generation.name} cannot be opened ({error}). Run: askdoc index --full"
                ) from error
            words = Vocabulary(*counts, ordinary=embedder.result().has_token)
            return cls(generation, texts, words, embedder.result(), vectors)

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.checked.name

    @property
    def manifest(self) -> Manifest:
        """The record of what it was made of."""
        return self.checked.manifest

    @cached_property
    def index_id(self) -> str:
        """Hash of the content: the same for the same corpus, model and version."""
        return self.manifest.index_id

    def search(self, field: str, queries: Vectors, k: int) -> tuple[Vectors, Rows]:
        """The ``k`` nearest rows of a field to each query of shape (queries, dimension): scores and rows."""
        return self.vectors[field].search(queries, k)

    def scores(self, field: str, queries: Vectors, rows: Rows) -> Vectors:
        """The scores of the named rows of a field: (rows,) for one query (dimension,), (queries, rows) for several."""
        return self.vectors[field].scores(queries, rows)

    def postings(self, field: str) -> InvertedIndex:
        """The inverted index of a field, mapped anew at each call. Raises OSError or ValueError."""
        return InvertedIndex.open(self.checked.path, field)

    def artifact(self, name: str) -> bytes:
        """The bytes of a file that the manifest names. Raises KeyError for any other, or OSError."""
        return self.checked.file(name).read_bytes()


def _vectors(generation: CheckedGeneration, field: str) -> VectorIndex:
    manifest = generation.manifest
    path = str(generation.path / field_texts.file_of(field))
    return kinds.open_kind(manifest.kinds[field], path, rows=manifest.fields[field], dimension=manifest.model.dimension)


def open_active(folder: IndexFolder, *, model: str, load: Callable[[Manifest], Embedder]) -> Generation:
    """Open the generation that CURRENT names, or, said loudly, the newest other that can be opened."""
    opened, _ = folder.choose(lambda path: open_at(path, model=model, load=load))
    return opened


def open_at(
    path: Path, *, model: str, load: Callable[[Manifest], Embedder], before: Generation | None = None
) -> Generation:
    """Check and open one generation. Raises OtherModel where it was made with another model than ``model``.

    ``load`` gives the encoder where the generation carries none. That of ``before`` is taken over where it is the
    same, byte for byte.
    """
    generation = checked.check(path)
    made_with = generation.manifest.model.name
    if made_with != model:
        raise OtherModel(
            f"The index in {path.parent} was made with the model {made_with}, and the settings say {model}. "
            "Run: askdoc index, or set ASKDOC_MODEL back."
        )

    def encoder(generation: CheckedGeneration) -> Embedder:
        files = generation.manifest.files
        if not generation.manifest.model.exported:
            return load(generation.manifest)
        if before and all(files.get(name) == before.manifest.files.get(name) for name in FILES):
            return before.embedder
        return OnnxEncoder.open(generation.path)

    return Generation.open(generation, encoder=encoder)
