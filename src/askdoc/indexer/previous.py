"""The generation that a build starts from: what it holds, and whether anything of it can be used again."""

from collections.abc import Sequence
from functools import cached_property

from askdoc import __version__
from askdoc.corpus import passages
from askdoc.embedder import ModelFiles
from askdoc.index import documents, vocabulary
from askdoc.index.documents import DocumentStore
from askdoc.index.folder import Checked
from askdoc.index.manifest import Manifest
from askdoc.index.row_map import RowMap
from askdoc.models import Passage, Question
from askdoc.safety import examples


class PreviousGeneration:
    """The generation that a build starts from. ``other`` says why nothing of it can be used again, where so."""

    def __init__(self, checked: Checked, weights: ModelFiles) -> None:
        self.path = checked.path
        self.manifest = checked.manifest
        self.other = _other(checked.manifest, weights)

    @cached_property
    def pages(self) -> tuple[Question, ...]:
        """Every question with its answers."""
        return tuple(self._words.pages())

    @cached_property
    def _words(self) -> DocumentStore:
        return DocumentStore.open(self.path / documents.NAME)

    def spans(self) -> dict[str, list[passages.Span]]:
        """The bounds of the passages of every answer, by its body."""
        spans = self._words.spans()
        return {answer.body: spans[answer.id] for page in self.pages for answer in page.answers if answer.id in spans}

    def carried(self, now: Sequence[Question], cut: Sequence[Passage]) -> RowMap:
        """Which rows of a new generation repeat those of this one."""
        return RowMap.between(self.path, self.pages, self._words.answer_of, now=now, cut=cut)

    def vocabulary(self) -> vocabulary.Counted:
        """How many answers hold each word."""
        return vocabulary.read(self.path / vocabulary.NAME)


def _other(manifest: Manifest, weights: ModelFiles) -> str | None:
    if (manifest.model.name, manifest.model.fingerprint) != (weights.name, weights.fingerprint):
        return f"The model was {manifest.model.name} and is {weights.name}, or its files have changed."
    if manifest.askdoc != __version__:
        return f"The index was made by askdoc {manifest.askdoc}; this is {__version__}."
    if manifest.extra.get("safety") != examples.TABLE_VERSION:
        return "The sentences of the safety gate have changed."
    return None
