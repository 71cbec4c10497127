"""Makes toy parts of relevance in memory: a generator over a few texts, a query, a model of topics."""

import numpy as np

from askdoc.index.bm25 import InvertedIndex, Tokenizer
from askdoc.retriever.candidates import CandidateGenerator
from askdoc.retriever.feature_names import COLUMN, FEATURES
from askdoc.retriever.offline.prepare import InMemory
from askdoc.retriever.query import Query
from askdoc.retriever.statistics import PASSAGE, QUESTION, CollectionStatistics, ScoreDistribution
from askdoc.retriever.topicality import Topicality

TOKENIZER = Tokenizer()
AXES = np.eye(4, dtype=np.float32)
"""Vectors that have nothing in common."""


def generator(
    texts: list[list[str]],
    titles: list[str],
    vectors: np.ndarray,
    title_vectors: np.ndarray,
    *,
    title_of: list[int] | None = None,
) -> CandidateGenerator:
    """An index over passages by answer; one answer to each question, ``title_of`` as the statistics have it."""
    body = InvertedIndex.build([TOKENIZER(text) for pieces in texts for text in pieces])
    title = InvertedIndex.build([TOKENIZER(text) for text in titles])
    answer_of = np.repeat(np.arange(len(texts)), [len(pieces) for pieces in texts]).astype(np.int32)
    distributions = {PASSAGE: ScoreDistribution.build(vectors, answer_of)}
    fields = {PASSAGE: vectors}
    if titles or title_of:
        distributions[QUESTION] = ScoreDistribution.build(title_vectors, np.arange(len(titles), dtype=np.int32))
        fields[QUESTION] = title_vectors
    question_of = np.arange(len(texts), dtype=np.int32)
    rows = None if title_of is None else np.array(title_of, np.int32)
    statistics = CollectionStatistics.of(answer_of, question_of, distributions, title_of=rows)
    return CandidateGenerator(InMemory(fields), statistics, body, title)


def query(text: str, vector: np.ndarray) -> Query:
    """A query whose terms all weigh the same, without an adapter."""
    return Query(text, np.stack([vector, vector]), dict.fromkeys(TOKENIZER(text), 1.0))


def topicality(dimension: int = 4) -> Topicality:
    """A model whose arrays are small whole numbers, so that bytes hold them exactly."""
    draw = np.random.default_rng(2)
    shapes = {"diagonal": (2, dimension), "down": (2, dimension, 3), "up": (2, 3, dimension)}
    shapes |= {"passage": (dimension,), "question": (dimension,)}
    arrays = {name: draw.integers(-3, 4, size=shape).astype(np.float32) for name, shape in shapes.items()}
    for array in arrays.values():
        array.flat[0] = 127
    features = np.zeros(len(FEATURES), np.float32)
    features[COLUMN["cover"]] = 0.5
    return Topicality(**arrays, features=features)


def products(
    model: Topicality, question: np.ndarray, best: np.ndarray, first: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The products of a question's projections with the best and the first passages."""
    projected = model.projections(question)
    return best @ projected[0], first @ projected[1]
