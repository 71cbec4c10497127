"""Queries: the analysis of a question's words, and the vectors it is searched by."""

import numpy as np
import pytest

from askdoc.index.bm25 import InvertedIndex, Tokenizer
from askdoc.retriever.array_types import Floats
from askdoc.retriever.query import QueryAnalyzer
from askdoc.retriever.query_adapter import QueryAdapter
from askdoc.retriever.term_scores import term_scores
from askdoc.retriever.term_weights import TermWeights
from tests.retriever.toys import AXES


def analyzer(adapter: QueryAdapter | None = None) -> QueryAnalyzer:
    tokenizer = Tokenizer()
    words = InvertedIndex.build([tokenizer("green tea"), tokenizer("cold water")])
    return QueryAnalyzer(tokenizer, TermWeights.shipped(), adapter, words, words)


def test_words_are_scored_before_the_vectors_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The vectors of all texts are taken once, after every text's terms are scored."""
    order: list[str] = []

    def scored(*given: object) -> object:
        order.append("scored")
        return term_scores(*given)  # type: ignore[arg-type]

    def vectors() -> Floats:
        order.append("waited")
        return AXES[:2]

    monkeypatch.setattr("askdoc.retriever.query.term_scores", scored)
    queries = analyzer().analyze(["green tea", "cold water"], vectors)
    assert order == ["scored", "scored", "waited"]
    assert [query.vector.tolist() for query in queries] == AXES[:2].tolist()


def test_no_text_needs_no_vector() -> None:
    """Nothing is analysed of nothing."""
    assert analyzer().analyze([], lambda: np.zeros((0, 4), np.float32)) == []


def test_an_unscored_query_is_the_same_but_for_its_term_scores() -> None:
    """What waits in memory holds no postings."""
    scored, unscored = analyzer().analyze(["green tea"], lambda: AXES[:1])[0], analyzer().unscored("green tea", AXES[0])
    assert unscored.term_scores is None
    assert scored.term_scores is not None
    assert (unscored.text, unscored.terms) == (scored.text, scored.terms)
    np.testing.assert_array_equal(unscored.vectors, scored.vectors)


def test_one_search_serves_the_question_and_the_adapted_question() -> None:
    """The search vector has length 1 and the same cosine to both."""
    down, up = np.zeros((4, 1), np.float32), np.zeros((1, 4), np.float32)
    down[0], up[0, 1] = 1, 1
    [query] = analyzer(QueryAdapter(down, up)).analyze(["green tea"], lambda: AXES[:1])
    own, adapted = query.vectors @ query.search_vector[0]
    assert np.linalg.norm(query.search_vector) == pytest.approx(1)
    assert own == pytest.approx(adapted)
    assert query.vectors[1] @ AXES[1] > 0
