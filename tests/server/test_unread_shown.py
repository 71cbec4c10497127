"""A question in a language that is not read, as the reader sees it: the numbers, in that language, and no search."""

from collections.abc import Iterator, Sequence

import pytest
from fastapi.testclient import TestClient

from askdoc import bootstrap
from askdoc.cli import render
from askdoc.cli.terminal import Marks
from askdoc.index.generation import Generation
from askdoc.models import Confidence, Level, Notice, Reply
from askdoc.server.app import create_app
from tests.server.test_api import BROWSER, FixedDesk

GERMAN = "Welche Salbe hilft bei trockener Haut?"
ARABIC = "ما هو أفضل كريم للبشرة الجافة"
GERMAN_PASSAGE = "Die Schwellung geht nach einer Woche von selbst zurück, und die Haut heilt ohne Narbe."


@pytest.fixture
def client(tiny_index: Generation) -> Iterator[TestClient]:
    with TestClient(create_app(FixedDesk(bootstrap.responder(tiny_index)))) as found:
        yield found


def test_the_reply_says_the_language_of_its_notice(client: TestClient) -> None:
    """A program reads it beside level, title and text; English ones say so too."""
    reply = client.post("/v1/ask", json={"question": GERMAN}).json()
    assert reply["notice"]["language"] == "de"
    assert (reply["confidence"], reply["answers"], reply["related"], reply["searched_also"]) == ("none", [], [], [])
    assert client.post("/v1/ask", json={"question": "I can't breathe"}).json()["notice"]["language"] == "en"


@pytest.mark.parametrize(("question", "language"), [(GERMAN, "de"), (ARABIC, "ar"), ("Mein Kind atmet nicht", "de")])
def test_the_page_marks_the_notice_s_language_and_says_nothing_of_answers(
    client: TestClient, question: str, language: str
) -> None:
    """A screen reader pronounces it and the browser sets its direction; no answer was looked for, so none is missed."""
    page = client.post("/", data={"question": question}, headers=BROWSER).text
    assert f'lang="{language}" dir="auto"' in page
    assert "tel:911" in page
    assert "tel:988" in page
    assert "No answer here fits" not in page


def test_the_terminal_shows_the_notice_and_says_nothing_of_answers(tiny_index: Generation) -> None:
    """Title, text and numbers stand above the disclaimer."""
    text = render.reply(bootstrap.responder(tiny_index).reply(GERMAN), Marks())
    assert "Hier werden nur Fragen auf Englisch und Spanisch gelesen." in text
    assert text.index("call 911") < text.index("For educational use only")
    assert "No answer here fits" not in text


def test_a_notice_that_closes_the_answers_stands_alone() -> None:
    """A quieter one above answers that may be shown does not."""
    quiet, loud = Level.EDUCATION, Level.CRISIS
    for level, allowed, alone in ((quiet, True, False), (quiet, False, True), (loud, False, True)):
        notice = Notice(level, "title", "text", answers_allowed=allowed)
        assert Reply("q", Confidence.NONE, "i", notice=notice).is_notice_alone is alone


def sampled(passages: Sequence[str], index: Generation, monkeypatch: pytest.MonkeyPatch) -> Reply:
    monkeypatch.setattr(bootstrap, "_sample", lambda _: list(passages))
    return bootstrap.responder(index).reply("Wie lange hält ein bruise bei meiner Tochter?")


def test_a_corpus_in_the_language_is_searched(tiny_index: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its answers stand below the numbers; of a corpus in English nothing is shown."""
    reply = sampled([GERMAN_PASSAGE] * 2, tiny_index, monkeypatch)
    assert reply.notice is not None
    assert reply.notice.answers_allowed
    assert reply.related
    assert not sampled(["A bruise fades within two weeks."] * 2, tiny_index, monkeypatch).related


def test_passages_from_all_over_the_corpus_tell_its_language(tiny_index: Generation) -> None:
    """A few of a large one, all of a small one."""
    texts = tiny_index.documents
    assert bootstrap._sample(texts) == [texts.passage(row).text for row in range(len(texts.answer_of))]
