"""The HTTP endpoint and the page, as a program and as a browser see them."""

import json
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient

from askdoc import bootstrap
from askdoc.index.generation import Generation
from askdoc.live import State
from askdoc.models import DEFAULT_DISCLAIMER
from askdoc.responder import Asked, Responder
from askdoc.server import create_app
from askdoc.server.limits import LARGEST_BODY
from askdoc.server.line import Busy, Line

QUESTION = "How long does a bruise last?"
BROWSER = {"accept": "text/html,application/xhtml+xml"}


@dataclass
class FixedDesk:
    found: Responder | None
    problem: str | None = None

    def responder(self) -> Responder | None:
        return self.found

    def state(self) -> State:
        return State(self.found is not None, self.found.index_id if self.found else None, self.problem)


@pytest.fixture
def client(tiny_index: Generation) -> Iterator[TestClient]:
    with TestClient(create_app(FixedDesk(bootstrap.responder(tiny_index)))) as found:
        yield found


@pytest.fixture
def starting() -> Iterator[TestClient]:
    with TestClient(create_app(FixedDesk(None))) as found:
        yield found


def test_ask_gives_the_document(client: TestClient, tiny_index: Generation) -> None:
    """The same that the responder gives, doctors and disclaimer included."""
    document = client.post("/v1/ask", json={"question": QUESTION, "max_answers": 2}).json()
    expected = bootstrap.responder(tiny_index).reply(QUESTION, max_answers=2).document()
    assert {**document, "took_ms": 0} == {**expected, "took_ms": 0}
    assert document["answers"][0]["doctor"]["name"] == "Anna Example, MD"


def test_a_whole_answer_can_be_fetched(client: TestClient) -> None:
    """By the id that the reply gave, with its body and hash."""
    document = client.get("/v1/answers/bruise:1").json()
    assert document["body"] == "A bruise fades within two weeks. It turns yellow first."
    assert document["doctor"]["title"] == "Springfield Dermatologist"
    assert document["disclaimer"] == "For education only; this is no medical advice."
    assert re.fullmatch("[0-9a-f]{64}", document["sha256"])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"question": "  "}, "empty"),
        ({"question": "x" * 1001}, "1,001 characters"),
        ({}, "'question' is missing"),
        ({"question": QUESTION, "max_answers": 0}, "'max_answers' is wrong"),
        ({"question": QUESTION, "max_answers": "3"}, "'max_answers' is wrong"),
        ({"question": QUESTION, "max_answer": 3}, "'max_answer' is not known here"),
        ({"question": None}, "'question' is wrong"),
        (["x"], "JSON object"),
        ({"question": QUESTION, "context": ["why?"] * 11}, "at most 10"),
        ({"question": QUESTION, "context": ["x" * 1001]}, "1,001 characters"),
        ({"question": QUESTION, "context": "why?"}, "'context' is wrong"),
        ({"question": QUESTION, "context": [7]}, "'context.0' is wrong"),
    ],
)
def test_bad_input_gets_a_sentence_and_the_disclaimer(client: TestClient, body: object, words: str) -> None:
    """422, what is wrong, and nothing of what was said."""
    response = client.post("/v1/ask", json=body)
    assert response.status_code == 422
    assert words in response.json()["error"]
    assert response.json()["disclaimer"] == DEFAULT_DISCLAIMER
    assert QUESTION not in response.text


def test_a_follow_up_is_answered_with_the_context_that_the_client_sends(client: TestClient) -> None:
    """And without it the same words stand alone: the server keeps nothing between two questions."""
    body = {"question": "And does it stain teeth?"}
    followed = client.post("/v1/ask", json={**body, "context": ["Is green tea bad?"]}).json()
    assert (followed["about"], followed["answers"][0]["question_id"]) == ("green tea", "tea")
    assert client.post("/v1/ask", json=body).json()["about"] is None


def test_the_largest_allowed_context_fits_into_a_body(client: TestClient) -> None:
    """Even where each letter is written as an escape."""
    body = json.dumps({"question": QUESTION, "context": ["😀" * 1000] * 10})
    assert client.post("/v1/ask", content=body, headers={"content-type": "application/json"}).status_code == 200


def test_the_page_shows_what_was_searched_for_beside_the_question(client: TestClient) -> None:
    """So that nobody wonders at an answer to other words."""
    page = client.post("/", data={"question": "How long does a bruisse last?"}, headers=BROWSER).text
    assert "Searched also for: bruise" in page


def test_a_body_that_is_no_json_or_too_large_is_refused(client: TestClient) -> None:
    """Before it costs anything."""
    json_type = {"content-type": "application/json"}
    assert client.post("/v1/ask", content=b"{", headers=json_type).json()["error"].startswith("The body is not JSON")
    response = client.post("/v1/ask", content=b" " * (LARGEST_BODY + 1))
    assert (response.status_code, "disclaimer" in response.json()) == (413, True)


