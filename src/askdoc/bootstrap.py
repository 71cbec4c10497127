"""Puts the parts together: from ``Settings`` to a ``Responder``. The only place that constructs."""

from typing import TYPE_CHECKING

from askdoc.embedder import Embedder, Weights, locate
from askdoc.errors import IndexUnusable
from askdoc.index import generation
from askdoc.index.generation import Generation
from askdoc.index.manifest import Manifest
from askdoc.live import Live
from askdoc.responder import Responder
from askdoc.retriever import Retriever
from askdoc.settings import Settings

if TYPE_CHECKING:
    from askdoc.index.build import Progress, Report, Trained


def open_generation(settings: Settings) -> Generation:
    """The active generation of the index. Raises IndexUnusable or ModelError."""
    return generation.open_active(settings.index, model=settings.model, load=_trained)


def responder(index: Generation) -> Responder:
    """A responder over an opened generation."""
    return Responder(Retriever(index), index.texts, index_id=index.index_id)


def build_index(settings: Settings, *, progress: "Progress", full: bool = False) -> "Report":
    """Bring the index up to the corpus."""
    from askdoc.index.build import build  # and all that reads a corpus, which a question does without

    return build(
        settings.corpus,
        settings.index,
        weights=locate(settings.model),
        load=_load,
        progress=progress,
        full=full,
    )


def _load(weights: Weights) -> "Trained":
    from askdoc.embedder.trained import TrainedEmbedder

    return TrainedEmbedder.load(weights)


def _trained(manifest: Manifest) -> Embedder:
    """The embedder of an index whose model could not be exported."""
    weights = locate(manifest.model.name)
    if weights.fingerprint != manifest.model.fingerprint:
        raise IndexUnusable(f"The model {weights.name} has changed since the index was made. Run: askdoc index")
    return _load(weights)


def live(settings: Settings) -> Live:
    """The responder of a server, which follows the active generation."""
    return Live(settings.index, lambda: responder(open_generation(settings)))
