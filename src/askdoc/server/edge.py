"""The outermost ASGI layer: finds the route that a request means, and gives every response its headers.

Proxies pass a path on in different ways: they take their prefix off, leave it on, or put a slash too many in front.
Routes are looked up without the prefix, and no page and no redirect names one: addresses in replies are relative to
the address that the browser asked for, so they hold below any prefix, also one that the server was never told.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from askdoc.errors import UsageError

ASKED = "askdoc.path"
"""Where the scope keeps the path as it came, for redirects."""
READING = {"GET", "HEAD"}


def prefix(text: str) -> str:
    """The path in a setting, without its last slash. Raises UsageError for what is no path."""
    if text != "/" and not re.fullmatch(r"(/[\w.~!$&'()*+,;=:@-]+)+/?", text, re.ASCII):
        raise UsageError(f"'{text}' is no prefix. Give the path that the proxy keeps, such as /askdoc, or / for none.")
    return text.rstrip("/")


class Edge:
    """Answers HEAD as GET without the body, sets headers, and turns what nothing else caught into a response.

    Starlette's own way of writing such a layer as a function costs a task and two streams for each request.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        prefix: str,
        always: Mapping[str, str],
        refused: Callable[[Request, Exception], Awaitable[Response]],
    ) -> None:
        self._app = app
        self._prefix = prefix
        self._always = always
        self._refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False
        bodiless = scope["method"] == "HEAD"
        scope = self._routed(scope)

        async def sent(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._complete(MutableHeaders(raw=message["headers"]))
            elif bodiless and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:  # further out, other sites could not read the reply, and the log would have it all
            response = await self._refused(Request(scope), error)
            if not begun:
                await response(scope, receive, sent)

    def _routed(self, scope: Scope) -> Scope:
        """The scope with the path that routes are looked up by, and GET in place of HEAD."""
        path: str = scope["path"]
        for kept in (scope.get("root_path", ""), self._prefix, _forwarded(scope)):
            if kept and (path == kept or path.startswith(kept + "/")):
                path = path.removeprefix(kept)
                break
        if path or scope["method"] not in READING:  # an empty one is redirected, unless it brings a question
            path = "/" + path.lstrip("/")
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        return {**scope, "method": method, "path": path, "root_path": "", ASKED: scope["path"]}

    def _complete(self, headers: MutableHeaders) -> None:
        headers.setdefault("Cache-Control", "no-store")
        for name, value in self._always.items():
            headers[name] = value


def _forwarded(scope: Scope) -> str:
    """The prefix that proxies name in a header, where they left it on; each of a chain may have added its own.

    Most that name it took it off: a path that is known as it stands is left as it is.
    """
    named = Headers(scope=scope).get("x-forwarded-prefix")
    if named is None or any(_methods(route, scope) for route in scope["app"].routes):
        return ""
    return "".join(part.strip().rstrip("/") for part in named.split(","))


def up(request: Request) -> str:
    """What leads to the top from the address that was asked for, in front of a relative address."""
    return "../" * (_path(request).count("/") - 1)


def allowed(request: Request) -> str:
    """The methods that the routes of a path take, as ``Allow`` lists them."""
    scope = {**request.scope, "root_path": ""}  # a mount that was entered has left its own path there
    methods = {method for route in request.app.routes for method in _methods(route, scope)}
    return ", ".join(sorted(methods | (READING if "GET" in methods else set())))


def moved(request: Request) -> str | None:
    """The relative address to go to where only the slash at the end is wrong, or None."""
    path = _path(request)
    last = quote(request.scope[ASKED].rstrip("/").rpartition("/")[2])
    if not path:
        place = f"{last}/"
    elif path.endswith("/") and _known(request, path.rstrip("/")):
        place = f"../{last}"
    else:
        return None
    query = request.scope["query_string"].decode("latin-1")
    return f"{place}?{query}" if query else place


def _path(request: Request) -> str:
    return str(request.scope["path"])


def _known(request: Request, path: str) -> bool:
    return any(route.path == path for route in request.app.routes if not isinstance(route, Mount))


def _methods(route: BaseRoute, scope: Scope) -> set[str]:
    """The methods that a route takes for a path; none where the path is not its own."""
    if route.matches(scope)[0] is Match.NONE:
        return set()
    return set(getattr(route, "methods", None) or READING)
