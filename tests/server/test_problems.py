"""Every error is one sentence with the disclaimer, for programs and for browsers."""

import logging
import re
from collections.abc import Sequence

import pytest
from fastapi.testclient import TestClient

from askdoc import bootstrap
from askdoc.index.generation import Generation
from askdoc.models import DEFAULT_DISCLAIMER
from askdoc.responder import AskRequest, Responder
from askdoc.server.app import create_app
from askdoc.server.batching import BatchQueue, QueueFull
from askdoc.server.middleware import MAX_BODY_BYTES
from tests.server.doubles import BROWSER, QUESTION, FixedProvider


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


def test_an_unknown_answer_is_a_404_with_words(client: TestClient) -> None:
    """As JSON for a program, as a page for a browser."""
    response = client.get("/v1/answers/nothing")
    assert (response.status_code, response.json()["disclaimer"]) == (404, DEFAULT_DISCLAIMER)
    page = client.get("/answers/nothing", headers=BROWSER)
    assert (page.status_code, "There is no answer at this address." in page.text) == (404, True)
    assert DEFAULT_DISCLAIMER in page.text


def test_a_full_queue_is_503_and_says_when_to_come_back(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a program and for a browser, with the disclaimer; nothing of the question is kept."""

    def full(self: BatchQueue, request: AskRequest) -> None:
        raise QueueFull

    monkeypatch.setattr(BatchQueue, "submit", full)
    program = client.post("/v1/ask", json={"question": QUESTION})
    browser = client.post("/", data={"question": QUESTION}, headers=BROWSER)
    for response in (program, browser):
        assert (response.status_code, response.headers["retry-after"]) == (503, "2")
        assert "Many questions are waiting" in response.text
    assert program.json()["disclaimer"] == DEFAULT_DISCLAIMER


def test_a_failure_inside_is_a_sentence_and_logs_nothing_of_the_question(
    tiny_index: Generation, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where the error's own text holds the question."""

    def fail(self: Responder, asked: Sequence[AskRequest]) -> None:
        raise RuntimeError(f"cannot handle {asked[0].question}")

    monkeypatch.setattr(Responder, "reply_many", fail)
    app = create_app(FixedProvider(bootstrap.responder(tiny_index)))
    with caplog.at_level(logging.DEBUG), TestClient(app, raise_server_exceptions=False) as client:
        response = client.post("/v1/ask", json={"question": "my private matter"})
    assert response.status_code == 500
    assert response.json()["disclaimer"] == DEFAULT_DISCLAIMER
    assert "RuntimeError" in caplog.text
    assert "private matter" not in caplog.text + response.text


@pytest.mark.parametrize("path", ["/no/such/page", "/answers/nothing", "/livez"])
def test_an_error_page_is_a_page(client: TestClient, path: str) -> None:
    """A sentence, the way to the questions, and the disclaimer; the method's own error too."""
    page = client.request("PUT" if path == "/livez" else "GET", path, headers=BROWSER)
    assert page.status_code in {404, 405}
    assert re.search(r"<h1[^>]*>(There is|This address takes)[^<]+[.]", page.text)
    assert "Ask a question</a>" in page.text
    assert DEFAULT_DISCLAIMER in page.text


def test_a_form_that_is_too_large_gets_a_page(client: TestClient) -> None:
    """413 in a browser looks like every other error, with the box to try again."""
    page = client.post("/", data={"question": "x" * MAX_BODY_BYTES}, headers=BROWSER)
    assert page.status_code == 413
    assert "<textarea" in page.text
    assert "Shorten the question." in page.text
    assert DEFAULT_DISCLAIMER in page.text
