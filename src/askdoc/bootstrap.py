"""Puts the parts together: from ``Settings`` to a ``Responder``. The only place that constructs."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from askdoc import golden, safety
from askdoc.countries import Country
from askdoc.embedder import Embedder, Vectors, Weights, locate
from askdoc.errors import IndexUnusable, UsageError
from askdoc.followup import Followups
from askdoc.golden import Golden
from askdoc.index import activation, fields, folder, generation, verify
from askdoc.index import build as builder
from askdoc.index.build import Plan, Report
from askdoc.index.carried import Carried
from askdoc.index.generation import Generation
from askdoc.index.manifest import Manifest
from askdoc.index.verify import Verdict
from askdoc.index.work import Encoder, Load, Progress, Trained
from askdoc.live import Live, Served
from askdoc.models import Passage, Question
from askdoc.responder import Parts, Responder
from askdoc.retriever import Prepared, Retriever, prepare
from askdoc.safety import Gate
from askdoc.settings import DEFAULT_COUNTRY, Settings
from askdoc.wording import Wording
from askdoc.words import Field

log = logging.getLogger("askdoc")
DEVICES = ("auto", "cpu")


def open_generation(settings: Settings) -> Generation:
    """The active generation of the index. Raises IndexUnusable or ModelError."""
    return generation.open_active(settings.index, model=settings.model, load=_trained)


class Shared:
    """What does not depend on the corpus: made once, and used again by every generation that a server opens."""

    def __init__(self, country: str = DEFAULT_COUNTRY) -> None:
        self.field = Field.shipped()
        self.country = Country.find(country)
        self._gates: dict[tuple[str, int] | None, Gate] = {}

    def gate(self, index: Generation) -> Gate:
        """The safety gate; an index that knows other examples than this program leaves it to the patterns alone."""
        known = index.manifest.extra.get("safety") == safety.TABLE_VERSION
        vectors = index.manifest.files[fields.SAFETY] if known else None
        if not known:
            log.warning("The index was made with other safety examples. Run: askdoc index")
        if vectors not in self._gates:
            examples = np.load(index.path / fields.SAFETY, allow_pickle=False) if known else None
            self._gates = {vectors: Gate.load(country=self.country.code, vectors=examples)}
        return self._gates[vectors]


def responder(index: Generation, *, shared: Shared | None = None) -> Responder:
    """A responder over an opened generation."""
    return Responder(parts(index, shared=shared), index_id=index.index_id)


def parts(index: Generation, *, shared: Shared | None = None) -> Parts:
    """What a responder over an opened generation works with."""
    shared = shared or Shared()
    return Parts(
        finder=_retriever(index),
        answers=index.texts,
        gate=shared.gate(index),
        conversations=Followups(shared.field, index.vocabulary.rarity),
        rewriter=Wording(shared.field, index.vocabulary),
        emergency=shared.country.emergency,
    )


def _retriever(index: Generation) -> Retriever:
    try:
        return Retriever(index, Prepared.open(index.path, index.manifest.extra["relevance"]))
    except (OSError, KeyError, ValueError) as error:
        raise IndexUnusable(f"{index.path.name} cannot be opened ({error}). Run: askdoc index --full") from error


def prepared(
    questions: Sequence[Question],
    cut: Sequence[Passage],
    vectors: dict[str, Vectors],
    embedder: Encoder,
    model: str,
    *,
    carried: Carried | None,
) -> Prepared:
    """What relevance keeps in an index; see ``askdoc.retriever.prepare``."""
    return prepare(questions, cut, vectors, encoder=embedder, model=model, carried=carried)


def build_index(settings: Settings, *, progress: Progress, full: bool = False) -> Report:
    """Bring the index up to the corpus."""
    return builder.build(
        settings.corpus,
        settings.index,
        weights=locate(settings.model),
        load=_load,
        prepare=prepared,
        trial=lambda made: golden.trial(made, responder(made)),
        progress=progress,
        full=full,
        faster=_faster(settings.device),
    )


def plan_index(settings: Settings) -> Plan:
    """What ``build_index`` would do."""
    return builder.plan(settings.corpus, settings.index, weights=locate(settings.model))


def verify_index(settings: Settings, *, questions: int, asked: Sequence[Golden] | None = None) -> Verdict:
    """Compare every file with its manifest, the index with the corpus, and the answers with the golden questions.

    Without ``asked``, that is ``questions`` of the stored ones.
    """
    found = verify.corpus(verify.files(settings.index), settings.corpus)
    if found.checked is None:
        return found
    try:
        opened = _open(settings, found.checked.path)
    except IndexUnusable as error:
        return found.with_wrong([str(error)])
    wanted = golden.stored(opened.texts, questions) if asked is None else asked
    missed = list(golden.missed(responder(opened), wanted))
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
    opened = _open(settings, path, before=before.generation if before else None)
    answering = responder(opened, shared=shared)
    golden.trial(opened, answering)
    return Served(path.name, opened, answering)


def _open(settings: Settings, path: Path, *, before: Generation | None = None) -> Generation:
    return generation.open_at(path, model=settings.model, load=_trained, before=before)


def _faster(device: str) -> Load | None:
    """What gives the model on a GPU. Raises UsageError for what is no device."""
    if device not in DEVICES:
        raise UsageError(f"device is '{device}'; give one of: {', '.join(DEVICES)}.")
    return None if device == "cpu" else _on_gpu


def _on_gpu(weights: Weights) -> Trained | None:
    from askdoc.embedder.trained import TrainedEmbedder

    return TrainedEmbedder.on_gpu(weights)


def _load(weights: Weights) -> Trained:
    from askdoc.embedder.trained import TrainedEmbedder

    return TrainedEmbedder.load(weights)


def _trained(manifest: Manifest) -> Embedder:
    """The embedder of an index whose model could not be exported."""
    weights = locate(manifest.model.name)
    if weights.fingerprint != manifest.model.fingerprint:
        raise IndexUnusable(f"The model {weights.name} has changed since the index was made. Run: askdoc index")
    return _load(weights)
