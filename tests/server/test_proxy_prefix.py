"""The server behind proxies: below a prefix, with paths that proxies rewrite, and at addresses for every id."""

import json
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import ASGIApp

from askdoc import bootstrap
from askdoc.errors import UsageError
from askdoc.index.generation import Generation
from askdoc.server.app import create_app
from tests.making import make_whole, opened, responder
from tests.server.doubles import BROWSER, QUESTION, FixedProvider
from tests.server.proxies import PREFIX, Proxy, References
from tests.widget.double import serving

SITE = "http://testserver"
TOP = f"{SITE}{PREFIX}/"
IDS = [
    "/q/12-1",
    "https://example.org/q/13?page=2#answer",
    "../up",
    "./here/.",
    "a//b",
    "50%/day %2F",
    "two words",
    "كم يدوم",
    "?",
    "tail/",
    "x" * 3000,
]
TITLES = [
    f"Why do {what}?"
    for what in (
        "knees crack", "eyelids twitch", "noses bleed", "teeth stain", "nails break", "ears ring", "feet swell",
        "hands shake", "lips chap", "elbows itch", "ankles ache",
    )
]  # fmt: skip


def mounted(app: FastAPI) -> ASGIApp:
    """Another application that serves ours below its own."""
    outer = FastAPI()
    outer.mount(PREFIX, app)
    return outer


ROUTES: dict[str, tuple[Callable[[FastAPI], ASGIApp], dict[str, Any]]] = {
    "taken off": (Proxy, {}),
    "taken off, a slash too many": (lambda app: Proxy(app, extra=True), {}),
    "taken off and named": (lambda app: Proxy(app, named=True), {}),
    "kept and named": (lambda app: Proxy(app, keeps=True, named=True), {}),
    "kept, and set here": (lambda app: Proxy(app, keeps=True), {"prefix": f"{PREFIX}/"}),
    "slashes merged": (lambda app: Proxy(app, merges=True), {}),
    "mounted": (mounted, {}),
}


@pytest.fixture(params=ROUTES)
def client(request: pytest.FixtureRequest, tiny_index: Generation) -> Iterator[TestClient]:
    """A client of the site that has the server below a prefix."""
    route, options = ROUTES[request.param]
    app = create_app(FixedProvider(bootstrap.responder(tiny_index)), **options)
    with TestClient(route(app), follow_redirects=False, headers=BROWSER) as found:
        yield found


def test_every_address_in_every_page_stays_below_the_prefix(client: TestClient) -> None:
    """Style, scripts, links: each leads to the server, from the chat page, replies, answers, docs and errors."""
    asked = client.post(TOP, data={"question": QUESTION})
    [answer, *_] = [link for link in References(TOP, asked.text).links if "/answers/" in link]
    pages = {TOP: client.get(TOP), f"{TOP}?": asked}
    others = (answer, f"{TOP}docs", f"{TOP}no/such/page", f"{TOP}answers/x")
    pages |= {address: client.get(address) for address in others}
    assert [page.status_code for page in pages.values()] == [200, 200, 200, 200, 404, 404]
    for address, page in pages.items():
        links = References(address, page.text).links
        assert f"{TOP}static/page.css" in links
        for link in links:
            assert (link.startswith(TOP), client.get(link).status_code) == (True, 200), (address, link)


def test_a_question_goes_back_to_where_its_page_came_from(client: TestClient) -> None:
    """With a slash at the end or without, after a reply, and after a question that was refused."""
    for address in (TOP, f"{TOP}?", f"{SITE}{PREFIX}"):
        for question in (QUESTION, "x" * 1001, "zebra quantum carburettor"):
            page = client.post(address, data={"question": question}, follow_redirects=True)
            forms = References(str(page.url), page.text).forms
            assert (page.status_code, bool(forms)) == (422 if "xx" in question else 200, True)
            assert {form.rstrip("?") for form in forms} == {str(page.url).rstrip("?")}
            assert f"{page.url}/".startswith(TOP)
    assert {form.rstrip("?") for form in References(TOP, client.get(TOP).text).forms} == {TOP}


