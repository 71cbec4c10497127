"""The ASGI middleware around the routes, from the innermost to the outermost.

Each is a plain ASGI layer: Starlette's way of writing one as a function costs a task and two streams for each request.
"""

from collections.abc import Awaitable, Callable

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from askdoc.server.origins import EVERY, AllowedOrigins
from askdoc.server.proxy_prefix import without_prefix
from askdoc.server.rendering import CONTENT_SECURITY_POLICY

MAX_BODY_BYTES = 256 * 1024
"""The longest question with its context takes half of it, each letter written as an escape."""
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
}
"""The headers that every response carries."""
PREFLIGHT_MAX_AGE_S = 86_400
"""How long a browser may remember what a site is allowed to send."""


class BodyLimitMiddleware:
    """Refuses a request with 413 once its body grows above the limit, before it fills the memory."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        unread: list[Message] = [{"type": "http.request", "body": await _body(receive), "more_body": False}]

        async def receive_again() -> Message:
            return unread.pop() if unread else await receive()

        await self._app(scope, receive_again, send)


async def _body(receive: Receive) -> bytes:
    """The whole body of a request. Raises HTTPException where it is too large."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise HTTPException(413, f"The body is larger than {MAX_BODY_BYTES // 1024} KB. Shorten the question.")
        if message["type"] != "http.request" or not message.get("more_body"):
            return bytes(body)


class ErrorMiddleware:
    """Turns an exception that no exception handler of the application caught into a response.

    Further out, other sites could not read the response, and the server would log the exception with its message.
    """

    def __init__(self, app: ASGIApp, *, respond: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        self._app = app
        self._respond = respond

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_noting_start(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_noting_start)
        except Exception as error:
            response = await self._respond(Request(scope), error)
            if not started:
                await response(scope, receive, send)


class PrefixMiddleware:
    """Takes the path prefix off that a proxy has left on, so that routes are found."""

    def __init__(self, app: ASGIApp, *, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(without_prefix(scope, self._prefix) if scope["type"] == "http" else scope, receive, send)


class HeadMiddleware:
    """Answers HEAD as GET without the body. Not every server that runs an application leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, send_without_body)


class HeadersMiddleware:
    """Sets the security headers of every response, and forbids to store it where it says nothing of caching."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                headers.setdefault("Cache-Control", "no-store")
                headers.update(SECURITY_HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class OriginMiddleware(CORSMiddleware):
    """Starlette's CORS middleware, with origins that may be named by the domain that they are below.

    Pages of these origins may ask; cookies are not among what they may send.
    """

    def __init__(self, app: ASGIApp, origins: AllowedOrigins) -> None:
        super().__init__(
            app,
            allow_origins=[EVERY] if origins.every else [],
            allow_methods=["GET", "POST"],
            allow_headers=["Content-Type"],
            expose_headers=["Retry-After"],
            max_age=PREFLIGHT_MAX_AGE_S,
        )
        self._origins = origins

    def is_allowed_origin(self, origin: str) -> bool:
        return self._origins.allows(origin)
