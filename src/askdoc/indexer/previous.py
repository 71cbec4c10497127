"""Previous generation: what a build can use again of the one that it starts from."""

from collections.abc import Sequence
from functools import cached_property

from askdoc import __version__
from askdoc.corpus import passages
from askdoc.embedder import ModelFiles
from askdoc.index import documents, word_counts
from askdoc.index.checked import CheckedGeneration
from askdoc.index.documents import DocumentStore
from askdoc.index.manifest import Manifest
from askdoc.index.row_map import RowMap
from askdoc.models import Passage, Question
from askdoc.retriever.learned_tables import ModelTables
from askdoc.safety import examples


class PreviousGeneration:
    """Generation that a build starts from. ``mismatch`` says why nothing of it can be used again, where so."""

    def __init__(self, generation: CheckedGeneration, weights: ModelFiles, tables: ModelTables) -> None:
        self.generation = generation
        self.manifest = generation.manifest
        self.mismatch = _mismatch(generation.manifest, weights, tables)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question with its answers."""
        return tuple(self._documents.pages())

    @cached_property
    def _documents(self) -> DocumentStore:
        return DocumentStore.open(self.generation.file(documents.NAME))

    def spans(self) -> dict[tuple[str, str], list[passages.Span]]:
        """The bounds of the passages of every answer, by the title of its page and its body."""
        spans = self._documents.spans()
        answers = ((question.title, answer) for question in self.questions for answer in question.answers)
        return {(title, answer.body): spans[answer.id] for title, answer in answers if answer.id in spans}

    def row_map(self, questions: Sequence[Question], pieces: Sequence[Passage]) -> RowMap:
        """Map the rows of a new generation, given by its questions and passages, to those of this one."""
        return RowMap.between(self.generation, self.questions, self._documents.answer_of, questions, pieces)

    def word_counts(self) -> word_counts.WordCounts:
        """Number of answers that hold each word."""
        return word_counts.load(self.generation.file(word_counts.NAME).read_bytes())


def _mismatch(manifest: Manifest, weights: ModelFiles, tables: ModelTables) -> str | None:
    if (manifest.model.name, manifest.model.fingerprint) != (weights.name, weights.fingerprint):
        return f"The model was {manifest.model.name} and is {weights.name}, or its files have changed."
    if manifest.askdoc != __version__:
        return f"The index was made by askdoc {manifest.askdoc}; this is {__version__}."
    if manifest.extra.get("safety") != examples.TABLE_VERSION:
        return "The sentences of the safety gate have changed."
    if not tables.are_stored(manifest.files):
        return "The tables that were learned for the model have changed."
    return None
