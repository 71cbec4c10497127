"""The widget as the real server serves it: its scripts, its notices, and suggestions."""

import gzip
import re

import pytest
from fastapi.testclient import TestClient

from askdoc import bootstrap
from askdoc.index.generation import Generation
from askdoc.server.app import create_app
from askdoc.server.widget import IMMUTABLE
from tests.server.doubles import LOADER, SITE, FixedProvider


def test_the_loader_is_served_to_every_site(client: TestClient) -> None:
    """As a script, readable across origins, zipped, and asked for anew each time."""
    response = client.get("/widget/v1/askdoc.js", headers={"accept-encoding": "gzip"})
    assert response.content == LOADER.read_bytes()
    headers = response.headers
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-cache"
    assert headers["content-encoding"] == "gzip"
    assert int(headers["content-length"]) == len(gzip.compress(LOADER.read_bytes(), 9, mtime=0))
    again = client.get("/widget/v1/askdoc.js", headers={"if-none-match": headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_client_that_cannot_unzip_gets_plain_text(client: TestClient) -> None:
    """Nothing is compressed for who did not ask for it."""
    response = client.get("/widget/v1/askdoc.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in response.headers
    assert response.content == LOADER.read_bytes()


def test_a_file_named_by_its_content_may_be_kept(client: TestClient) -> None:
    """Under the address that the loader makes of its hash, and under no other."""
    version = re.findall(r'panel: "sha256-(.{12})', LOADER.read_text("utf-8"))[0]
    kept = {
        query: client.get(f"/widget/v1/panel.js?{query}").headers["cache-control"] for query in (version + ".0", "x")
    }
    assert kept == {version + ".0": IMMUTABLE, "x": "no-cache"}


@pytest.mark.parametrize("name", ["nothing.js", "..%2Faskdoc.js", "..%2F..%2F..%2Ftemplates%2Fask.html"])
def test_no_other_file_is_served(client: TestClient, name: str) -> None:
    """Only what lies in the widget's folder has an address there."""
    assert client.get(f"/widget/v1/{name}").status_code == 404


@pytest.mark.parametrize("origin", [SITE, "https://elsewhere.example"])
def test_whom_to_call_is_told_to_every_site(client: TestClient, origin: str) -> None:
    """A page that may not ask can still show the numbers of the server's country."""
    response = client.get("/v1/notices", headers={"Origin": origin})
    assert response.headers.get_list("access-control-allow-origin") in (["*"], [origin])
    assert response.headers["access-control-allow-origin"] == "*" or origin == SITE
    assert response.json()["emergency"] == "911"


def test_stored_questions_are_suggested(client: TestClient) -> None:
    """By the words typed so far, and some to begin with where there are none."""
    found = client.post("/v1/suggest", json={"text": "green te"}).json()
    assert found == {"suggestions": [{"question_id": "tea", "question": "Does green tea stain teeth?"}]}
    assert len(client.post("/v1/suggest", json={"text": ""}).json()["suggestions"]) == 2
    assert len(client.post("/v1/suggest", json={"text": "", "limit": 1}).json()["suggestions"]) == 1


@pytest.mark.parametrize(
    "body", [{}, {"text": "x" * 1001}, {"text": "", "limit": 0}, {"text": "", "limit": 11}, {"text": "", "limit": "3"}]
)
def test_bad_wishes_for_suggestions_are_refused(client: TestClient, body: object) -> None:
    """With a sentence, as everywhere."""
    response = client.post("/v1/suggest", json=body)
    assert (response.status_code, "disclaimer" in response.json()) == (422, True)


def test_suggestions_wait_for_the_index() -> None:
    """503 until there is one."""
    with TestClient(create_app(FixedProvider(None))) as client:
        assert client.post("/v1/suggest", json={"text": ""}).status_code == 503


def test_suggestions_follow_the_index(tiny_index: Generation) -> None:
    """Another responder brings its own questions; the same one is read once."""
    first, second = bootstrap.responder(tiny_index), bootstrap.responder(tiny_index)
    assert first.suggestions is first.suggestions
    assert first.suggestions is not second.suggestions
