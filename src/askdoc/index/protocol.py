"""Opened index: what relevance and policy ask of one, without a path, so that it may live in a database as well."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from askdoc.embedder.protocol import Embedder
from askdoc.index.manifest import Manifest
from askdoc.index.vectors.protocol import Rows, Vectors
from askdoc.index.word_counts import Vocabulary
from askdoc.models import Answer, ContentLabels, Passage, Question, RelatedQuestion


class StoredDocuments(Protocol):
    """The texts of an index: questions, answers and passages, each by row from 0 in the order of the corpus."""

    @property
    def answer_of(self) -> NDArray[np.int64]:
        """(passages,) the answer's row of each passage."""
        ...

    @property
    def question_of(self) -> NDArray[np.int64]:
        """(answers,) the question's row of each answer."""
        ...

    @property
    def titled(self) -> NDArray[np.int64]:
        """(titles,) the question's row of each title that says something: of each row of the titles' field."""
        ...

    @property
    def answer_ids(self) -> Sequence[str]:
        """The ids of all answers by row."""
        ...

    @property
    def labels(self) -> ContentLabels:
        """Counts of what the pages that have answers say that their text is."""
        ...

    def pages(self) -> Iterator[Question]:
        """Every question with its answers, in the order of the corpus."""
        ...

    def passage(self, row: int) -> Passage:
        """A passage with its answer and its question; the question comes without its other answers."""
        ...

    def question(self, row: int) -> Question:
        """A question without its answers."""
        ...

    def related(self, row: int) -> RelatedQuestion:
        """A question as it is offered beside others."""
        ...

    def rows_titled(self, title: str) -> list[int]:
        """The rows of the questions with this title, if it says something, but for case, punctuation and spacing."""
        ...

    def answer(self, answer_id: str) -> tuple[Question, Answer] | None:
        """An answer by its id or else its key, with its question, or None."""
        ...

    def asked(self) -> Iterable[tuple[str, str]]:
        """Id and title of every question that has an answer and a title that says something, in the corpus's order."""
        ...


class PostingLists(Protocol):
    """Inverted index of one field: for every term, the rows that hold it and its BM25 weight in each."""

    @property
    def size(self) -> int:
        """Rows of the field."""
        ...

    @property
    def unseen_idf(self) -> float:
        """The inverse document frequency of a term that no row holds: higher than that of any other."""
        ...

    @property
    def row_rarities(self) -> NDArray[np.float64]:
        """(rows,) the sum of the rarities of each row's terms, each term once."""
        ...

    def __contains__(self, term: str) -> bool:
        """Whether any row holds the term."""
        ...

    def rarity(self, term: str) -> float:
        """The term's inverse document frequency, ``unseen_idf`` where no row holds it."""
        ...

    def postings(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The rows that hold the term, ascending, and its weight in each; both empty where there are none."""
        ...


class OpenedIndex(Protocol):
    """Everything that one reply is made from. It does not change while it is open, and threads may share it."""

    @property
    def name(self) -> str:
        """The name that messages to the operator use."""
        ...

    @property
    def index_id(self) -> str:
        """Hash of the content: the same for the same corpus, model and version."""
        ...

    @property
    def manifest(self) -> Manifest:
        """The record of what the index was made of."""
        ...

    @property
    def embedder(self) -> Embedder:
        """The encoder that its vectors come from."""
        ...

    @property
    def documents(self) -> StoredDocuments:
        """Its questions, answers and passages."""
        ...

    @property
    def vocabulary(self) -> Vocabulary:
        """Its words, with how many answers hold each."""
        ...

    def search(self, field: str, queries: Vectors, k: int) -> tuple[Vectors, Rows]:
        """The ``k`` nearest rows of a field to each query (queries, dimension): scores and rows, best first.

        Both have the shape (queries, at most k). Scores are inner products of unit vectors: higher is nearer.
        """
        ...

    def scores(self, field: str, queries: Vectors, rows: Rows) -> Vectors:
        """The scores of the named rows of a field: (rows,) for one query (dimension,), (queries, rows) for several."""
        ...

    def postings(self, field: str) -> PostingLists:
        """The inverted index of a field. It may be opened anew at each call: keep it. Raises OSError or ValueError."""
        ...

    def artifact(self, name: str) -> bytes:
        """Any other thing that is stored, by its name in the manifest. Raises KeyError where it is not, or OSError."""
        ...