def test_a_page_that_does_not_know_where_it_is_asks_for_nothing(client: TestClient) -> None:
    """Errors below the top have no form: what leads up from there may lead to another site."""
    for path in ("no/such/page", "answers/x", "docs/x"):
        page = client.get(TOP + path)
        assert (page.status_code, References(TOP + path, page.text).forms) == (404, [])


def test_redirects_are_relative(client: TestClient) -> None:
    """A slash too many at the end is taken off where the browser is, with the method and the query kept."""
    for method, path, place in (("GET", "docs/?a=%2F", "docs?a=%2F"), ("POST", "v1/ask/", "v1/ask")):
        response = client.request(method, TOP + path, json={"question": QUESTION} if method == "POST" else None)
        location = response.headers["location"]
        assert (response.status_code, "://" in location, location.startswith("/")) == (307, False, False)
        assert urljoin(TOP + path, location) == TOP + place


def test_programs_find_their_way_from_the_description(client: TestClient) -> None:
    """The server's address in the OpenAPI document is relative to it; no page names an address of the inside."""
    description = client.get(f"{TOP}openapi.json").json()
    [server] = description["servers"]
    base = urljoin(f"{TOP}openapi.json", server["url"])
    assert client.post(f"{base.rstrip('/')}/v1/ask", json={"question": QUESTION}).status_code == 200
    assert "testserver" not in client.get(f"{TOP}docs").text


def test_an_address_without_its_slash_is_completed_where_the_prefix_is_known(tiny_index: Generation) -> None:
    """Relative to where the browser is; a question that comes there is answered at once."""
    app = create_app(FixedProvider(bootstrap.responder(tiny_index)), prefix=PREFIX)
    with TestClient(Proxy(app, keeps=True), follow_redirects=False, headers=BROWSER) as client:
        response = client.get(f"{SITE}{PREFIX}?a=1")
        assert (response.status_code, response.headers["location"]) == (307, "askdoc/?a=1")
        assert client.post(f"{SITE}{PREFIX}", data={"question": QUESTION}).status_code == 200


def test_a_prefix_may_have_the_name_of_a_route(tiny_index: Generation) -> None:
    """A path that is known as it stands is not shortened by what a header names."""
    app = create_app(FixedProvider(bootstrap.responder(tiny_index)))
    with TestClient(Proxy(app, prefix="/answers", named=True), headers=BROWSER) as client:
        assert client.get(f"{SITE}/answers/answers/bruise:1").status_code == 200
        assert client.get(f"{SITE}/answers/").status_code == 200


def test_no_header_of_a_request_changes_an_address(tiny_index: Generation) -> None:
    """Whatever a client says of prefix and host, the page comes out the same."""
    with TestClient(create_app(FixedProvider(bootstrap.responder(tiny_index))), headers=BROWSER) as client:
        told = {"X-Forwarded-Prefix": "//evil.example", "X-Forwarded-Host": "evil.example", "Host": "evil.example"}
        for path in ("/", "/docs", "/no/such/page"):
            assert client.get(path, headers=told).text == client.get(path).text


@pytest.mark.parametrize(
    "text", ["askdoc", "", "//evil.example", "/a b", "/a?b", "/a#b", "/a//b", "https://a.example/b"]
)
def test_what_is_no_prefix_is_refused(text: str) -> None:
    """With a sentence that shows how one looks."""
    with pytest.raises(UsageError, match="such as /askdoc"):
        create_app(FixedProvider(None), prefix=text)


@pytest.fixture
def odd(tmp_path: Path) -> Generation:
    """An index of answers with ids that paths cannot hold."""
    (tmp_path / "corpus").mkdir()
    records = [
        {"title": title, "answers": [{"id": name, "body": f"Answer {n}.", "author": {"name": "Jo Roe, MD"}}]}
        for n, (name, title) in enumerate(zip(IDS, TITLES, strict=True))
    ]
    text = "".join(json.dumps(record) + "\n" for record in records)
    (tmp_path / "corpus" / "odd.jsonl").write_text(text, encoding="utf-8")
    make_whole(tmp_path / "corpus", tmp_path / "index")
    return opened(tmp_path / "index")


