"""The pages for people: the chat page, a whole answer, and the description of the endpoint. No script is needed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.exceptions import HTTPException

from askdoc.errors import QuestionError
from askdoc.models import LOCAL_NUMBER, Match, disclaimer
from askdoc.responder import Asked
from askdoc.server.line import Line

if TYPE_CHECKING:
    from askdoc.server import Desk

POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
CONFIDENCE = {
    "strong": "These answers fit your question.",
    "partial": "These answers may fit your question in part.",
    "none": "No answer here fits your question, so none is shown.",
}


def folder() -> Path:
    """Where templates and style sheets lie: in the installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "web"
    return installed if installed.is_dir() else package.parent.parent / "web"


def wanted(request: Request) -> bool:
    """Whether the client is a browser that asked for a page, not a program."""
    return not request.url.path.startswith("/v1/") and "text/html" in request.headers.get("accept", "")


def add(app: FastAPI, desk: "Desk", line: Line, *, country: str) -> None:
    """Add the pages to an application. ``country`` is whose numbers the page shows without the server."""
    app.mount("/static", StaticFiles(directory=folder() / "static"), name="static")

    @app.get("/", include_in_schema=False)
    def page(request: Request) -> HTMLResponse:
        return _page(request, "ask.html", country=country)

    @app.post("/", include_in_schema=False)
    def asked(request: Request, question: Annotated[str, Form()] = "") -> HTMLResponse:
        try:
            reply = line.join(Asked(question)).result()
        except QuestionError as error:
            return _page(request, "ask.html", 422, question=question, problem=str(error))
        return _page(request, "ask.html", question=question.strip(), reply=reply, disclaimer=reply.disclaimer)

    @app.get("/answers/{answer_id:path}", include_in_schema=False)
    def answer(request: Request, answer_id: str) -> HTMLResponse:
        from askdoc.server import ready

        found = ready(desk).answer(answer_id)
        if found is None:
            raise HTTPException(404, "There is no answer at this address.")
        return _page(request, "answer.html", quoted=[found[0].disclaimer], question=found[0], answer=found[1])

    @app.get("/docs", include_in_schema=False)
    def docs(request: Request) -> HTMLResponse:
        return _page(request, "docs.html", api=app.openapi())


def error(request: Request, message: str, status: int, headers: dict[str, str]) -> Response:
    """A page that says what is wrong, with the question box and the disclaimer."""
    page = _page(request, "ask.html", status, problem=message)
    page.headers.update(headers)
    return page


def marked(match: Match) -> Markup:
    """The passage with its highlights in ``<mark>``; every character of it is kept."""
    text, at, parts = match.passage.text, 0, []
    for start, end in match.highlights:
        parts += [escape(text[at:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
        at = end
    return Markup("").join([*parts, escape(text[at:])])


def by_page(matches: Sequence[Match]) -> list[dict[str, Any]]:
    """The matches under their questions, best question first: the doctors of one page stand side by side."""
    found: dict[str, dict[str, Any]] = {}
    for match in matches:
        question = match.passage.question
        found.setdefault(question.id, {"question": question, "matches": []})["matches"].append(match)
    return list(found.values())


def _templates() -> Jinja2Templates:
    environment = Environment(
        loader=FileSystemLoader(folder() / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["marked"] = marked
    environment.filters["by_page"] = by_page
    environment.globals["confidence_words"] = CONFIDENCE
    return Jinja2Templates(env=environment)


_TEMPLATES = _templates()


def _page(
    request: Request, name: str, status: int = 200, *, quoted: Sequence[str | None] = (), **values: Any
) -> HTMLResponse:
    """A page; ``quoted`` are the disclaimers of the corpus's pages that it quotes."""
    emergency = request.app.state.emergency
    always = {
        "disclaimer": disclaimer(quoted, emergency=emergency),
        "emergency_number": emergency or LOCAL_NUMBER,
    }
    shown = {"question": "", "reply": None, "problem": None, "country": None, **always, **values}
    return _TEMPLATES.TemplateResponse(request, name, shown, status)
