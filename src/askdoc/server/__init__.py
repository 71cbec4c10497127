"""The HTTP endpoint and the chat page, over a responder that is passed in."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any, Protocol

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from askdoc import __version__
from askdoc.countries import Country
from askdoc.errors import QuestionError
from askdoc.followup import MOST_CONTEXT
from askdoc.models import answer_document, own_disclaimer
from askdoc.responder import DEFAULT_ANSWERS, MOST_ANSWERS, Asked, Responder
from askdoc.server import pages, widget
from askdoc.server.limits import BodyLimit
from askdoc.server.line import Busy, Line, NotReady
from askdoc.settings import DEFAULT_COUNTRY

log = logging.getLogger("askdoc")
RETRY_AFTER_S = 2
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": pages.POLICY,
}


class State(Protocol):
    """How the server stands."""

    @property
    def ready(self) -> bool: ...
    @property
    def index_id(self) -> str | None: ...
    @property
    def problem(self) -> str | None: ...


class Desk(Protocol):
    """Where questions go: a responder, once its index is loaded."""

    def responder(self) -> Responder | None: ...
    def state(self) -> State: ...


class Ask(BaseModel):
    """A question. It stands in the body, never in an address: addresses are logged on their way."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, Field(description="What the patient asks; at most 1,000 characters.")]
    max_answers: Annotated[int, Field(ge=1, le=MOST_ANSWERS, strict=True, description="How many answers at most.")] = (
        DEFAULT_ANSWERS
    )
    context: Annotated[
        list[str],
        Field(
            description=f"The questions asked before in this conversation, oldest first: at most {MOST_CONTEXT}, of up "
            "to 1,000 characters each. The server keeps nothing: the client sends them again."
        ),
    ] = []  # pydantic copies it for each question


def create_app(desk: Desk, *, sites: Sequence[str] = (), country: str = DEFAULT_COUNTRY) -> FastAPI:
    """The application. It keeps nothing of a question and logs nothing of it. Pages of ``sites`` may ask, too."""
    line = Line(desk.responder)
    home = Country.find(country)

    @asynccontextmanager
    async def opened(_: FastAPI) -> AsyncIterator[None]:
        yield
        line.close()

    app = FastAPI(
        lifespan=opened,
        title="askdoc",
        version=__version__,
        description="Doctors' passages that fit a question: word for word, each with its doctor, with a disclaimer.",
        docs_url=None,  # its page loads scripts from a third party; pages.py has one of our own
        redoc_url=None,
    )
    app.state.emergency = home.emergency
    app.add_middleware(BodyLimit, emergency=home.emergency)
    app.add_middleware(_Headers)
    _errors(app)
    _endpoints(app, desk, line)
    widget.add(app, desk, pages.folder(), country=home)
    pages.add(app, desk, line, country=home.code)
    widget.open_to(app, sites)
    return app


def ready(desk: Desk) -> Responder:
    """The responder, or NotReady."""
    responder = desk.responder()
    if responder is None:
        raise NotReady
    return responder


def _endpoints(app: FastAPI, desk: Desk, line: Line) -> None:
    @app.post("/v1/ask", tags=["questions"])
    async def ask(body: Ask) -> JSONResponse:
        """Ask a question; the reply quotes the passages that fit it."""
        asked = Asked(body.question, body.max_answers, tuple(body.context))
        reply = await asyncio.wrap_future(line.join(asked))
        return JSONResponse(reply.document())

    @app.get("/v1/answers/{answer_id:path}", tags=["questions"])
    def answer(answer_id: str) -> JSONResponse:
        """One doctor's whole answer."""
        found = ready(desk).answer(answer_id)
        if found is None:
            raise HTTPException(404, "There is no answer with this id. Take ids from the replies of /v1/ask.")
        return JSONResponse(answer_document(*found, emergency=app.state.emergency))

    @app.get("/livez", tags=["operation"])
    def livez() -> JSONResponse:
        """Whether the process answers at all."""
        return JSONResponse({"live": True})

    @app.get("/readyz", tags=["operation"])
    def readyz() -> JSONResponse:
        """Whether questions can be asked: 503 until model and index are loaded."""
        state = desk.state()
        document = {"ready": state.ready, "index_id": state.index_id, "problem": state.problem}
        return JSONResponse(document, 200 if state.ready else 503, _wait(not state.ready))


def _errors(app: FastAPI) -> None:
    """Every error is one JSON document, or one page for a browser: a sentence, and the disclaimer as always."""

    for kind in (QuestionError, RequestValidationError, HTTPException, NotReady, Busy):
        app.add_exception_handler(kind, _refused)


async def _refused(request: Request, error: Exception) -> Response:
    status, message = _sentence(error)
    if pages.wanted(request):
        return pages.error(request, message, status, _wait(status == 503))
    document = {"error": message, "disclaimer": own_disclaimer(request.app.state.emergency)}
    return JSONResponse(document, status, _wait(status == 503))


def _sentence(error: Exception) -> tuple[int, str]:
    if isinstance(error, QuestionError):
        return 422, str(error)
    if isinstance(error, RequestValidationError):
        return 422, _invalid(error.errors())
    if isinstance(error, HTTPException):
        return error.status_code, str(error.detail)
    if isinstance(error, NotReady):
        return 503, "The answers are still being loaded. Try again in a moment."
    if isinstance(error, Busy):
        return 503, "Many questions are waiting just now. Try again in a moment."
    # The error's own words may quote the question, so only its kind and place are logged.
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "unknown place"
    log.error("A request failed: %s at %s", type(error).__name__, where)
    return 500, "Something went wrong here. Nothing of your question was kept. Try again."


def _invalid(errors: Any) -> str:
    """What is wrong with a request's body, without a word of what it said."""
    first = errors[0]
    name = ".".join(str(part) for part in first["loc"] if part != "body")
    reasons = {
        "missing": "is missing",
        "extra_forbidden": "is not known here",
        "json_invalid": "",
    }
    if first["type"] == "json_invalid":
        return 'The body is not JSON. Send {"question": "…"} as application/json.'
    reason = reasons.get(first["type"], f"is wrong: {first['msg']}")
    if not name:
        return 'The body must be a JSON object. Send {"question": "…"} as application/json.'
    return f"'{name}' {reason}. /docs shows what can be sent."


class _Headers:
    """An ASGI layer that puts the headers that every response has, and answers what nothing else caught.

    Starlette's own way of writing such a layer as a function costs a task and two streams for each request.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(raw=message["headers"])
                headers.setdefault("Cache-Control", "no-store")
                for name, value in ALWAYS.items():
                    headers[name] = value
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:  # further out, other sites could not read the reply, and the log would have it all
            response = await _refused(Request(scope), error)
            if not begun:
                await response(scope, receive, sent)


def _wait(needed: bool) -> dict[str, str]:
    return {"Retry-After": str(RETRY_AFTER_S)} if needed else {}
