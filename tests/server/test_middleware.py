"""What the layers around the routes do to every request and response."""

import asyncio

from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import Message, Receive, Scope, Send

from askdoc.models import DEFAULT_DISCLAIMER
from askdoc.server.middleware import MAX_BODY_BYTES, SECURITY_HEADERS, ErrorMiddleware
from tests.server.doubles import BROWSER, QUESTION


def test_a_body_that_is_no_json_or_too_large_is_refused(client: TestClient) -> None:
    """Before it costs anything."""
    json_type = {"content-type": "application/json"}
    assert client.post("/v1/ask", content=b"{", headers=json_type).json()["error"].startswith("The body is not JSON")
    response = client.post("/v1/ask", content=b" " * (MAX_BODY_BYTES + 1))
    assert (response.status_code, "disclaimer" in response.json()) == (413, True)


def test_answers_are_neither_cached_nor_framed_nor_leaked(client: TestClient) -> None:
    """The headers say so on every reply."""
    headers = client.post("/v1/ask", json={"question": QUESTION}).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]


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


def test_an_error_after_the_response_has_begun_sends_no_second_one() -> None:
    """A client reads one status line: what is already sent stands."""
    sent: list[Message] = []

    async def breaks(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("halfway")

    async def respond(request: Request, error: Exception) -> Response:
        return Response("wrong", 500)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(ErrorMiddleware(breaks, respond=respond)({"type": "http"}, receive, send))
    assert [message["type"] for message in sent] == ["http.response.start"]


def test_what_says_how_long_it_may_be_kept_is_kept(client: TestClient) -> None:
    """Every other response must not be stored; all have the security headers."""
    script, page = client.get("/widget/v1/askdoc.js"), client.get("/livez")
    assert (script.headers["cache-control"], page.headers["cache-control"]) == ("no-cache", "no-store")
    for response in (script, page):
        assert SECURITY_HEADERS.items() <= {name: response.headers[name] for name in SECURITY_HEADERS}.items()
