"""Makes an index in memory of eight pages, with the tiny model, as the retriever is given one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from askdoc.corpus.passages import restore
from askdoc.models import Answer, Author, Passage, Question, RelatedQuestion, Source
from askdoc.retriever.artifacts import Artifacts
from askdoc.retriever.learned_tables import ModelTables
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


OPEN = (
    "How long does swelling last after surgery of the nose?",
    "How long does the swelling last after rhinoplasty then?",
    "Why do my gums bleed at night?",
    "Do my gums bleed less with green tea?",
    "Is asthma treated in children?",
    "Are moles in children dangerous?",
)
"""Questions that nobody has answered."""


def corpus() -> list[Question]:
    """The eight pages."""
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


def with_open(questions: Sequence[Question], times: int = 1) -> list[Question]:
    """The answered questions, each with others beside it that nobody has answered."""
    titles = [title for _ in range(times) for title in OPEN]
    unanswered = [Question(f"open{n}", title, Source("open.txt", n)) for n, title in enumerate(titles)]
    return [*unanswered[::2], *questions, *unanswered[1::2]]


def with_second_wordings(questions: Sequence[Question]) -> list[Question]:
    """The answered questions, each followed by one that asks the same in more words and has an answer of its own."""
    return [
        page
        for question in questions
        for page in (
            question,
            replace(
                question,
                id=f"{question.id}-again",
                title=f"Please tell me: {question.title}",
                answers=(Answer(f"{question.id}-again:1", f"Somebody asked {question.title.lower()} We said so."),),
            ),
        )
    ]


class TextsInMemory:
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


@dataclass(frozen=True)
class IndexInMemory(InMemory):
    """Vectors and texts together, as an opened index has them, with the model that made the vectors."""

    documents: TextsInMemory
    embedder: tiny.TinyEmbedder


def indexed(questions: Sequence[Question], cut: Sequence[Passage] = ()) -> IndexInMemory:
    """Questions and answers with their vectors, each answer in one passage unless it is cut otherwise."""
    cut = cut or [
        restore(question, answer, 0, len(answer.body)) for question in questions for answer in question.answers
    ]
    embedder = tiny.TinyEmbedder()
    fields = {
        "passage": embedder.encode([passage.text for passage in cut]),
        "question": embedder.encode([question.title for question in questions]),
    }
    return IndexInMemory(fields, TextsInMemory(questions, cut), embedder)


def artifacts_of(questions: Sequence[Question], index: IndexInMemory) -> Artifacts:
    """What an index keeps for the retriever."""
    cut = [index.documents.passage(row) for row in range(len(index.fields["passage"]))]
    return prepare(
        EmbeddedCorpus(questions, cut, index.fields), encoder=index.embedder, tables=ModelTables.plain()
    ).opened
