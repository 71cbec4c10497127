"""An opened generation of the index: the words, the vectors and the encoder that belong together."""

from collections.abc import Callable
from pathlib import Path

from askdoc.embedder import Embedder
from askdoc.embedder.exported import ExportedEmbedder
from askdoc.errors import IndexUnusable
from askdoc.index import folder, texts
from askdoc.index.folder import Checked
from askdoc.index.manifest import Manifest
from askdoc.index.texts import Texts
from askdoc.store import Rows, Store, Vectors
from askdoc.store.faiss_flat import FaissFlat

FIELDS = ("question", "both")
"""What is embedded: each question's title; each passage below its question's title."""


def file_of(field: str) -> str:
    """The file that holds the vectors of a field."""
    return f"vectors-{field}.faiss"


class Generation:
    """Everything that one reply is made from. It does not change while it is open."""

    def __init__(self, manifest: Manifest, words: Texts, stores: dict[str, Store], embedder: Embedder) -> None:
        self.manifest = manifest
        self.texts = words
        self.embedder = embedder
        self._stores = stores
        self.index_id = manifest.index_id

    @classmethod
    def open(cls, checked: Checked, *, load: Callable[[Manifest], Embedder]) -> "Generation":
        """Open a checked generation. ``load`` gives the embedder where the generation carries none."""
        path, manifest = checked.path, checked.manifest
        try:
            words = Texts.open(path / texts.NAME)
            stores: dict[str, Store] = {
                field: FaissFlat.open(str(path / file_of(field)), rows=rows, dimension=manifest.model.dimension)
                for field, rows in manifest.fields.items()
            }
        except (OSError, ValueError, RuntimeError) as error:
            raise IndexUnusable(f"{path.name} cannot be opened ({error}). Run: askdoc index --full") from error
        embedder = ExportedEmbedder.open(path) if manifest.model.exported else load(manifest)
        return cls(manifest, words, stores, embedder)

    def search(self, field: str, queries: Vectors, k: int) -> tuple[Vectors, Rows]:
        """The ``k`` nearest rows of a field to each query of shape (queries, dimension): scores and rows."""
        return self._stores[field].search(queries, k)

    def scores(self, field: str, query: Vectors, rows: Rows) -> Vectors:
        """The scores of the named rows of a field for one query of shape (dimension,)."""
        return self._stores[field].scores(query, rows)


def open_active(path: Path, *, model: str, load: Callable[[Manifest], Embedder]) -> Generation:
    """Check and open the active generation. Raises IndexUnusable where it was made with another model."""
    checked = folder.active(path)
    made_with = checked.manifest.model.name
    if made_with != model:
        raise IndexUnusable(
            f"The index in {path} was made with the model {made_with}, and the settings say {model}. "
            "Run: askdoc index, or set ASKDOC_MODEL back."
        )
    return Generation.open(checked, load=load)
