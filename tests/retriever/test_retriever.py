"""Relevance as a whole, over a small corpus with the tiny model: what is found, shown and held back."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from askdoc.corpus.passages import cut, restore
from askdoc.models import Answer, Author, Confidence, Passage, Question, Source
from askdoc.retriever import Query, Ranking, Retriever, SearchResult
from askdoc.retriever.array_types import Floats
from askdoc.retriever.artifacts import Artifacts
from askdoc.retriever.highlight import AnalyzedSentences, Highlighter
from askdoc.retriever.placed_sentences import PlacedSentences
from tests import tiny
from tests.retriever.small_corpus import (
    COPY,
    OPEN,
    PAGES,
    IndexInMemory,
    artifacts_of,
    corpus,
    indexed,
    with_open,
    with_second_wordings,
)


def analyzed(retriever: Retriever, texts: Sequence[str]) -> list[Query]:
    """The queries of some texts, by the tiny model."""
    return retriever.analyze(texts, lambda: tiny.TinyEmbedder().encode(texts))


def find(retriever: Retriever, question: str, *, most: int) -> SearchResult:
    """What one question finds."""
    return retriever.retrieve(analyzed(retriever, [question]), limits=[most])[0]


def rank(retriever: Retriever, question: str, *, most: int) -> Ranking:
    """The ranking of one question."""
    return retriever.rank(analyzed(retriever, [question])[0], limit=most)


@pytest.fixture(scope="module")
def index(questions: list[Question]) -> IndexInMemory:
    return indexed(questions)


@pytest.fixture(scope="module")
def artifacts(questions: list[Question], index: IndexInMemory) -> Artifacts:
    return artifacts_of(questions, index)


@pytest.fixture(scope="module")
def retriever(index: IndexInMemory, artifacts: Artifacts) -> Retriever:
    return Retriever(index, artifacts)


@pytest.mark.parametrize("title", PAGES)
def test_a_stored_question_finds_its_own_page_first_and_surely(retriever: Retriever, title: str) -> None:
    """Word for word, whatever the case and the signs around it."""
    for asked in (title, f"  {title.upper()}!"):
        found = find(retriever, asked, most=3)
        assert found.confidence is Confidence.STRONG
        assert found.matches[0].passage.question.title == title


def test_near_copies_are_one_card_and_counted(retriever: Retriever) -> None:
    """Two answers that differ in three words are shown once, and the third beside them."""
    found = find(retriever, "How long does swelling last after rhinoplasty?", most=2)
    assert [match.alike for match in found.matches if match.passage.question.id == "q0"] == [1, 0]


def answered_by(*authors: Author) -> SearchResult:
    """What a question finds that each of these has answered alike, in files of their own."""
    first, *others = (Answer(f"copy{n}", COPY, author=author) for n, author in enumerate(authors))
    title = "How long does swelling last after rhinoplasty?"
    pages = [Question("q0", title, Source("page.txt", 1), answers=(first,))]
    pages += [
        Question(f"q{n}", title, Source(f"page ({n}).txt", 1), answers=(other,)) for n, other in enumerate(others, 1)
    ]
    index = indexed(pages)
    return find(Retriever(index, artifacts_of(pages, index)), title, most=3)


ANNA = Author("Anna Holm, MD", "Toledo Plastic Surgeon", "Plastic Surgeon", "Toledo", 4.8, 20)


@pytest.mark.parametrize(
    ("others", "alike"),
    [
        ([ANNA], 0),
        ([Author("Dr. Anna Holm", rating=4.0)], 0),
        ([Author("Bert Ames, DO", "Boise Physician")], 1),
        ([Author("Bert Ames, DO", "Boise Physician"), ANNA, Author("Bert Ames")], 1),
        ([Author("Bert Ames, DO", "Boise Physician"), Author(title="Denver Dentist", location="Denver")], 2),
        ([Author()], 0),
    ],
)
def test_one_doctor_twice_is_not_two_doctors(others: list[Author], alike: int) -> None:
    """A page saved twice, and one text under several questions: one card, and only other doctors are counted."""
    [card] = answered_by(ANNA, *others).matches
    assert card.alike == alike


def test_a_page_saved_twice_is_not_related_to_itself(questions: list[Question]) -> None:
    """The same question in two files is offered once, and never beside its own answer."""
    pages = with_second_wordings(questions)
    again = [
        replace(page, id=f"{page.id}-2", answers=tuple(replace(one, id=f"{one.id}-2") for one in page.answers))
        for page in pages
    ]
    index = indexed([*pages, *again])
    retriever = Retriever(index, artifacts_of([*pages, *again], index))
    for title in PAGES:
        assert [one.question for one in find(retriever, title, most=1).related] == [f"Please tell me: {title}"]


def test_an_answer_is_shown_once_and_unaltered(retriever: Retriever) -> None:
    """One card for an answer; marks lie within its passage, which is a piece of the body."""
    found = find(retriever, "swelling of the nose", most=8)
    ids = [match.passage.answer.id for match in found.matches]
    assert len(ids) == len(set(ids))
    for match in found.matches:
        assert match.passage.text in match.passage.answer.body
        assert 0 <= match.score <= 1
        assert match.highlights
        assert all(0 <= start < end <= len(match.passage.text) for start, end in match.highlights)


def test_nothing_is_shown_where_nothing_fits(retriever: Retriever) -> None:
    """A question without a word in common is refused; no stored question is near enough to be offered."""
    found = find(retriever, "carburettor zeppelin quasar", most=3)
    assert (found.confidence, found.matches, found.related) == (Confidence.NONE, (), ())


def test_ranking_tells_the_same_before_anything_is_held_back(retriever: Retriever) -> None:
    """All answers in order, best first, with the word that ``find`` gives."""
    ranking = rank(retriever, "carburettor zeppelin quasar", most=5)
    assert ranking.confidence is Confidence.NONE
    assert len(ranking.answers) == 5
    assert rank(retriever, "Are moles dangerous?", most=1).answers[0][0] == "q6a0"


def test_several_questions_find_what_each_finds_alone(retriever: Retriever) -> None:
    """Asking together changes nothing but the time it takes."""
    asked = ["Are moles dangerous?", "swelling", "zeppelin"]
    assert retriever.retrieve(analyzed(retriever, asked), limits=[3, 2, 1]) == [
        find(retriever, question, most=most) for question, most in zip(asked, (3, 2, 1), strict=True)
    ]
    assert retriever.retrieve(analyzed(retriever, []), limits=[]) == []


def test_one_page_is_enough() -> None:
    """A corpus of one question and one answer can be prepared and asked; nothing is undefined."""
    only = corpus()[6:7]
    index = indexed(only)
    found = find(Retriever(index, artifacts_of(only, index)), "Are moles dangerous?", most=3)
    assert found.confidence is Confidence.STRONG
    assert np.isfinite([match.score for match in found.matches]).all()


def test_a_later_passage_is_marked_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The marks are told where in its answer the passage stands."""
    body = "Ice is cold. Rest is good. Sleep is best. Triptans stop migraine. Ask soon. Rest again."
    answer = Answer("a", body)
    page = Question("q", "What helps against migraine?", Source("p.txt", 1), answers=(answer,))
    bounds = (0, body.index("Triptans")), (body.index("Triptans"), body.index(" Ask")), (body.index("Ask"), 87)
    index = indexed([page], [restore(page, answer, start, end) for start, end in bounds])
    told: list[tuple[int, int]] = []
    analyze = Highlighter.analyze

    def listened(highlighter: Highlighter, placed: PlacedSentences) -> AnalyzedSentences:
        told.append((placed.first, placed.count))
        return analyze(highlighter, placed)

    monkeypatch.setattr(Highlighter, "analyze", listened)
    [match] = find(
        Retriever(index, artifacts_of([page], index)), "What helps against migraine? Triptans?", most=1
    ).matches
    assert match.passage.text == "Triptans stop migraine."
    assert told == [(3, 6)]


