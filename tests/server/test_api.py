"""The endpoints as a program sees them."""

import json
import re

from fastapi.testclient import TestClient

from askdoc import bootstrap
from askdoc.index.generation import Generation
from tests.server.doubles import BROWSER, GERMAN, QUESTION


def test_ask_gives_the_document(client: TestClient, tiny_index: Generation) -> None:
    """The same that the responder gives, doctors and disclaimer included."""
    document = client.post("/v1/ask", json={"question": QUESTION, "max_answers": 2}).json()
    expected = bootstrap.responder(tiny_index).reply(QUESTION, max_answers=2).document()
    assert {**document, "took_ms": 0} == {**expected, "took_ms": 0}
    assert {match["doctor"]["name"] for match in document["answers"]} == {"Anna Example, MD", None}


def test_a_whole_answer_can_be_fetched(client: TestClient) -> None:
    """By the id that the reply gave, with its body and hash."""
    document = client.get("/v1/answers/bruise:1").json()
    assert document["body"] == "A bruise fades within two weeks. It turns yellow first."
    assert document["doctor"]["title"] == "Springfield Dermatologist"
    assert document["disclaimer"] == "For education only; this is no medical advice."
    assert re.fullmatch("[0-9a-f]{64}", document["sha256"])


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


def test_ready_once_it_can_answer(client: TestClient, tiny_index: Generation) -> None:
    """/readyz names the index."""
    assert client.get("/readyz").json() == {"ready": True, "index_id": tiny_index.index_id, "problem": None}


def test_the_reply_says_the_language_of_its_notice(client: TestClient) -> None:
    """A program reads it beside level, title and text; English ones say so too."""
    reply = client.post("/v1/ask", json={"question": GERMAN}).json()
    assert reply["notice"]["language"] == "de"
    assert (reply["confidence"], reply["answers"], reply["related"], reply["searched_also"]) == ("none", [], [], [])
    assert client.post("/v1/ask", json={"question": "I can't breathe"}).json()["notice"]["language"] == "en"
