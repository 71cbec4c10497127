"""Every opened index, wherever it lives, gives the same answers to whatever relevance and policy ask it."""

from dataclasses import replace

import numpy as np
import pytest

from askdoc.evaluation import known_items
from askdoc.index import generation, word_counts
from askdoc.index.bm25 import Tokenizer
from askdoc.index.field_texts import misaligned, texts
from askdoc.index.generation import Generation
from askdoc.index.protocol import OpenedIndex
from askdoc.retriever.artifacts import Artifacts
from askdoc.safety import examples
from tests import making, tiny
from tests.index.in_memory import copied

FIELDS = ("passage", "question")


@pytest.fixture(params=["folder", "memory"])
def index(request: pytest.FixtureRequest, tiny_index: Generation) -> OpenedIndex:
    """The little corpus, opened from a folder or kept in memory."""
    return tiny_index if request.param == "folder" else copied(tiny_index)


def rows_of(index: OpenedIndex) -> dict[str, list[str]]:
    """The texts of each field by row."""
    passages = [index.documents.passage(row) for row in range(len(index.documents.answer_of))]
    return texts(list(index.documents.pages()), passages)


@pytest.mark.parametrize("field", FIELDS)
def test_search_gives_the_rows_and_the_scores_of_numpy(index: OpenedIndex, field: str) -> None:
    """The nearest rows, best first, at most ``k``; the scores of named rows are on the same scale."""
    embedder = tiny.TinyEmbedder()
    stored = embedder.encode(rows_of(index)[field])
    queries = embedder.encode(["Does black tea stain?", "a bruise that turns yellow"])
    truth = queries @ stored.T
    scores, rows = index.search(field, queries, 2)
    assert rows.shape == (2, 2)
    np.testing.assert_allclose(scores, np.sort(truth, axis=1)[:, ::-1][:, :2], atol=1e-3)
    np.testing.assert_allclose(scores, np.take_along_axis(truth, rows, 1), atol=1e-3)
    named = np.arange(len(stored))
    np.testing.assert_allclose(index.scores(field, queries, named), truth, atol=1e-3)
    np.testing.assert_allclose(index.scores(field, queries[0], named), truth[0], atol=1e-3)


def test_documents_come_back_as_the_corpus_has_them(index: OpenedIndex) -> None:
    """By row, by title, by id and by key; a passage is a piece of its answer's body."""
    documents = index.documents
    pages = list(documents.pages())
    answers = [(page, answer) for page in pages for answer in page.answers]
    assert [page.id for page in pages] == ["bruise", "tea"]
    assert list(documents.answer_ids) == [answer.id for _, answer in answers]
    assert [pages[row].id for row in documents.question_of] == [page.id for page, _ in answers]
    for row, answer in enumerate(documents.answer_of):
        passage = documents.passage(row)
        assert passage.answer == answers[answer][1]
        assert passage.question == replace(answers[answer][0], answers=())
    for row, page in enumerate(pages):
        assert documents.question(row) == replace(page, answers=())
        assert (documents.related(row).question_id, documents.related(row).question) == (page.id, page.title)
        assert documents.rows_titled(f" {page.title.upper()} ") == [row]
    for page, answer in answers:
        assert documents.answer(answer.id) == documents.answer(answer.key) == (replace(page, answers=()), answer)
    assert documents.answer("no such answer") is None
    assert documents.rows_titled("another") == []
    assert list(documents.asked()) == [(page.id, page.title) for page in pages]
    assert documents.labels.pages == len(pages)


@pytest.mark.parametrize("field", FIELDS)
def test_postings_name_every_row_that_holds_a_term(index: OpenedIndex, field: str) -> None:
    """Ascending, with weights above 0; a term that no row holds has none, and is rarer than all."""
    stems = [set(Tokenizer()(text)) for text in rows_of(index)[field]]
    postings = index.postings(field)
    assert postings.size == len(stems)
    for term in set().union(*stems):
        rows, weights = postings.postings(term)
        assert term in postings
        assert rows.tolist() == [row for row, held in enumerate(stems) if term in held]
        assert (weights > 0).all()
        assert 0 <= postings.rarity(term) < postings.unseen_idf
    assert "zeppelin" not in postings
    assert [len(part) for part in postings.postings("zeppelin")] == [0, 0]
    assert postings.rarity("zeppelin") == postings.unseen_idf


