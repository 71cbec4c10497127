"""The HTTP endpoint and the page, as a program and as a browser see them."""

import asyncio
import html
import json
import logging
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import Mount, Route
from starlette.types import Message, Scope

from askdoc import bootstrap
from askdoc.index.generation import Generation
from askdoc.live import ServingStatus
from askdoc.models import DEFAULT_DISCLAIMER
from askdoc.responder import AskRequest, Responder
from askdoc.server import pages
from askdoc.server.app import create_app
from askdoc.server.batching import BatchQueue, Busy
from askdoc.server.middleware import LARGEST_BODY
from tests.conftest import PAGE, ROOT
from tests.making import make_whole, opened, responder

QUESTION = "How long does a bruise last?"
BROWSER = {"accept": "text/html,application/xhtml+xml"}


@dataclass
class FixedDesk:
    found: Responder | None
    problem: str | None = None

    def responder(self) -> Responder | None:
        return self.found

    def state(self) -> ServingStatus:
        return ServingStatus(self.found is not None, self.found.index_id if self.found else None, self.problem)


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


def test_a_full_line_is_503_and_says_when_to_come_back(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a program and for a browser, with the disclaimer; nothing of the question is kept."""

    def full(self: BatchQueue, asked: AskRequest) -> None:
        raise Busy

    monkeypatch.setattr(BatchQueue, "join", full)
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

    def fail(self: Responder, asked: Sequence[AskRequest]) -> None:
        raise RuntimeError(f"cannot handle {asked[0].question}")

    monkeypatch.setattr(Responder, "reply_many", fail)
    app = create_app(FixedDesk(bootstrap.responder(tiny_index)))
    with caplog.at_level(logging.DEBUG), TestClient(app, raise_server_exceptions=False) as client:
        response = client.post("/v1/ask", json={"question": "my private matter"})
    assert response.status_code == 500
    assert response.json()["disclaimer"] == DEFAULT_DISCLAIMER
    assert "RuntimeError" in caplog.text
    assert "private matter" not in caplog.text + response.text


SAMPLES = {"{answer_key:path}": "bruise:1", "{name}": "askdoc.js", "/static": "/static/page.css"}
EVERY_METHOD = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")


def methods_by_path(app: FastAPI) -> dict[str, set[str]]:
    """Every path that the application has a route for, filled in, and the methods that it takes."""
    found: dict[str, set[str]] = {}
    for route in app.routes:
        assert isinstance(route, Route | Mount)
        path = route.path
        for blank, filled in SAMPLES.items():
            path = path.replace(blank, filled)
        found.setdefault(path, set()).update(getattr(route, "methods", None) or {"GET"})
    return {path: methods | ({"HEAD"} if "GET" in methods else set()) for path, methods in found.items()}


def test_every_route_takes_head_and_says_what_else_it_takes(client: TestClient) -> None:
    """HEAD has GET's status and headers and no body; any other method gets 405 with ``Allow``, and words."""
    assert isinstance(client.app, FastAPI)
    paths = methods_by_path(client.app)
    assert len(paths) >= 10
    for path, methods in paths.items():
        if "GET" in methods:
            full, bare = client.get(path), client.head(path)
            assert (bare.status_code, bare.content) == (full.status_code, b""), path
            assert dict(bare.headers) == dict(full.headers), path
            assert int(bare.headers["content-length"]) == len(full.content) or "content-encoding" in full.headers
        for method in set(EVERY_METHOD) - methods:
            response = client.request(method, path)
            assert (response.status_code, response.headers["allow"]) == (405, ", ".join(sorted(methods))), path
            assert method == "HEAD" or response.json()["disclaimer"] == DEFAULT_DISCLAIMER


def test_head_sends_no_body_whatever_server_runs_the_application(client: TestClient) -> None:
    """The application itself leaves it out: not every server does."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": "http", "method": "HEAD", "path": "/livez", "query_string": b"", "headers": []}

    async def ask() -> None:
        await client.app(scope, receive, send)

    asyncio.run(ask())
    assert b"".join(message.get("body", b"") for message in sent) == b""
    assert dict(sent[0]["headers"])[b"content-length"] == b"13"


def test_head_tells_of_errors_without_a_body(client: TestClient) -> None:
    """As GET would, with its length."""
    full, bare = client.get("/no/such/page", headers=BROWSER), client.head("/no/such/page", headers=BROWSER)
    assert (bare.status_code, bare.content) == (404, b"")
    assert bare.headers["content-length"] == full.headers["content-length"]


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
    page = client.post("/", data={"question": "x" * LARGEST_BODY}, headers=BROWSER)
    assert page.status_code == 413
    assert "<textarea" in page.text
    assert "Shorten the question." in page.text
    assert DEFAULT_DISCLAIMER in page.text


def test_a_question_that_has_to_wait_is_kept_in_its_box(starting: TestClient) -> None:
    """Nobody types it twice because the server was starting."""
    page = starting.post("/", data={"question": QUESTION}, headers=BROWSER)
    assert (page.status_code, f">{QUESTION}</textarea>" in page.text) == (503, True)


ARABIC = (
    '{"title": "كم يدوم الزكام؟", "details": "منذ أسبوع", "answers": [{"id": "ar", "headline": "الراحة", '
    '"body": "يدوم الزكام أسبوعا. اشرب الماء.", "date": "2024-05-01T23:30:00-05:00", '
    '"author": {"name": "آنا هولم"}}]}\n'
)


@pytest.fixture
def arabic(tmp_path: Path) -> Iterator[TestClient]:
    """A server over one page in Arabic."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "ar.jsonl").write_text(ARABIC, encoding="utf-8")
    make_whole(tmp_path / "corpus", tmp_path / "index")
    with TestClient(create_app(FixedDesk(responder(opened(tmp_path / "index")))), headers=BROWSER) as found:
        yield found


def test_what_the_corpus_says_has_its_own_direction_and_no_language_is_claimed(arabic: TestClient) -> None:
    """Question, headline, passage, doctor and what was typed turn with their script; the page's words stay English."""
    reply = arabic.post("/", data={"question": "كم يدوم الزكام؟"}).text
    whole = arabic.get("/answers/ar").text
    in_whole = ["كم يدوم", "منذ", "الراحة", "يدوم الزكام", "آنا"]
    for page, quoted in ((reply, ["كم يدوم", "الراحة", "آنا هولم"]), (whole, in_whole)):
        assert '<html lang="en">' in page
        for words in quoted:
            assert re.search(rf'<(\w+)[^>]* lang="" dir="auto"[^>]*>{words}', page), words
    assert re.search(r'<textarea[^>]* lang="" dir="auto"[^>]*>كم يدوم', reply)
    assert re.search(r'<blockquote lang="" dir="auto">', reply)
    for near in re.findall(r"<button[^>]*link[^>]*>", reply):
        assert 'lang="" dir="auto"' in near


def test_a_date_is_the_day_that_it_names(arabic: TestClient) -> None:
    """In words, whatever the time zone; what is no date stands as it was written."""
    assert '<time datetime="2024-05-01">May 1, 2024</time>' in arabic.get("/answers/ar").text
    assert pages.day("2024-02-30") == "2024-02-30"
    assert pages.day("spring <2024>") == "spring &lt;2024&gt;"
    assert pages.day("2024-05") == "2024-05"


DEMONSTRATION = ROOT / "corpus" / "dentistry"
LABEL = "This is demonstration text written for askdoc. No doctor wrote or checked it."


@pytest.mark.parametrize(("own", "others"), [(0, 2), (2, 0), (2, 1)])
def test_the_page_says_what_the_corpus_says_that_it_is(tmp_path: Path, own: int, others: int) -> None:
    """Doctors' words are claimed only where no page says otherwise; a mixed corpus is told of with its numbers."""
    (tmp_path / "corpus").mkdir()
    for page in sorted(DEMONSTRATION.glob("*.txt"))[:own]:
        shutil.copy(page, tmp_path / "corpus")
    for n in range(others):
        (tmp_path / "corpus" / f"page{n}.txt").write_text(PAGE.replace("bruise", f"bruise {n}"), encoding="utf-8")
    make_whole(tmp_path / "corpus", tmp_path / "index")
    with TestClient(create_app(FixedDesk(responder(opened(tmp_path / "index")))), headers=BROWSER) as client:
        pages_shown = [client.get(path).text for path in ("/", "/docs", "/no/such/page")]
    for shown in pages_shown:
        claims = html.unescape(" ".join(re.findall(r'<p class="claim"[^>]*>(.*?)</p>', shown)))
        assert ("Doctors’ own words" in claims) == (own == 0)
        assert (LABEL in claims) == (own > 0)
        assert ("2 of 3 pages:" in claims) == (own > 0 and others > 0)
    assert ("data-texts" in pages_shown[0]) == (own > 0)
    assert "Ask the doctors" not in pages_shown[0]


def test_nothing_is_claimed_of_a_corpus_that_is_not_open(starting: TestClient) -> None:
    """Whose words they are is known once the index is."""
    assert "Doctors’ own words" not in starting.get("/", headers=BROWSER).text
