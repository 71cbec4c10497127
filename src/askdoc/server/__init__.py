"""The HTTP endpoint and the chat page, over a responder that is passed in."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any, Protocol

from fastapi import FastAPI, Path, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from askdoc import __version__
from askdoc.countries import Country
from askdoc.errors import QuestionError
from askdoc.followup import MOST_CONTEXT
from askdoc.models import answer_document, own_disclaimer
from askdoc.responder import DEFAULT_ANSWERS, MOST_ANSWERS, Asked, Responder
from askdoc.server import edge, pages, widget
from askdoc.server.limits import BodyLimit
from askdoc.server.line import RETRY_AFTER, Later, Line, NotReady
from askdoc.settings import DEFAULT_COUNTRY

log = logging.getLogger("askdoc")
NOTHING = "There is nothing at this address."
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


def create_app(
    desk: Desk, *, sites: Sequence[str] = (), country: str = DEFAULT_COUNTRY, prefix: str = "/"
) -> FastAPI:
    """Make the application. It keeps nothing of a question and logs nothing of it. Pages of ``sites`` may ask, too.

    ``prefix`` is the path below which a proxy that keeps it serves the application. Raises UsageError for sites and
    prefixes that are none.
    """
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
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},  # it sees questions
        servers=[{"url": ".", "description": "The address of this document, without its name."}],
        root_path_in_servers=False,
        redirect_slashes=False,  # it redirects to what it takes for its own address; edge.py knows no more than a step
    )
    app.state.desk = desk
    app.state.emergency = home.emergency
    app.add_middleware(BodyLimit)
    app.add_middleware(edge.Edge, prefix=edge.prefix(prefix), always=ALWAYS, refused=_refused)
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

    @app.get("/v1/answers/{answer_key:path}", tags=["questions"])
    def answer(
        answer_key: Annotated[str, Path(description="The answer's `answer_key`; its `answer_id` is taken, too.")],
    ) -> JSONResponse:
        """One doctor's whole answer."""
        found = ready(desk).answer(answer_key)
        if found is None:
            raise HTTPException(404, "There is no answer with this key. Take keys from the replies of /v1/ask.")
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
        return JSONResponse(document) if state.ready else JSONResponse(document, 503, RETRY_AFTER)


def _errors(app: FastAPI) -> None:
    """Every error is one JSON document, or one page for a browser: a sentence, and the disclaimer as always."""

    for kind in (QuestionError, RequestValidationError, HTTPException, Later):
        app.add_exception_handler(kind, _refused)


async def _refused(request: Request, error: Exception) -> Response:
    status, message = _sentence(error)
    headers = RETRY_AFTER if status == 503 else {}
    if status == 404 and (place := edge.moved(request)):
        return RedirectResponse(place, 307)
    if status == 405:
        headers = {"Allow": edge.allowed(request)}
        message = f"This address takes {headers['Allow']} only. /docs shows what can be sent."
    if pages.wanted(request):
        return pages.error(request, message, status, headers)
    document = {"error": message, "disclaimer": own_disclaimer(request.app.state.emergency)}
    return JSONResponse(document, status, headers)


def _sentence(error: Exception) -> tuple[int, str]:
    if isinstance(error, QuestionError):
        return 422, str(error)
    if isinstance(error, RequestValidationError):
        return 422, _invalid(error.errors())
    if isinstance(error, HTTPException):
        return error.status_code, NOTHING if error.detail == "Not Found" else str(error.detail)
    if isinstance(error, Later):
        return 503, str(error)
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