def test_an_unknown_answer_is_a_404_with_words(client: TestClient) -> None:
    """As JSON for a program, as a page for a browser."""
    response = client.get("/v1/answers/nothing")
    assert (response.status_code, response.json()["disclaimer"]) == (404, DEFAULT_DISCLAIMER)
    page = client.get("/answers/nothing", headers=BROWSER)
    assert (page.status_code, "There is no answer at this address." in page.text) == (404, True)
    assert DEFAULT_DISCLAIMER in page.text


def test_while_the_index_loads_it_is_alive_but_not_ready(starting: TestClient) -> None:
    """503 says when to come back, on every way of asking."""
    assert starting.get("/livez").status_code == 200
    for response in (
        starting.get("/readyz"),
        starting.post("/v1/ask", json={"question": QUESTION}),
        starting.get("/v1/answers/bruise:1"),
        starting.post("/", data={"question": QUESTION}, headers=BROWSER),
    ):
        assert (response.status_code, response.headers["retry-after"]) == (503, "2")
    assert starting.get("/", headers=BROWSER).status_code == 200


def test_a_full_line_is_503_and_says_when_to_come_back(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a program and for a browser, with the disclaimer; nothing of the question is kept."""

    def full(self: Line, asked: Asked) -> None:
        raise Busy

    monkeypatch.setattr(Line, "join", full)
    program = client.post("/v1/ask", json={"question": QUESTION})
    browser = client.post("/", data={"question": QUESTION}, headers=BROWSER)
    for response in (program, browser):
        assert (response.status_code, response.headers["retry-after"]) == (503, "2")
        assert "Many questions are waiting" in response.text
    assert program.json()["disclaimer"] == DEFAULT_DISCLAIMER


def test_ready_once_it_can_answer(client: TestClient, tiny_index: Generation) -> None:
    """/readyz names the index."""
    assert client.get("/readyz").json() == {"ready": True, "index_id": tiny_index.index_id, "problem": None}


def test_the_page_works_as_a_plain_form(client: TestClient) -> None:
    """Doctor, stars as text, headline, passage and disclaimer stand in the page; the question went in the body."""
    page = client.post("/", data={"question": QUESTION}, headers=BROWSER).text
    page = page.replace("<mark>", "").replace("</mark>", "")
    for words in (
        "Anna Example, MD",
        "Springfield Dermatologist",
        "4.5 out of 5, 3 reviews",
        "Patience",
        "A bruise fades within two weeks. It turns yellow first.",
        "For education only; this is no medical advice.",
        "+2 votes",
    ):
        assert words in page, words
    assert 'method="post"' in page
    assert 'method="get"' not in page


def test_the_page_says_when_it_has_nothing(client: TestClient) -> None:
    """No answer, and the nearest questions to press."""
    page = client.post("/", data={"question": "zebra quantum carburettor"}, headers=BROWSER).text
    assert "No answer here fits your question" in page
    assert "<blockquote" not in page
    assert DEFAULT_DISCLAIMER in page.replace("&#39;", "'")


def test_the_page_shows_what_is_wrong_with_a_question(client: TestClient) -> None:
    """Beside the box, with the text kept."""
    response = client.post("/", data={"question": "x" * 1001}, headers=BROWSER)
    assert response.status_code == 422
    assert "1,001 characters" in response.text
    assert "x" * 1001 in response.text


def test_the_question_is_escaped_in_the_page(client: TestClient) -> None:
    """What a person types is text, never markup."""
    page = client.post("/", data={"question": "<script>alert(1)</script> bruise"}, headers=BROWSER).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_whole_answer_has_a_page(client: TestClient) -> None:
    """For the link below each card."""
    page = client.get("/answers/bruise%3A2", headers=BROWSER).text
    assert "Cold helps on the first day." in page
    assert "Shelbyville Dentist" in page
    assert "For education only; this is no medical advice." in page


def test_docs_need_nothing_from_elsewhere(client: TestClient) -> None:
    """Pages load from this server alone, and the endpoints are described."""
    for path in ("/docs", "/"):
        page = client.get(path, headers=BROWSER).text
        assert not re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", page)
    assert "/v1/ask" in client.get("/docs").text
    assert "/v1/ask" in client.get("/openapi.json").json()["paths"]


def test_answers_are_neither_cached_nor_framed_nor_leaked(client: TestClient) -> None:
    """The headers say so on every reply."""
    headers = client.post("/v1/ask", json={"question": QUESTION}).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]


def test_a_failure_inside_is_a_sentence_and_logs_nothing_of_the_question(
    tiny_index: Generation, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where the error's own text holds the question."""

    def fail(self: Responder, asked: Sequence[Asked]) -> None:
        raise RuntimeError(f"cannot handle {asked[0].question}")

    monkeypatch.setattr(Responder, "reply_many", fail)
    app = create_app(FixedDesk(bootstrap.responder(tiny_index)))
    with caplog.at_level(logging.DEBUG), TestClient(app, raise_server_exceptions=False) as client:
        response = client.post("/v1/ask", json={"question": "my private matter"})
    assert response.status_code == 500
    assert response.json()["disclaimer"] == DEFAULT_DISCLAIMER
    assert "RuntimeError" in caplog.text
    assert "private matter" not in caplog.text + response.text
