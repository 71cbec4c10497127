"""Puts the parts together: from ``Settings`` to a ``Responder``. The only place that constructs."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from askdoc.countries import Country
from askdoc.embedder import ModelFiles, locate
from askdoc.embedder.onnx_encoder import FILES
from askdoc.embedder.protocol import Embedder, Vectors
from askdoc.errors import IndexUnusable, UsageError
from askdoc.evaluation import known_items
from askdoc.evaluation.known_items import KnownItem
from askdoc.index import activation, folder, generation
from askdoc.index.documents import DocumentStore
from askdoc.index.generation import Generation
from askdoc.index.manifest import Manifest
from askdoc.index.row_map import RowMap
from askdoc.indexer import build as builder
from askdoc.indexer import verify
from askdoc.indexer.build import Plan, Report
from askdoc.indexer.pipeline import Encoder, Load, Progress, Trained
from askdoc.indexer.verify import Verdict
from askdoc.live import Live, Served
from askdoc.models import Passage, Question
from askdoc.query.followup import FollowupResolver
from askdoc.query.rewriting import QueryRewriter
from askdoc.query.terminology import Terminology
from askdoc.responder import Parts, Responder
from askdoc.retriever import Retriever
from askdoc.retriever.artifacts import Artifacts
from askdoc.retriever.offline.prepare import prepare
from askdoc.safety import Gate, examples
from askdoc.settings import DEFAULT_COUNTRY, Settings

log = logging.getLogger("askdoc")
DEVICES = ("auto", "cpu")
OTHER_EXAMPLES = (
    "The index was made with other safety examples, so this program's own are embedded at every start, which takes "
    "seconds. Run: askdoc index"
)
SAMPLED = 50
"""Passages from which the languages of a corpus are told."""


def open_generation(settings: Settings) -> Generation:
    """The active generation of the index. Raises IndexUnusable or ModelError."""
    return generation.open_active(settings.index, model=settings.model, load=_trained)


class Shared:
    """What does not depend on the corpus: made once, and used again by every generation that a server opens."""

    def __init__(self, country: str = DEFAULT_COUNTRY) -> None:
        self.field = Terminology.shipped()
        self.country = Country.find(country)
        self._gates: dict[object, Gate] = {}
        self._trained: dict[str, Embedder] = {}

    def trained(self, manifest: Manifest) -> Embedder:
        """The embedder of an index whose model could not be exported, loaded once and kept for the next index."""
        fingerprint = manifest.model.fingerprint
        if fingerprint not in self._trained:
            self._trained = {fingerprint: _trained(manifest)}
        return self._trained[fingerprint]

    def gate(self, index: Generation) -> Gate:
        """The safety gate, never without its examples: of an index that holds other ones, they are embedded here."""
        files, own = index.manifest.files, holds_examples(index)
        made_of = files[generation.SAFETY] if own else (index.manifest.model, *map(files.get, FILES))
        if made_of not in self._gates:
            if not own:
                log.warning(OTHER_EXAMPLES)
            self._gates = {made_of: self._gate(index, own=own)}
        return self._gates[made_of]

    def _gate(self, index: Generation, *, own: bool) -> Gate:
        try:
            if own:
                vectors = np.load(index.path / generation.SAFETY, allow_pickle=False)
            else:
                vectors = index.embedder.begin(examples.sentences())().inner
            return Gate.load(country=self.country.code, vectors=vectors)
        except (OSError, ValueError) as error:
            raise IndexUnusable(f"{index.path.name} cannot be opened ({error}). Run: askdoc index --full") from error


def holds_examples(index: Generation) -> bool:
    """Whether an index holds the vectors of the safety examples that this program has."""
    return index.manifest.extra.get("safety") == examples.TABLE_VERSION and generation.SAFETY in index.manifest.files


def responder(index: Generation, *, shared: Shared | None = None) -> Responder:
    """A responder over an opened generation."""
    return Responder(parts(index, shared=shared), index_id=index.index_id)


def parts(index: Generation, *, shared: Shared | None = None) -> Parts:
    """What a responder over an opened generation works with."""
    shared = shared or Shared()
    return Parts(
        embedder=index.embedder,
        retriever=_retriever(index),
        answers=index.texts,
        gate=shared.gate(index).for_corpus(_sample(index.texts)),
        followups=FollowupResolver(shared.field, index.vocabulary.rarity),
        rewriter=QueryRewriter(shared.field, index.vocabulary),
        emergency=shared.country.emergency,
    )


def _sample(texts: DocumentStore) -> list[str]:
    """Passages from everywhere in the corpus: enough to tell its languages."""
    step = max(1, len(texts.answer_of) // SAMPLED)
    return [texts.passage(row).text for row in range(0, len(texts.answer_of), step)]


def _retriever(index: Generation) -> Retriever:
    try:
        return Retriever(index, Artifacts.open(index.path, index.manifest.extra["relevance"]))
    except (OSError, KeyError, ValueError) as error:
        raise IndexUnusable(f"{index.path.name} cannot be opened ({error}). Run: askdoc index --full") from error


def prepared(
    questions: Sequence[Question],
    cut: Sequence[Passage],
    vectors: dict[str, Vectors],
    embedder: Encoder,
    model: str,
    *,
    carried: RowMap | None,
) -> Artifacts:
    """What relevance keeps in an index; see ``askdoc.retriever.offline.prepare``."""
    return prepare(questions, cut, vectors, encoder=embedder, model=model, carried=carried)


def build_index(settings: Settings, *, progress: Progress, full: bool = False) -> Report:
    """Bring the index up to the corpus."""
    return builder.build(
        settings.corpus,
        settings.index,
        weights=locate(settings.model),
        load=_load,
        prepare=prepared,
        trial=lambda made: known_items.trial(made, responder(made)),
        progress=progress,
        full=full,
        faster=_faster(settings.device),
    )


def plan_index(settings: Settings) -> Plan:
    """What ``build_index`` would do."""
    return builder.plan(settings.corpus, settings.index, weights=locate(settings.model))


def verify_index(settings: Settings, *, questions: int, asked: Sequence[KnownItem] | None = None) -> Verdict:
    """Compare every file with its manifest, the index with the corpus, and the answers with the golden questions.

    Without ``asked``, that is ``questions`` of the stored ones.
    """
    return verify.steadily(settings.index, lambda: _verified(settings, questions=questions, asked=asked))


def _verified(settings: Settings, *, questions: int, asked: Sequence[KnownItem] | None) -> Verdict:
    found = verify.corpus(verify.files(settings.index), settings.corpus)
    if found.checked is None:
        return found
    try:
        opened = _open(settings, found.checked.path, load=_trained)
        answering = responder(opened)
    except IndexUnusable as error:
        return found.with_wrong([str(error)])
    wanted = known_items.sample(opened.texts, questions) if asked is None else asked
    missed = list(known_items.missed(answering, wanted))
    return found.with_wrong(opened.misplaced(verify.ROWS) + missed, asked=len(wanted))


def roll_back(settings: Settings, *, undo: bool = False) -> tuple[str | None, Served]:
    """Make the generation before the active one the active one, tried out first; the name of the one left.

    With ``undo``, take that back.
    """
    if not folder.generations(settings.index):
        raise IndexUnusable(f"There is no index in {settings.index}. Run: askdoc index")
    with activation.builder(settings.index):
        change = activation.undo if undo else activation.rollback
        return change(settings.index, lambda path: _served(settings, path, None, Shared(settings.country)))


def live(settings: Settings) -> Live:
    """The responder of a server, which follows the active generation."""
    shared = Shared(settings.country)
    return Live(settings.index, lambda path, before: _served(settings, path, before, shared))


def _served(settings: Settings, path: Path, before: Served | None, shared: Shared) -> Served:
    opened = _open(settings, path, load=shared.trained, before=before.generation if before else None)
    answering = responder(opened, shared=shared)
    known_items.trial(opened, answering)
    return Served(path.name, opened, answering, None if holds_examples(opened) else OTHER_EXAMPLES)


def _open(
    settings: Settings, path: Path, *, load: Callable[[Manifest], Embedder], before: Generation | None = None
) -> Generation:
    return generation.open_at(path, model=settings.model, load=load, before=before)


def _faster(device: str) -> Load | None:
    """What gives the model on a GPU. Raises UsageError for what is no device."""
    if device not in DEVICES:
        raise UsageError(f"device is '{device}'; give one of: {', '.join(DEVICES)}.")
    return None if device == "cpu" else _on_gpu


def _on_gpu(weights: ModelFiles) -> Trained | None:
    from askdoc.embedder.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder.on_gpu(weights)


def _load(weights: ModelFiles) -> Trained:
    from askdoc.embedder.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder.load(weights)


def _trained(manifest: Manifest) -> Embedder:
    """The embedder of an index whose model could not be exported."""
    weights = locate(manifest.model.name)
    if weights.fingerprint != manifest.model.fingerprint:
        raise IndexUnusable(f"The model {weights.name} has changed since the index was made. Run: askdoc index")
    return _load(weights)