def test_every_answer_has_an_address_behind_every_proxy(odd: Generation) -> None:
    """Its key, short and plain, for programs and as a page, whatever its id is; the id is found as before."""
    app = create_app(FixedProvider(responder(odd)))
    with TestClient(app) as direct, TestClient(Proxy(app, merges=True)) as proxied:
        for n, name in enumerate(IDS):
            reply = direct.post("/v1/ask", json={"question": TITLES[n]}).json()
            [key] = [answer["answer_key"] for answer in reply["answers"] if answer["answer_id"] == name]
            assert re.fullmatch("[0-9a-f]{32}", key)
            whole = proxied.get(f"{TOP}v1/answers/{key}").json()
            assert (whole["answer_id"], whole["answer_key"], whole["body"]) == (name, key, f"Answer {n}.")
            page = proxied.get(f"{TOP}answers/{key}", headers=BROWSER)
            assert (page.status_code, f"Answer {n}." in page.text) == (200, True)
    for name in ("/q/12-1", "a//b", "two words", "كم يدوم", "?", "tail/"):
        assert direct.get(f"/v1/answers/{quote(name, safe='')}").json()["answer_id"] == name


def test_addresses_do_not_show_what_is_read(odd: Generation) -> None:
    """Logs on the way hold no word of an id, which may name an illness."""
    with TestClient(create_app(FixedProvider(responder(odd))), headers=BROWSER) as client:
        for link in References(SITE, client.post("/", data={"question": TITLES[6]}).text).links:
            assert not re.search("two|words", link)


NGINX = """\
daemon off; worker_processes 1; pid {folder}/pid; error_log stderr;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/1; proxy_temp_path {folder}/2;
  fastcgi_temp_path {folder}/3; uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
  server {{ listen 127.0.0.1:{port}; location /askdoc/ {{ proxy_pass {origin}/; }} }}
}}
"""
APACHE = """\
ServerRoot {folder}
PidFile {folder}/pid
Listen 127.0.0.1:{port}
ServerName localhost
ErrorLog /dev/stderr
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule proxy_module {modules}/mod_proxy.so
LoadModule proxy_http_module {modules}/mod_proxy_http.so
ProxyPass /askdoc {origin}
ProxyPassReverse /askdoc {origin}
"""
MODULES = Path("/usr/lib/apache2/modules")


@contextmanager
def running(name: str, text: str, folder: Path, origin: str) -> Iterator[str]:
    """A real proxy with its own settings, and the address below which it has the server."""
    program = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if program is None:
        pytest.skip(f"{name} is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = folder / "settings"
    settings.write_text(text.format(folder=folder, port=port, origin=origin, modules=MODULES), encoding="utf-8")
    flags = {"nginx": ["-e", "stderr", "-c"], "apache2": ["-D", "FOREGROUND", "-f"]}[name]
    process = subprocess.Popen([program, *flags, str(settings)], stderr=subprocess.PIPE, text=True)
    try:
        _wait(port, process)
        yield f"http://127.0.0.1:{port}{PREFIX}/"
    finally:
        process.terminate()
        process.communicate()


def _wait(port: int, process: "subprocess.Popen[str]") -> None:
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"the proxy did not start: {process.communicate()[1]}")


def fetched(address: str, data: bytes | None = None, headers: dict[str, str] = BROWSER) -> tuple[int, str]:
    """Status and body, errors included."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data, headers)) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize(("name", "settings"), [("nginx", NGINX), ("apache2", APACHE)])
def test_the_pages_work_behind_the_real_thing(name: str, settings: str, tmp_path: Path, odd: Generation) -> None:
    """With the settings that people have: a question is asked by the form, and its answer opened."""
    app = create_app(FixedProvider(responder(odd)))
    with serving(app) as origin, running(name, settings, tmp_path, origin.replace("localhost", "127.0.0.1")) as top:
        status, page = fetched(top)
        found = References(top, page)
        assert (status, found.forms) == (200, [top])
        assert all(link.startswith(top) for link in found.links)
        assert {fetched(link)[0] for link in found.links} == {200}
        status, page = fetched(top, f"question={quote(TITLES[0])}".encode())
        [answer, *_] = [link for link in References(top, page).links if "/answers/" in link]
        status, page = fetched(answer)
        assert (status, "Answer 0." in page) == (200, True)
        assert {fetched(link)[0] for link in References(answer, page).links} == {200}
