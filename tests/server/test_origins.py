"""Which sites may ask, and how they are named."""

import pytest
from fastapi.testclient import TestClient

from askdoc import bootstrap
from askdoc.errors import UsageError
from askdoc.index.generation import Generation
from askdoc.query.completion import Suggestions
from askdoc.server.app import create_app
from askdoc.server.origins import parse_sites
from tests.server.doubles import SITE, FixedProvider


def test_only_the_named_sites_may_ask(client: TestClient) -> None:
    """Their pages may send questions and read when to come back; cookies and other sites are left out."""
    wish = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    allowed = client.options("/v1/ask", headers={"Origin": SITE, **wish})
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == SITE
    assert "access-control-allow-credentials" not in allowed.headers
    asked = client.post("/v1/ask", json={"question": "bruise"}, headers={"Origin": SITE})
    assert asked.headers["access-control-expose-headers"] == "Retry-After"
    refused = client.options("/v1/ask", headers={"Origin": "https://elsewhere.example", **wish})
    assert refused.status_code == 400
    assert "access-control-allow-origin" not in refused.headers


def test_unless_named_no_site_may_ask(tiny_index: Generation) -> None:
    """The default keeps a corpus to the pages of its own server."""
    with TestClient(create_app(FixedProvider(bootstrap.responder(tiny_index)))) as client:
        response = client.post("/v1/ask", json={"question": "bruise"}, headers={"Origin": SITE})
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    "text",
    [
        "clinic.example",
        "//clinic.example",
        "ftp://clinic.example",
        "https://",
        "https://clinic.example/page",
        "https://clinic.example?page",
        "https://someone@clinic.example",
        "https://a.example,https://b.example/",
        "https://clinic.example:0",
        "https://clinic.example:65536",
        "https://clinic.example:*",
        "https://clin%69c.example",
        "https://clinic..example",
        "https://127.1",
        "https://[::1",
        "https://[fe80::1%25en0]",
        "https://*",
        "https://*.example",
        "https://*.0.0.1",
        "https://*.*.clinic.example",
        "https://a*.clinic.example",
        "https://clinic.*",
        "https://clinic.example none",
        "null",
        "NULL",
    ],
)
def test_what_is_no_site_is_refused(text: str) -> None:
    """With a sentence that shows how one looks."""
    with pytest.raises(UsageError, match=r"Give origins such as https://clinic\.example"):
        parse_sites(text)


def test_sites_are_separated_by_spaces() -> None:
    """And * stands for every site."""
    assert parse_sites("https://a.example  http://b.example:8000") == ("https://a.example", "http://b.example:8000")
    assert parse_sites("*") == ("*",)
    assert parse_sites("none") == ()


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("https://clinic.example/", "https://clinic.example"),
        ("HTTPS://Clinic.Example", "https://clinic.example"),
        ("https://clinic.example:443", "https://clinic.example"),
        ("http://clinic.example:80/", "http://clinic.example"),
        ("http://clinic.example:443", "http://clinic.example:443"),
        ("https://clinic.example:08443", "https://clinic.example:8443"),
        ("https://faß.example", "https://xn--fa-hia.example"),
        ("https://XN--BCHER-KVA.example", "https://xn--bcher-kva.example"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://[0:0:0:0:0:0:0:1]:3000", "http://[::1]:3000"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("https://my_host.clinic.example.", "https://my_host.clinic.example."),
    ],
)
def test_a_site_is_named_as_browsers_send_it(tiny_index: Generation, written: str, sent: str) -> None:
    """Capitals, slashes, default ports and letters of other scripts make no difference, and it may then ask."""
    assert parse_sites(written) == (sent,)
    with TestClient(create_app(FixedProvider(bootstrap.responder(tiny_index)), sites=[written])) as client:
        response = client.post("/v1/suggest", json={"text": ""}, headers={"Origin": sent})
    assert response.headers["access-control-allow-origin"] == sent
    assert "Origin" in response.headers["vary"]


@pytest.mark.parametrize(
    ("pattern", "origin", "allowed"),
    [
        ("https://*.clinic.example", "https://www.clinic.example", True),
        ("https://*.clinic.example/", "https://a.b.clinic.example", True),
        ("https://*.Clinic.example:443", "https://www.clinic.example", True),
        ("https://*.bücher.example", "https://www.xn--bcher-kva.example", True),
        ("http://*.localhost:3000", "http://app.localhost:3000", True),
        ("https://*.clinic.example", "https://clinic.example", False),
        ("https://*.clinic.example", "https://.clinic.example", False),
        ("https://*.clinic.example", "https://notclinic.example", False),
        ("https://*.clinic.example", "https://www.clinic.example.evil.example", False),
        ("https://*.clinic.example", "https://evil.example/.clinic.example", False),
        ("https://*.clinic.example", "https://evil.example#.clinic.example", False),
        ("https://*.clinic.example", "https://evil.example@www.clinic.example", False),
        ("https://*.clinic.example", "https://evil.example:1.clinic.example", False),
        ("https://*.clinic.example", "http://www.clinic.example", False),
        ("https://*.clinic.example", "https://www.clinic.example:8443", False),
        ("https://*.clinic.example", "null", False),
    ],
)
def test_a_star_stands_for_what_is_below_a_domain(
    tiny_index: Generation, pattern: str, origin: str, allowed: bool
) -> None:
    """For one label or more in front, and for nothing else: preflight and reply say the same."""
    with TestClient(create_app(FixedProvider(bootstrap.responder(tiny_index)), sites=[pattern])) as client:
        wish = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        preflight = client.options("/v1/suggest", headers=wish)
        reply = client.post("/v1/suggest", json={"text": ""}, headers={"Origin": origin})
    named = origin if allowed else None
    assert [preflight.headers.get("access-control-allow-origin"), reply.headers.get("access-control-allow-origin")] == [
        named,
        named,
    ]
    assert (preflight.status_code, "Origin" in reply.headers["vary"]) == (200 if allowed else 400, True)


def test_the_sandboxed_frames_origin_is_refused_with_what_to_do() -> None:
    """Anybody can make such a frame, so that naming it would let all ask."""
    with pytest.raises(UsageError, match=r"every sandboxed frame.* Add allow-same-origin"):
        parse_sites("null")


def test_an_error_of_ours_reaches_other_sites(
    tiny_index: Generation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Their pages can read that something went wrong; it leaves the application as a reply, so that nothing logs it."""

    def fail(*_: object, **__: object) -> object:
        raise RuntimeError("my private matter")

    monkeypatch.setattr(Suggestions, "complete", fail)
    with TestClient(create_app(FixedProvider(bootstrap.responder(tiny_index)), sites=[SITE])) as client:
        response = client.post("/v1/suggest", json={"text": "my private matter"}, headers={"Origin": SITE})
    assert (response.status_code, "disclaimer" in response.json()) == (500, True)
    assert response.headers["access-control-allow-origin"] == SITE
    assert response.headers["cache-control"] == "no-store"
    assert "RuntimeError" in caplog.text
    assert "private" not in caplog.text + response.text
