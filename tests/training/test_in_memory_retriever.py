"""A collection in memory is calibrated, and decided of, as an index is."""

from typing import cast

import pytest

from askdoc.corpus.passages import restore
from askdoc.models import Confidence
from askdoc.retriever.offline.prepare import EmbeddedCorpus, prepare
from askdoc.retriever.statistics import PASSAGE, QUESTION
from tests.retriever.small_corpus import corpus
from tests.training.collections_in_memory import RepeatedEmbedder, small_collection
from training.embedding import CachedEmbedder
from training.in_memory_index import InMemoryIndex
from training.in_memory_retriever import calibrated, retriever_of


def test_the_calibration_is_that_of_an_index() -> None:
    """Of the same pages, without the copies, which a collection in memory does not look for."""
    questions, embed = corpus()[1:], RepeatedEmbedder()
    pieces = [restore(page, answer, 0, len(answer.body)) for page in questions for answer in page.answers]
    titles, texts = [page.title for page in questions], [piece.text for piece in pieces]
    vectors = {PASSAGE: embed(texts), QUESTION: embed(titles)}
    prepared = prepare(EmbeddedCorpus(questions, pieces, vectors), encoder=embed, tables=embed.tables)
    index = InMemoryIndex([[text] for text in texts], range(len(texts)), titles, cast(CachedEmbedder, embed))
    assert calibrated(index) == prepared.calibration


@pytest.mark.parametrize("titles", [True, False])
def test_a_decision_is_the_one_that_the_ranking_tells(titles: bool) -> None:
    """Both the word and the number, whether the corpus has titles or not."""
    data = small_collection(titles=titles)
    retriever = retriever_of(data.index)
    for query in data.index.queries(["What time is it in Lima?", "zzz", *data.questions]):
        told = retriever.rank(query, limit=1)
        confidence, certainty = retriever.decide(data.index.ranker().rank([query])[0])
        assert confidence is told.confidence
        assert certainty == pytest.approx(told.certainty, abs=1e-5)


def test_a_stored_question_is_strong_and_quotes_its_answer() -> None:
    """The retriever over a collection retrieves, too."""
    data = small_collection()
    query = data.index.queries([data.index.titles[4]])
    found = retriever_of(data.index).retrieve(query, limits=[1])[0]
    assert found.confidence is Confidence.STRONG
    assert found.matches[0].passage.text == data.index.passages[6][0]
    assert found.matches[0].passage.question.title == data.index.titles[4]
    assert data.index.titles[4] not in {related.question for related in found.related}
