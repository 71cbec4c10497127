"""Word vectors: how near some words are to a question without running the model."""

import numpy as np

from askdoc.index.bm25 import Tokenizer
from askdoc.retriever.learned_tables import ModelTables
from askdoc.retriever.word_vectors import WordVectors


def test_they_fit_one_model_alone() -> None:
    """Another model's vectors mean something else, so it does without."""
    assert WordVectors.of(ModelTables.plain()) is None
    assert WordVectors.of(ModelTables.default()) is not None


def test_an_affinity_is_a_cosine_with_the_sum_of_the_words() -> None:
    """Each stem counts once, unknown ones nothing; a text without a known stem is at right angles to everything."""
    vectors = WordVectors(
        {"one": 0, "two": 1}, np.eye(2, dtype=np.float32), np.eye(2, 3, dtype=np.float32), np.zeros(3, np.float32)
    )
    found = vectors.affinities([["one", "one"], ["one", "two"], ["three"], []], np.array([1, 0, 0], np.float32))
    np.testing.assert_allclose(found, [1, 0.5**0.5, 0, 0], atol=1e-6)


def test_the_shipped_vectors_know_near_words() -> None:
    """The vector of a stem that stands for a question is nearer to its own field's words than to another's."""
    vectors, stem = WordVectors.of(ModelTables.default()), Tokenizer().stem
    assert vectors
    asked = vectors.mean + vectors.vectors[vectors.rows[stem("surgery")]] @ vectors.basis
    near, far = vectors.affinities([[stem("operation")], [stem("marriage")]], asked)
    assert near > far + 0.3
