"""Puts the parts together: from ``Settings`` to a ``Responder``. The only place that constructs."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from askdoc.countries import Country
from askdoc.embedder import ModelFiles, locate
from askdoc.embedder.onnx_encoder import FILES
from askdoc.embedder.protocol import Embedder
from askdoc.errors import IndexUnusable, UsageError
from askdoc.evaluation import known_items
from askdoc.evaluation.known_items import KnownItem
from askdoc.index import activation, array_codec, field_texts, generation
from askdoc.index.folder import IndexFolder
from askdoc.index.generation import Generation
from askdoc.index.manifest import Manifest
from askdoc.index.protocol import OpenedIndex, StoredDocuments
from askdoc.live import Live, ServedGeneration
from askdoc.query.followup import FollowupResolver
from askdoc.query.rewriting import QueryRewriter
from askdoc.query.terminology import Terminology
from askdoc.responder import Parts, Responder
from askdoc.retriever import Retriever
from askdoc.retriever.artifacts import Artifacts
from askdoc.safety import Gate, examples
from askdoc.settings import DEFAULT_COUNTRY, Settings

if TYPE_CHECKING:  # answering a question loads nothing that only a build needs
    from askdoc.indexer.build import BuildPlan, BuildReport, Indexer
    from askdoc.indexer.pipeline import ExportableEmbedder
    from askdoc.indexer.progress import Progress
    from askdoc.indexer.verify import VerificationReport

log = logging.getLogger("askdoc")
DEVICES = ("auto", "cpu")
OTHER_EXAMPLES = (
    "The index was made with other safety examples, so this program's own are embedded at every start, which takes "
    "seconds. Run: askdoc index"
)
SAMPLED = 50
"""Number of passages from which the languages of a corpus are told."""


def open_generation(settings: Settings) -> Generation:
    """Open the active generation of the index. Raises IndexUnusable or ModelError."""
    return generation.open_active(IndexFolder(settings.index), model=settings.model, load=_trained)


class Shared:
    """Parts that do not depend on the corpus: made once, and used again by every generation that a server opens."""

    def __init__(self, country: str = DEFAULT_COUNTRY) -> None:
        self.terminology = Terminology.shipped()
        self.country = Country.find(country)
        self._gates: dict[object, Gate] = {}
        self._trained: dict[str, Embedder] = {}

    def trained(self, manifest: Manifest) -> Embedder:
        """The embedder of an index whose model could not be exported, loaded once and kept for the next index."""
        fingerprint = manifest.model.fingerprint
        if fingerprint not in self._trained:
            self._trained = {fingerprint: _trained(manifest)}
        return self._trained[fingerprint]

    def gate(self, index: OpenedIndex) -> Gate:
        """The safety gate, never without its examples: of an index that holds other ones, they are embedded here."""
        files, own = index.manifest.files, holds_examples(index)
        made_of = files[generation.SAFETY] if own else (index.manifest.model, *map(files.get, FILES))
        if made_of not in self._gates:
            if not own:
                log.warning(OTHER_EXAMPLES)
            self._gates = {made_of: self._gate(index, own=own)}
        return self._gates[made_of]

    def _gate(self, index: OpenedIndex, *, own: bool) -> Gate:
        try:
            if own:
                vectors = array_codec.load(index.artifact(generation.SAFETY))
            else:
                vectors = index.embedder.begin(examples.sentences())().inner
            return Gate.load(country=self.country.code, vectors=vectors)
        except (OSError, ValueError) as error:
            raise IndexUnusable(f"{index.name} cannot be opened ({error}). Run: askdoc index --full") from error


def holds_examples(index: OpenedIndex) -> bool:
    """Whether an index holds the vectors of the safety examples that this program has."""
    return index.manifest.extra.get("safety") == examples.TABLE_VERSION and generation.SAFETY in index.manifest.files


def responder(index: OpenedIndex, *, shared: Shared | None = None) -> Responder:
    """Make a responder over an opened index."""
    return Responder(parts(index, shared=shared), index_id=index.index_id)


def parts(index: OpenedIndex, *, shared: Shared | None = None) -> Parts:
    """Make the parts that a responder over an opened index works with."""
    shared = shared or Shared()
    return Parts(
        embedder=index.embedder,
        retriever=_retriever(index),
        answers=index.documents,
        gate=shared.gate(index).for_corpus(_sample(index.documents, index.manifest.counts.passages)),
        followups=FollowupResolver(shared.terminology, index.vocabulary.rarity),
        rewriter=QueryRewriter(shared.terminology, index.vocabulary),
        emergency=shared.country.emergency,
    )


def _sample(documents: StoredDocuments, passages: int) -> list[str]:
    """Sample passages from everywhere in a corpus of ``passages``: enough to tell its languages."""
    step = max(1, passages // SAMPLED)
    return [documents.passage(row).text for row in range(0, passages, step)]


def _retriever(index: OpenedIndex) -> Retriever:
    try:
        return Retriever(index, Artifacts.open(index))
    except (OSError, KeyError, ValueError) as error:
        raise IndexUnusable(f"{index.name} cannot be opened ({error}). Run: askdoc index --full") from error


def build_index(settings: Settings, *, progress: "Progress", full: bool = False) -> "BuildReport":
    """Bring the index up to the corpus. Raises UsageError, CorpusError, ModelError or BuildError."""
    indexer = _indexer(settings, load_on_gpu=_gpu_loader(settings.device))
    return indexer.build(trial=lambda made: known_items.trial(made, responder(made)), progress=progress, full=full)


def plan_index(settings: Settings) -> "BuildPlan":
    """Tell what ``build_index`` would do, and write nothing."""
    return _indexer(settings).plan()


def _indexer(
    settings: Settings, *, load_on_gpu: "Callable[[ModelFiles], ExportableEmbedder | None] | None" = None
) -> "Indexer":
    from askdoc.indexer.build import Indexer
    from askdoc.indexer.pipeline import EmbeddingModel
    from askdoc.indexer.user_cache import UserCache
    from askdoc.retriever.offline.own_tables import tables_of

    files = locate(settings.model)
    model = EmbeddingModel(files, tables_of(files), _load, load_on_gpu, UserCache.located())
    return Indexer(settings.corpus, IndexFolder(settings.index), model)


def verify_index(
    settings: Settings, *, questions: int, asked: Sequence[KnownItem] | None = None
) -> "VerificationReport":
    """Compare every file with its manifest, the index with the corpus, and the answers with the golden questions.

    Without ``asked``, that is ``questions`` of the stored ones.
    """
    from askdoc.indexer import verify

    folder = IndexFolder(settings.index)
    return verify.steadily(folder, lambda: _verified(settings, folder, questions=questions, asked=asked))


def _verified(
    settings: Settings, folder: IndexFolder, *, questions: int, asked: Sequence[KnownItem] | None
) -> "VerificationReport":
    from askdoc.indexer import verify

    report = verify.corpus(verify.files(folder), settings.corpus)
    if report.checked is None:
        return report
    try:
        opened = _open(settings, report.checked.path, load=_trained)
        answering = responder(opened)
    except IndexUnusable as error:
        return report.with_wrong([str(error)])
    golden = known_items.sample(opened.documents, questions) if asked is None else asked
    missed = list(known_items.missed(answering, golden))
    return report.with_wrong(field_texts.misaligned(opened, most=verify.ROWS) + missed, asked=len(golden))


def roll_back(settings: Settings, *, undo: bool = False) -> tuple[str | None, ServedGeneration]:
    """Make the generation before the active one the active one, tried out first; the name of the one left.

    With ``undo``, take that back.
    """
    folder = IndexFolder(settings.index)
    if not folder.generations():
        raise IndexUnusable(f"There is no index in {settings.index}. Run: askdoc index")
    with activation.locked(folder) as writer:
        change = writer.undo if undo else writer.rollback
        return change(lambda path: _served(settings, path, None, Shared(settings.country)))


def live(settings: Settings) -> Live:
    """Make the responder of a server, which follows the active generation."""
    shared = Shared(settings.country)
    return Live(IndexFolder(settings.index), lambda path, before: _served(settings, path, before, shared))


def _served(settings: Settings, path: Path, before: ServedGeneration | None, shared: Shared) -> ServedGeneration:
    opened = _open(settings, path, load=shared.trained, before=before.generation if before else None)
    answering = responder(opened, shared=shared)
    known_items.trial(opened, answering)
    return ServedGeneration(path.name, opened, answering, None if holds_examples(opened) else OTHER_EXAMPLES)


def _open(
    settings: Settings, path: Path, *, load: Callable[[Manifest], Embedder], before: Generation | None = None
) -> Generation:
    return generation.open_at(path, model=settings.model, load=load, before=before)


def _gpu_loader(device: str) -> "Callable[[ModelFiles], ExportableEmbedder | None] | None":
    """How to load the model on a GPU, or None where none may be used. Raises UsageError for what is no device."""
    if device not in DEVICES:
        raise UsageError(f"device is '{device}'; give one of: {', '.join(DEVICES)}.")
    return None if device == "cpu" else _load_on_gpu


def _load_on_gpu(weights: ModelFiles) -> "ExportableEmbedder | None":
    from askdoc.embedder.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder.on_gpu(weights)


def _load(weights: ModelFiles) -> "ExportableEmbedder":
    from askdoc.embedder.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder.load(weights)


def _trained(manifest: Manifest) -> Embedder:
    """Load the embedder of an index whose model could not be exported. Raises IndexUnusable or ModelError."""
    weights = locate(manifest.model.name)
    if weights.fingerprint != manifest.model.fingerprint:
        raise IndexUnusable(f"The model {weights.name} has changed since the index was made. Run: askdoc index")
    return _load(weights)
