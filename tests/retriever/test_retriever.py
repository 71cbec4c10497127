"""Relevance as a whole, over a small corpus with the tiny model: what is found, shown and held back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from askdoc.corpus.passages import restore
from askdoc.models import Answer, Author, Confidence, Passage, Question, RelatedQuestion, Source
from askdoc.retriever import Query, Ranking, Retriever, SearchResult
from askdoc.retriever.artifacts import Artifacts
from askdoc.retriever.highlight import Highlighter, Span
from askdoc.retriever.offline.calibration import StoredQuestions, calibration_features, with_copies
from askdoc.retriever.offline.prepare import EmbeddedCorpus, InMemory, prepare
from askdoc.text import words as plain_words
from tests import tiny

COPY = "Swelling of the nose goes down slowly over a whole year. Most of it is gone after six weeks of rest at home."
PAGES = {
    "How long does swelling last after rhinoplasty?": [COPY, COPY + " Be patient.", "Ice packs help the swelling."],
    "Does a tummy tuck leave a scar?": ["Every abdominoplasty leaves a scar. It fades in time."],
    "Can I run after knee surgery?": ["Running may begin after three months. Ask your surgeon first."],
    "Is green tea good for teeth?": ["Green tea stains teeth less than black tea. Rinse with water."],
    "What helps against migraine?": ["Rest in a dark room helps. Triptans stop many attacks."],
    "Why do my gums bleed?": ["Bleeding gums are mostly inflamed. Brush gently twice a day."],
    "Are moles dangerous?": ["Most moles are harmless. Show a mole that changes to a dermatologist."],
    "How is asthma treated?": ["Inhaled steroids calm the airways. A reliever opens them quickly."],
}


def corpus() -> list[Question]:
    return [
        Question(
            f"q{page}",
            title,
            Source("pages.txt", page),
            answers=tuple(
                Answer(f"q{page}a{n}", body, author=Author(f"Doctor {'ABC'[n]}. Example", rating=5.0 if n else None))
                for n, body in enumerate(bodies)
            ),
        )
        for page, (title, bodies) in enumerate(PAGES.items())
    ]


class Texts:
    """What the retriever reads of an index, from memory."""

    def __init__(self, questions: Sequence[Question], cut: Sequence[Passage]) -> None:
        self._questions, self._cut = questions, cut

    def passage(self, row: int) -> Passage:
        return self._cut[row]

    def related(self, row: int) -> RelatedQuestion:
        return RelatedQuestion(self._questions[row].id, self._questions[row].title)

    def rows_titled(self, title: str) -> list[int]:
        wanted = plain_words(title)
        return [row for row, question in enumerate(self._questions) if plain_words(question.title) == wanted]

    @property
    def answer_ids(self) -> list[str]:
        return [answer.id for question in self._questions for answer in question.answers]


class Index(InMemory):
    """Vectors and texts together, as an opened index has them."""

    documents: Texts
    embedder: tiny.TinyEmbedder


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
def questions() -> list[Question]:
    return corpus()


def indexed(questions: Sequence[Question]) -> Index:
    """Questions and answers with their vectors, each answer in one passage."""
    cut = [restore(q, a, 0, len(a.body)) for q in questions for a in q.answers]
    embedder = tiny.TinyEmbedder()
    found = Index(
        {
            "passage": embedder.encode([passage.text for passage in cut]),
            "question": embedder.encode([question.title for question in questions]),
        }
    )
    object.__setattr__(found, "documents", Texts(questions, cut))
    object.__setattr__(found, "embedder", embedder)
    return found


def readied(questions: Sequence[Question], index: Index) -> Artifacts:
    """What the retriever keeps of them."""
    cut = [index.documents.passage(row) for row in range(len(index.fields["passage"]))]
    return prepare(EmbeddedCorpus(questions, cut, index.fields), encoder=index.embedder, model="tiny").opened


@pytest.fixture(scope="module")
def index(questions: list[Question]) -> Index:
    return indexed(questions)


@pytest.fixture(scope="module")
def prepared(questions: list[Question], index: Index) -> Artifacts:
    return readied(questions, index)


@pytest.fixture(scope="module")
def retriever(index: Index, prepared: Artifacts) -> Retriever:
    return Retriever(index, prepared)


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
    return find(Retriever(index, readied(pages, index)), title, most=3)


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
    again = [
        replace(page, id=f"{page.id}-2", answers=tuple(replace(one, id=f"{one.id}-2") for one in page.answers))
        for page in questions
    ]
    index = indexed([*questions, *again])
    retriever = Retriever(index, readied([*questions, *again], index))
    for title in PAGES:
        wordings = [title, *(one.question for one in find(retriever, title, most=3).related)]
        assert len(wordings) == len(set(wordings)) == 4


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
    """A question without a word in common is refused; the nearest stored questions are offered."""
    found = find(retriever, "carburettor zeppelin quasar", most=3)
    assert found.confidence is Confidence.NONE
    assert found.matches == ()
    assert len(found.related) == 3


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
    cut = [restore(only[0], only[0].answers[0], 0, len(only[0].answers[0].body))]
    embedder = tiny.TinyEmbedder()
    fields = {"passage": embedder.encode([cut[0].text]), "question": embedder.encode([only[0].title])}
    index = Index(fields)
    object.__setattr__(index, "documents", Texts(only, cut))
    object.__setattr__(index, "embedder", embedder)
    prepared = prepare(EmbeddedCorpus(only, cut, fields), encoder=embedder, model="tiny").opened
    found = find(Retriever(index, prepared), "Are moles dangerous?", most=3)
    assert found.confidence is Confidence.STRONG
    assert np.isfinite([match.score for match in found.matches]).all()


def test_a_later_passage_is_marked_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The marks are told how many sentences of the answer stand before the passage and after it, sources apart."""
    body = (
        "Ice is cold. Rest is good. Sleep is best. Triptans stop migraine. Ask soon. Rest again.\n\nSource: A Library"
    )
    answer = Answer("a", body)
    page = Question("q", "What helps against migraine?", Source("p.txt", 1), answers=(answer,))
    bounds = (0, body.index("Triptans")), (body.index("Triptans"), body.index(" Ask")), (body.index("Ask"), 87)
    cut = [restore(page, answer, start, end) for start, end in bounds]
    embedder = tiny.TinyEmbedder()
    fields = {"passage": [piece.text for piece in cut], "question": [page.title]}
    index = Index({name: embedder.encode(texts) for name, texts in fields.items()})
    object.__setattr__(index, "documents", Texts([page], cut))
    object.__setattr__(index, "embedder", embedder)
    told: list[dict[str, int]] = []
    mark = Highlighter.highlight

    def listened(self: Highlighter, *what: Any, **place: Any) -> tuple[Span, ...]:
        told.append(place)
        return mark(self, *what, **place)

    monkeypatch.setattr(Highlighter, "highlight", listened)
    [match] = find(Retriever(index, readied([page], index)), "What helps against migraine? Triptans?", most=1).matches
    assert match.passage.text == "Triptans stop migraine."
    assert told == [{"before": 3, "after": 2}]