def test_a_stored_title_is_looked_for_before_the_vectors_are_waited_for(
    index: IndexInMemory, retriever: Retriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It needs no vector, so it is found while the encoder is at work, and not once more when the query is searched."""
    order: list[str] = []
    rows_titled = index.documents.rows_titled

    def looked_up(title: str) -> list[int]:
        order.append("looked up")
        return rows_titled(title)

    def waited() -> Floats:
        order.append("waited")
        return tiny.TinyEmbedder().encode(["Are moles dangerous?"])

    monkeypatch.setattr(index.documents, "rows_titled", looked_up)
    [query] = retriever.analyze(["Are moles dangerous?"], waited)
    assert retriever.retrieve([query], limits=[1])[0].confidence is Confidence.STRONG
    assert order == ["looked up", "waited"]


def test_a_passage_that_is_quoted_again_is_not_read_again(
    index: IndexInMemory, artifacts: Artifacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passages are kept ready by row; what was asked changes nothing in them."""
    read: list[int] = []
    passage = index.documents.passage

    def listened(row: int) -> Passage:
        read.append(row)
        return passage(row)

    monkeypatch.setattr(index.documents, "passage", listened)
    retriever = Retriever(index, artifacts)
    first = find(retriever, "How long does swelling last after rhinoplasty?", most=2)
    find(retriever, "Are moles dangerous?", most=2)
    before = len(read)
    assert before == len(set(read)) > 0
    assert find(retriever, "How long does swelling last after rhinoplasty?", most=2) == first
    assert len(read) == before


def test_a_passage_that_answers_is_shown_before_one_that_repeats_the_title() -> None:
    """Nothing is nearer to a question than itself, so a title that the body begins with is in no passage."""
    body = "Q: What helps against migraine?\nA: Triptans stop migraine. Sleep comes in spring."
    answer = Answer("a", body)
    page = Question("q", "What helps against migraine?", Source("p.txt", 1), answers=(answer,))
    whole = [restore(page, answer, start, end) for start, end in ((0, 31), (35, 58), (59, len(body)))]
    shown = []
    for pieces in (whole, list(cut(page, measure=lambda texts: [len(text.split()) for text in texts], limit=4))):
        index = indexed([page], pieces)
        [match] = find(Retriever(index, artifacts_of([page], index)), page.title, most=1).matches
        shown.append(match.passage.text)
    assert shown == ["Q: What helps against migraine?", "Triptans stop migraine."]


def test_a_question_without_answers_is_never_offered(questions: list[Question]) -> None:
    """However near it is to what is asked, it is not among the related ones; those with answers are."""
    every = with_open(with_second_wordings(questions), times=20)
    index = indexed(every)
    retriever = Retriever(index, artifacts_of(every, index))
    related = [one for title in (*OPEN, *PAGES) for one in find(retriever, title, most=1).related]
    assert len(related) >= len(PAGES)
    assert not [one for one in related if one.question_id.startswith("open")]


def test_a_question_without_answers_takes_no_answers_place(questions: list[Question], retriever: Retriever) -> None:
    """A hundred of them around the question asked: the same answers are weighed as without them."""
    every = with_open(questions, times=20)
    index = indexed(every)
    crowded = Retriever(index, artifacts_of(every, index))
    for title in PAGES:
        found, alone = (rank(one, title, most=50) for one in (crowded, retriever))
        assert {answer for answer, _ in found.answers} == {answer for answer, _ in alone.answers}


def test_a_small_corpus_is_small_by_its_answers(questions: list[Question], retriever: Retriever) -> None:
    """Six hundred questions that nobody has answered do not make eight pages enough to be calibrated on."""
    every = with_open(questions, times=100)
    index = indexed(every)
    crowded = Retriever(index, artifacts_of(every, index))
    for asked in ("moles", "surgery", "How is a scar treated?"):
        assert find(crowded, asked, most=3).confidence is find(retriever, asked, most=3).confidence


def test_no_word_of_a_question_is_kept(retriever: Retriever) -> None:
    """What somebody types is not remembered, not even as one word among others."""
    find(retriever, "Does quoxlebury hurt the knee?", most=3)
    assert "quoxlebury" not in repr(vars(retriever._ranker.analyzer.tokenizer))
