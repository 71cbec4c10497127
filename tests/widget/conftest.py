"""One browser for all tests of the widget, a fresh profile for each."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from .double import Seen, create_double, integrity, serving, WIDGET

HERE = Path(__file__).parent
ARGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
TEXT = "<h1>Lindenhof Clinic</h1><p>Opening hours, Monday to Friday.</p><p><a href='/next'>Next page</a></p>"


def missing(what: str) -> NoReturn:
    """Skip, or fail where the browser tests are demanded: a check that silently never ran is worth nothing."""
    if os.environ.get("ASKDOC_REQUIRE_BROWSER") == "1":
        pytest.fail(what)
    pytest.skip(what)


@dataclass
class Hosts:
    """The pages that embed the widget, by path: HTML and headers."""

    origin: str = ""
    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    def put(self, path: str, body: str, *, head: str = "", attributes: str = "lang=en", **headers: str) -> str:
        """Set the page at ``path`` and return its address."""
        html = (
            f"<!doctype html><html {attributes}><head><meta charset=utf-8><title>Lindenhof Clinic</title>"
            f'<meta name=viewport content="width=device-width,initial-scale=1">{head}</head><body>{body}</body></html>'
        )
        self.pages[path] = (html, {name.replace("_", "-"): value for name, value in headers.items()})
        return self.origin + path
