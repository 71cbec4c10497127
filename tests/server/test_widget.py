"""The widget as the real server serves it: its files, the sites that may ask, suggestions, and the line to embed it."""

import base64
import gzip
import hashlib
import re
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from askdoc import bootstrap
from askdoc.cli.main import commands
from askdoc.errors import UsageError
from askdoc.index.generation import Generation
from askdoc.query.suggestions import Suggestions
from askdoc.server import widget
from askdoc.server.app import create_app
from tests.conftest import ROOT
from tests.server.test_api import FixedDesk

LOADER = ROOT / "web" / "static" / "widget" / "v1" / "askdoc.js"
SITE = "https://clinic.example"


@pytest.fixture
def client(tiny_index: Generation) -> Iterator[TestClient]:
    with TestClient(create_app(FixedDesk(bootstrap.responder(tiny_index)), sites=[SITE])) as found:
        yield found


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
    assert kept == {version + ".0": widget.FOREVER, "x": "no-cache"}


@pytest.mark.parametrize("name", ["nothing.js", "..%2Faskdoc.js", "..%2F..%2F..%2Ftemplates%2Fask.html"])
def test_no_other_file_is_served(client: TestClient, name: str) -> None:
    """Only what lies in the widget's folder has an address there."""
    assert client.get(f"/widget/v1/{name}").status_code == 404


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


@pytest.mark.parametrize("origin", [SITE, "https://elsewhere.example"])
def test_whom_to_call_is_told_to_every_site(client: TestClient, origin: str) -> None:
    """A page that may not ask can still show the numbers of the server's country."""
    response = client.get("/v1/notices", headers={"Origin": origin})
    assert response.headers.get_list("access-control-allow-origin") in (["*"], [origin])
    assert response.headers["access-control-allow-origin"] == "*" or origin == SITE
    assert response.json()["emergency"] == "911"


def test_unless_named_no_site_may_ask(tiny_index: Generation) -> None:
    """The default keeps a corpus to the pages of its own server."""
    with TestClient(create_app(FixedDesk(bootstrap.responder(tiny_index)))) as client:
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
        widget.sites(text)


def test_sites_are_separated_by_spaces() -> None:
    """And * stands for every site."""
    assert widget.sites("https://a.example  http://b.example:8000") == ("https://a.example", "http://b.example:8000")
    assert widget.sites("*") == ("*",)
    assert widget.sites("none") == ()


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
    assert widget.sites(written) == (sent,)
    with TestClient(create_app(FixedDesk(bootstrap.responder(tiny_index)), sites=[written])) as client:
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
    with TestClient(create_app(FixedDesk(bootstrap.responder(tiny_index)), sites=[pattern])) as client:
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
        widget.sites("null")


def test_a_site_that_cannot_ask_keeps_the_server_from_starting() -> None:
    """Exit code 2 and one sentence, before anything is loaded."""
    done = CliRunner().invoke(commands, ["serve", "--sites", "https://clinic.example/page"])
    assert isinstance(done.exception, UsageError)
    assert "leave out the rest" in str(done.exception)


def test_an_error_of_ours_reaches_other_sites(
    tiny_index: Generation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Their pages can read that something went wrong; it leaves the application as a reply, so that nothing logs it."""

    def fail(*_: object, **__: object) -> object:
        raise RuntimeError("my private matter")

    monkeypatch.setattr(Suggestions, "like", fail)
    with TestClient(create_app(FixedDesk(bootstrap.responder(tiny_index)), sites=[SITE])) as client:
        response = client.post("/v1/suggest", json={"text": "my private matter"}, headers={"Origin": SITE})
    assert (response.status_code, "disclaimer" in response.json()) == (500, True)
    assert response.headers["access-control-allow-origin"] == SITE
    assert response.headers["cache-control"] == "no-store"
    assert "RuntimeError" in caplog.text
    assert "private" not in caplog.text + response.text


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
    with TestClient(create_app(FixedDesk(None))) as client:
        assert client.post("/v1/suggest", json={"text": ""}).status_code == 503


def test_suggestions_follow_the_index(tiny_index: Generation) -> None:
    """Another responder brings its own questions; the same one is read once."""
    first, second = bootstrap.responder(tiny_index), bootstrap.responder(tiny_index)
    assert first.suggestions is first.suggestions
    assert first.suggestions is not second.suggestions


def test_the_page_holds_the_widget_around_its_form(client: TestClient) -> None:
    """One element, one script from this server, one that the policy names, and inside the form that works without."""
    page = client.get("/", headers={"accept": "text/html"})
    assert re.search(r"<askdoc-chat>\s*<form.*</form>\s*</askdoc-chat>", page.text, re.DOTALL)
    assert re.findall(r"<script[^>]*>", page.text) == ["<script>", '<script type="module" src="widget/v1/askdoc.js">']
    policy = page.headers["content-security-policy"]
    [inline] = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    assert f"'sha256-{base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()}'" in policy
    for part in ("script-src 'self'", "connect-src 'self'", "require-trusted-types-for 'script'"):
        assert part in policy


def test_embed_prints_the_line_with_its_hash() -> None:
    """The hash is the loader's, the address the one given; what it means goes to standard error."""
    done = CliRunner().invoke(commands, ["embed", "--url", "https://answers.example/"])
    digest = base64.b64encode(hashlib.sha384(LOADER.read_bytes()).digest()).decode()
    assert done.stdout == (
        '<script type="module" src="https://answers.example/widget/v1/askdoc.js" '
        f'integrity="sha384-{digest}" crossorigin="anonymous" data-launcher></script>\n'
    )
    assert "--sites" in done.stderr
    assert "After an upgrade" in done.stderr


def test_embed_without_hash_and_in_the_page() -> None:
    """The two choices, and the address of the settings."""
    done = CliRunner().invoke(commands, ["embed", "--inline", "--no-integrity", "--port", "9"])
    assert done.stdout.splitlines() == [
        "<askdoc-chat></askdoc-chat>",
        '<script type="module" src="http://127.0.0.1:9/widget/v1/askdoc.js"></script>',
    ]


def test_embed_says_where_the_country_is_set() -> None:
    """The line is the same for every country: whom to call comes from the server."""
    lines = [CliRunner().invoke(commands, ["embed", "--country", country]) for country in ("US", "GB")]
    assert lines[0].stdout == lines[1].stdout
    assert "askdoc serve --country GB" in lines[1].stderr
    assert "--country" not in lines[0].stderr
