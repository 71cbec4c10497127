"""An opened generation of the index: the words, the vectors and the encoder that belong together."""

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from askdoc.embedder.onnx_encoder import FILES, OnnxEncoder
from askdoc.embedder.protocol import Embedder
from askdoc.errors import IndexUnusable, OtherModel
from askdoc.index import documents, folder, vocabulary
from askdoc.index.documents import DocumentStore
from askdoc.index.folder import Checked
from askdoc.index.manifest import Manifest
from askdoc.index.vectors import kinds
from askdoc.index.vectors.protocol import Rows, VectorIndex, Vectors
from askdoc.index.vocabulary import Vocabulary
from askdoc.models import Passage, Question
from askdoc.text import visible

SAFETY = "vectors-safety.npy"
"""The file with the inner vectors of ``safety.examples.sentences()``: (examples, width) float32."""


def dump_array(array: Vectors) -> bytes:
    """The bytes of a ``.npy`` file."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def file_of(field: str) -> str:
    """The file of a generation that holds the vectors of a field."""
    return f"vectors-{field}.faiss"


def embedded(questions: Sequence[Question], cut: Sequence[Passage]) -> dict[str, list[str]]:
    """The texts of every field, by row; what nobody sees is not embedded."""
    return {
        "question": [visible(question.title) for question in questions],
        "passage": [visible(passage.text) for passage in cut],
    }


def text(words: DocumentStore, field: str, row: int) -> str:
    """The text of one row, out of an index."""
    return visible(words.question(row).title if field == "question" else words.passage(row).text)


ALIGNED = 0.99
"""The least cosine between a stored vector and that of its text embedded again; half precision costs 0.0001."""


class Generation:
    """Everything that one reply is made from. It does not change while it is open."""

    def __init__(
        self,
        path: Path,
        manifest: Manifest,
        words: DocumentStore,
        stores: dict[str, VectorIndex],
        embedder: Embedder,
        known: Vocabulary,
    ) -> None:
        self.path = path
        self.manifest = manifest
        self.texts = words
        self.vocabulary = known
        self.embedder = embedder
        self._stores = stores
        self.index_id = manifest.index_id

    @classmethod
    def open(cls, checked: Checked, *, encoder: Callable[[Checked], Embedder]) -> "Generation":
        """Open a checked generation; ``encoder`` opens its encoder meanwhile."""
        path, manifest = checked.path, checked.manifest
        with ThreadPoolExecutor(1) as aside:
            embedder = aside.submit(encoder, checked)
            try:
                words = DocumentStore.open(path / documents.NAME)
                counts = vocabulary.read(path / vocabulary.NAME)
                stores = {field: _store(checked, field) for field in manifest.fields}
            except Exception as error:  # whatever SQLite and FAISS raise for a file that is not theirs
                raise IndexUnusable(f"{path.name} cannot be opened ({error}). Run: askdoc index --full") from error
            known = Vocabulary(*counts, ordinary=embedder.result().has_token)
            return cls(path, manifest, words, stores, embedder.result(), known)

    def search(self, field: str, queries: Vectors, k: int) -> tuple[Vectors, Rows]:
        """The ``k`` nearest rows of a field to each query of shape (queries, dimension): scores and rows."""
        return self._stores[field].search(queries, k)

    def scores(self, field: str, queries: Vectors, rows: Rows) -> Vectors:
        """The scores of the named rows of a field: (rows,) for one query (dimension,), (queries, rows) for several."""
        return self._stores[field].scores(queries, rows)

    def misplaced(self, most: int) -> list[str]:
        """A sentence for each row whose vector is not that of its text; ``most`` rows of each field are looked at."""
        wrong = []
        for field, count in self.manifest.fields.items():
            rows = spread(count, most)
            vectors = self.embedder.encode([text(self.texts, field, row) for row in rows])
            for row, vector in zip(rows, vectors, strict=True):
                score = float(self.scores(field, vector, np.array([row], np.int64))[0])
                if not score >= ALIGNED:
                    wrong.append(f"Row {row} of {file_of(field)} is not its text's vector (cosine {score:.3f}).")
        return wrong


def _store(checked: Checked, field: str) -> VectorIndex:
    rows, dimension = checked.manifest.fields[field], checked.manifest.model.dimension
    kind = checked.manifest.kinds[field]
    return kinds.opened(kind, str(checked.path / file_of(field)), rows=rows, dimension=dimension)


def spread(count: int, most: int) -> Sequence[int]:
    """At most ``most`` numbers below ``count``, evenly spread, the first and the last among them."""
    return sorted({round(place) for place in np.linspace(0, count - 1, min(count, most))}) if count else []


def open_active(index: Path, *, model: str, load: Callable[[Manifest], Embedder]) -> Generation:
    """The generation that CURRENT names, or, said loudly, the newest other that can be opened."""
    opened, _ = folder.choose(index, lambda path: open_at(path, model=model, load=load))
    return opened


def open_at(
    path: Path, *, model: str, load: Callable[[Manifest], Embedder], before: Generation | None = None
) -> Generation:
    """Check and open one generation. Raises OtherModel where it was made with another model than ``model``.

    ``load`` gives the encoder where the generation carries none. That of ``before`` is taken over where it is the
    same, byte for byte.
    """
    checked = folder.check(path)
    made_with = checked.manifest.model.name
    if made_with != model:
        raise OtherModel(
            f"The index in {path.parent} was made with the model {made_with}, and the settings say {model}. "
            "Run: askdoc index, or set ASKDOC_MODEL back."
        )

    def encoder(checked: Checked) -> Embedder:
        files = checked.manifest.files
        if not checked.manifest.model.exported:
            return load(checked.manifest)
        if before and all(files.get(name) == before.manifest.files.get(name) for name in FILES):
            return before.embedder
        return OnnxEncoder.open(checked.path)

    return Generation.open(checked, encoder=encoder)