# --- questions that nobody has answered -----------------------------------------------------------------------------

OPEN = (
    "How long does swelling last after surgery of the nose?",
    "How long does the swelling last after rhinoplasty then?",
    "Why do my gums bleed at night?",
    "Do my gums bleed less with green tea?",
    "Is asthma treated in children?",
    "Are moles in children dangerous?",
)


def with_open(questions: Sequence[Question], times: int = 1) -> list[Question]:
    """The answered questions, each with others beside it that nobody has answered."""
    asked = [title for _ in range(times) for title in OPEN]
    waiting = [Question(f"open{n}", title, Source("open.txt", n)) for n, title in enumerate(asked)]
    return [*waiting[::2], *questions, *waiting[1::2]]


def test_a_question_without_answers_is_never_offered(questions: list[Question]) -> None:
    """However near it is to what is asked, it is not among the related ones; those with answers are."""
    every = with_open(questions, times=20)
    index = indexed(every)
    retriever = Retriever(index, readied(every, index))
    for title in (*OPEN, *PAGES, "Which tea is best for teeth?"):
        related = find(retriever, title, most=3).related
        assert related
        assert not [one for one in related if one.question_id.startswith("open")]


def test_a_question_without_answers_takes_no_answers_place(questions: list[Question], retriever: Retriever) -> None:
    """A hundred of them around the question asked: the same answers are weighed as without them."""
    every = with_open(questions, times=20)
    index = indexed(every)
    crowded = Retriever(index, readied(every, index))
    for title in PAGES:
        found, alone = (rank(one, title, most=50) for one in (crowded, retriever))
        assert {answer for answer, _ in found.answers} == {answer for answer, _ in alone.answers}


def test_only_answered_questions_count_as_covered(questions: list[Question]) -> None:
    """A calibration asks the questions that have answers, and no other, as those that must pass."""
    every = with_open(questions)
    index = indexed(every)
    ready = readied(every, index)
    ranker = ready.ranker(index)
    titles = [question.title for question in every]
    stored = StoredQuestions(titles, index.fields["question"], ready.postings["question"])
    covered, uncovered = calibration_features(ranker, stored, encoder=index.embedder)
    assert len(covered) == len(questions)
    assert len(uncovered) > len(questions)


def test_a_small_corpus_is_small_by_its_answers(questions: list[Question], retriever: Retriever) -> None:
    """Six hundred questions that nobody has answered do not make eight pages enough to be calibrated on."""
    every = with_open(questions, times=100)
    index = indexed(every)
    crowded = Retriever(index, readied(every, index))
    for asked in ("moles", "surgery", "How is a scar treated?"):
        assert find(crowded, asked, most=3).confidence is find(retriever, asked, most=3).confidence


def test_where_a_topic_is_hidden_its_copies_are_too(questions: list[Question]) -> None:
    """The same answer under another question would still cover what is to be uncovered."""
    copy = questions[1].answers[0].body
    every = [*questions, Question("copy", "Unlike anything", Source("c.txt", 1), answers=(Answer("copied", copy),))]
    statistics = readied(every, indexed(every)).statistics
    gone = np.zeros(len(every), bool)
    gone[1] = True
    hidden = with_copies(gone, statistics)
    assert [answer for page in every for answer in page.answers if hidden[row_of(every, answer)]] == [
        questions[1].answers[0],
        every[-1].answers[0],
    ]


def row_of(questions: Sequence[Question], wanted: Answer) -> int:
    return [answer.id for page in questions for answer in page.answers].index(wanted.id)
