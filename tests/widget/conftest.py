"""One browser for all tests of the widget, and a fresh profile for each."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response

from .double import RequestLog, create_double, serving

HERE = Path(__file__).parent
ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HEAD = '<meta charset=utf-8><meta name=viewport content="width=device-width,initial-scale=1"><title>Clinic</title>'
TEXT = "<main><h1>Clinic</h1><p>Open from Monday to Friday.</p><p><a href=/next>Next page</a></p></main>"


def missing(what: str) -> NoReturn:
    """Skip; or fail where these tests are demanded: a check that never ran must not look like one that passed."""
    if os.environ.get("ASKDOC_REQUIRE_BROWSER") == "1":
        pytest.fail(what)
    pytest.skip(what)


@dataclass
class Host:
    """A site that embeds the widget: its pages by path, and where widget and API are."""

    origin: str
    api: str
    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    @property
    def script(self) -> str:
        return f'<script type="module" src="{self.api}/widget/v1/askdoc.js"></script>'

    def put(self, body: str, *, path: str = "/", head: str = "", policy: str = "", lang: str = "en") -> str:
        """Set the page at ``path`` and return its address."""
        headers = {"Content-Security-Policy": policy} if policy else {}
        self.pages[path] = (
            f"<!doctype html><html lang={lang}><head>{HEAD}{head}</head><body>{body}</body></html>",
            headers,
        )
        return self.origin + path

    def floating(self, attributes: str = "", **page: Any) -> str:
        """A page with a launcher."""
        return self.put(f"{TEXT}<askdoc-chat data-launcher {attributes}></askdoc-chat>{self.script}", **page)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's chromium; Playwright's own browsers are never downloaded."""
    chromium = shutil.which("chromium")
    if chromium is None:
        missing("chromium is not installed; run: apt-get install chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed; run: pip install -e '.[test]'")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, in the version that package-lock.json pins; fetched once, never committed."""
    source = HERE / "node_modules" / "axe-core" / "axe.min.js"
    if not source.exists():
        npm = shutil.which("npm")
        if npm is None:
            missing("axe-core is not installed, and there is no npm to install it with")
        done = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=HERE, capture_output=True, timeout=180
        )
        if done.returncode:
            missing(f"axe-core could not be installed: {done.stderr.decode(errors='replace')[-300:]}")
    return source.read_text("utf-8")


@pytest.fixture(scope="session")
def _double() -> Iterator[tuple[RequestLog, str]]:
    seen = RequestLog()
    with serving(create_double(seen)) as origin:
        yield seen, origin


@pytest.fixture(scope="session")
def _site(_double: tuple[RequestLog, str]) -> Iterator[Host]:
    app = FastAPI()
    host = Host("", _double[1])

    @app.get("/{path:path}")
    def page(path: str) -> Response:
        html, headers = host.pages.get(f"/{path}", ("", {}))
        return HTMLResponse(html, headers={**headers, "Set-Cookie": "host=1"})

    with serving(app) as origin:
        host.origin = origin
        yield host


@pytest.fixture
def seen(_double: tuple[RequestLog, str]) -> Iterator[RequestLog]:
    """What the double hears during one test."""
    seen = _double[0]
    seen.reset()
    yield seen
    seen.reset()


@pytest.fixture
def host(_site: Host, seen: RequestLog) -> Host:
    """A site on another origin than the API."""
    _site.pages.clear()
    return _site


@pytest.fixture
def new_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Makes pages, each with a fresh profile; keyword arguments are Playwright's for a context."""
    contexts = []

    def make(**options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1100, "height": 800}, **options})
        context.set_default_timeout(60_000)  # a busy machine is no fault of the widget
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Any]) -> Any:
    """One page with a fresh profile."""
    return new_page()
