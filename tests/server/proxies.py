"""Proxies in front of the server, each with a habit of those that are in use, and another site beside it."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote, unquote, urljoin

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

PREFIX = "/askdoc"


@dataclass
class Proxy:
    """Hands requests below a prefix on to the server; what else is asked for goes to the site at the top, and is kept.

    ``keeps`` leaves the prefix on; ``named`` tells it in a header; ``extra`` puts a slash too many in front;
    ``merges`` makes one slash of several, decodes, and refuses encoded slashes.
    """

    app: ASGIApp
    prefix: str = PREFIX
    keeps: bool = False
    named: bool = False
    extra: bool = False
    merges: bool = False
    elsewhere: list[str] = field(default_factory=list)
    """Method and path of what the other site was asked."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        raw = scope["raw_path"].decode().partition("?")[0]
        below = raw == self.prefix or raw.startswith(f"{self.prefix}/")
        if not below:
            self.elsewhere.append(f"{scope['method']} {raw}")
        if not below or (self.merges and "%2f" in raw.lower()):
            await PlainTextResponse("The other site", 404)(scope, receive, send)
            return
        await self.app(self._passed_on(scope, raw), receive, send)

    def _passed_on(self, scope: Scope, raw: str) -> Scope:
        path = unquote(raw)
        if self.merges:
            path = re.sub("/+", "/", path)
        if not self.keeps:
            path = path.removeprefix(self.prefix) or "/"
        if self.extra:
            path = "/" + path
        headers = [*scope["headers"], *([(b"x-forwarded-prefix", self.prefix.encode())] if self.named else [])]
        return {**scope, "path": path, "raw_path": quote(path).encode(), "headers": headers}


class References(HTMLParser):
    """Collects what a page refers to: every address it loads, links to or sends a form to, made absolute."""

    def __init__(self, address: str, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[str] = []
        self._address = address
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if tag == "form":
            self.forms.append(urljoin(self._address, found.get("action") or ""))
        for name in ("href", "src"):
            address = found.get(name)
            if address and not address.startswith("#"):
                self.links.append(urljoin(self._address, address))