def test_postings_of_both_have_the_same_weights(tiny_index: Generation) -> None:
    """BM25 does not depend on where the index lives."""
    other = copied(tiny_index)
    for field in FIELDS:
        for term in ("tea", "bruis", "zeppelin"):
            for part, expected in zip(
                tiny_index.postings(field).postings(term), other.postings(field).postings(term), strict=True
            ):
                np.testing.assert_array_equal(part, expected)


def test_artifacts_are_given_by_name(index: OpenedIndex) -> None:
    """Statistics, safety vectors and word counts; a name that is not stored is a KeyError."""
    assert len(Artifacts.open(index).statistics.answer_of) == len(index.documents.answer_of)
    assert word_counts.load(index.artifact(word_counts.NAME))[1] == len(index.documents.answer_ids)
    assert index.artifact(generation.SAFETY)
    with pytest.raises(KeyError):
        index.artifact("nothing.npy")
    with pytest.raises(KeyError):
        index.artifact("../CURRENT")


def test_an_index_answers_in_its_own_name(index: OpenedIndex) -> None:
    """Its vectors are those of its texts, its own questions find answers, and replies carry its id."""
    assert misaligned(index, most=3) == []
    responder = making.responder(index)
    known_items.trial(index, responder)
    reply = responder.reply("How long does a bruise last?")
    assert reply.index_id == index.index_id
    assert any("yellow" in match.passage.text for match in reply.answers)
    assert index.vocabulary.count("bruise") == 2
    assert index.manifest.extra["safety"] == examples.TABLE_VERSION


def test_both_give_the_same_replies(tiny_index: Generation) -> None:
    """Half precision of the vectors on the disk moves a score, and nothing that is shown."""
    other = copied(tiny_index)
    for question in ("How long does a bruise last?", "tea and teeth", "Does cold help?"):
        one, two = (making.responder(index).reply(question).document() for index in (tiny_index, other))
        for answer in (*one["answers"], *two["answers"]):
            answer["relevance"] = round(answer["relevance"], 1)
        assert {**one, "took_ms": 0} == {**two, "took_ms": 0}


@pytest.mark.parametrize("kept_in", ["folder", "memory"])
def test_a_title_that_says_nothing_is_no_row(partly_titled: Generation, kept_in: str) -> None:
    """It has neither vector nor words, is not asked, found or offered, and its question tells so; its text is kept."""
    index: OpenedIndex = partly_titled if kept_in == "folder" else copied(partly_titled)
    documents = index.documents
    assert [(page.title, page.untitled) for page in documents.pages()][-1] == ("Question 7", True)
    assert [documents.question(row).untitled for row in range(3)] == [False, False, True]
    assert documents.passage(len(documents.answer_of) - 1).question.shown_title == "No title"
    assert documents.titled.tolist() == [0, 1]
    assert [name for name, _ in documents.asked()] == ["bruise", "tea"]
    assert documents.rows_titled("Question 7") == documents.rows_titled("") == []
    assert index.manifest.fields == {"passage": 4, "question": 2}
    assert index.postings("question").size == 2
    assert index.search("question", tiny.TinyEmbedder().encode(["Question 7"]), 3)[1].tolist() in ([[0, 1]], [[1, 0]])
    assert misaligned(index, most=5) == []


@pytest.mark.parametrize("kept_in", ["folder", "memory"])
def test_an_answer_without_a_title_is_found_by_its_text(partly_titled: Generation, kept_in: str) -> None:
    """It comes first for its words, and its title is not asked about: it is no stored question."""
    index: OpenedIndex = partly_titled if kept_in == "folder" else copied(partly_titled)
    responder = making.responder(index)
    ranking = responder.rank("Should I chew nothing hard where a jaw clicks?", most=1)
    assert ranking.answers[0][0] == "jaw-1"
    assert "Question 7" not in [near.question for near in responder.reply("a question about tea").related]
    assert "Question 7" not in [near.question for near in responder.suggestions.complete("question", most=5)]
