"""The pages for people: the chat page, a whole answer, and the description of the endpoint. No script is needed.

Every address in a page is relative to the address that the browser asked for, and a form is only in the page at the
top and goes back to where that page came from: below whatever prefix, no question reaches another path.
"""

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
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
from askdoc.models import LOCAL_NUMBER, ContentLabels, Match, disclaimer, own_disclaimer
from askdoc.responder import AskRequest
from askdoc.server import edge
from askdoc.server.batching import RETRY_AFTER, BatchQueue, Later

if TYPE_CHECKING:
    from askdoc.server.service import Service

# A proxy may show the page at the top under an address without a slash at its end. The page cannot tell, the browser
# can: with the slash, what the page loads is looked for where the page came from.
SLASH = """\
if (!location.pathname.endsWith("/")) {
  const here = new URL(location);
  here.pathname += "/";
  history.replaceState(null, "", here);
}"""
POLICY = (
    f"default-src 'none'; script-src 'self' 'sha256-{b64encode(sha256(SLASH.encode()).digest()).decode()}'; "
    "connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
CONFIDENCE = {
    "strong": "These answers fit your question.",
    "partial": "These answers may fit your question in part.",
    "none": "No answer here fits your question, so none is shown.",
}
DOCTORS = "Doctors’ own words, each with its doctor. Nothing is made up."
ANYBODY = "Quoted word for word, each passage with its author. Nothing is generated."
MOST_LABELS = 3
PANEL_WORDS = {
    "title": "Answers",
    "intro": "Ask in your own words. You will see passages quoted word for word, with their authors.",
    "waiting": "Looking through the answers…",
    "unnamed": "Author not named on the page",
    "found": ["One answer found, from {doctor}.", "{n} answers found, the first from {doctor}."],
}
"""What the widget's panel says in place of the words of its own that speak of doctors."""


def folder() -> Path:
    """Where templates and style sheets lie: in the installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "web"
    return installed if installed.is_dir() else package.parent.parent / "web"


def wanted(request: Request) -> bool:
    """Whether the client is a browser that asked for a page, not a program."""
    return not request.scope["path"].startswith("/v1/") and "text/html" in request.headers.get("accept", "")


def add(app: FastAPI, desk: "Service", line: BatchQueue, *, country: str) -> None:
    """Add the pages to an application. ``country`` is whose numbers the page shows without the server."""
    app.mount("/static", StaticFiles(directory=folder() / "static"), name="static")

    @app.get("/", include_in_schema=False)
    def page(request: Request) -> HTMLResponse:
        return _page(request, "ask.html", country=country)

    @app.post("/", include_in_schema=False)
    def asked(request: Request, question: Annotated[str, Form()] = "") -> HTMLResponse:
        try:
            reply = line.join(AskRequest(question)).result()
        except QuestionError as error:
            return _page(request, "ask.html", 422, question=question, problem=str(error))
        except Later as later:  # nothing is wrong with the question, and nobody should have to type it again
            return _page(request, "ask.html", 503, RETRY_AFTER, question=question, problem=str(later))
        return _page(request, "ask.html", question=question.strip(), reply=reply, disclaimer=reply.disclaimer)

    @app.get("/answers/{answer_key:path}", include_in_schema=False)
    def answer(request: Request, answer_key: str) -> HTMLResponse:
        from askdoc.server.service import ready

        found = ready(desk).answer(answer_key)
        if found is None:
            raise HTTPException(404, "There is no answer at this address.")
        return _page(request, "answer.html", quoted=[found[0].disclaimer], question=found[0], answer=found[1])

    @app.get("/docs", include_in_schema=False)
    def docs(request: Request) -> HTMLResponse:
        return _page(request, "docs.html", api=app.openapi())


def error(request: Request, message: str, status: int, headers: Mapping[str, str]) -> Response:
    """A page that says what is wrong, with the disclaimer, and with the question box where a question can be sent."""
    name = "ask.html" if request.scope["path"] == "/" else "error.html"
    return _page(request, name, status, headers, problem=message)


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


def day(text: str) -> Markup:
    """A date in words, as the day that it names in every time zone; what is no date stands as it is."""
    named = re.match(r"\d{4}-\d\d-\d\d(?=$|[T ])", text)
    try:
        found = date.fromisoformat(named[0] if named else "")
    except ValueError:
        return Markup("{}").format(text)
    return Markup('<time datetime="{}">{:%B} {}, {}</time>').format(found.isoformat(), found, found.day, found.year)


def claim(labels: ContentLabels | None) -> list[str]:
    """What the head of a page says of the corpus, a paragraph each: that doctors wrote it only where no page denies it.

    ``labels`` is None while no index is open.
    """
    if labels is None:
        return [ANYBODY]
    if not labels.counts:
        return [DOCTORS]
    shown = labels.counts[:MOST_LABELS]
    if shown[0][1] == labels.pages:
        return [ANYBODY, shown[0][0]]
    return [ANYBODY, *(f"{count:,} of {labels.pages:,} pages: {label}" for label, count in shown)]


def panel_words(labels: ContentLabels | None) -> str | None:
    """Words for the panel that do not speak of doctors, as JSON; None where its own words are true."""
    return None if claim(labels) == [DOCTORS] else json.dumps(PANEL_WORDS, ensure_ascii=False)


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
    environment.filters["day"] = day
    environment.globals["confidence_words"] = CONFIDENCE
    # The corpus's words are in a language that nobody has told: neither it nor its direction is claimed.
    environment.globals["theirs"] = Markup('lang="" dir="auto"')
    environment.globals["slash"] = Markup(SLASH)
    return Jinja2Templates(env=environment)


_TEMPLATES = _templates()


def _page(
    request: Request,
    name: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    quoted: Sequence[str | None] = (),
    **values: Any,
) -> HTMLResponse:
    """A page; ``quoted`` are the disclaimers of the corpus's pages that it quotes."""
    emergency = request.app.state.emergency
    responder = request.app.state.desk.responder()
    labels = responder.labels if responder else None
    shown = {
        "disclaimer": disclaimer(quoted, emergency=emergency),
        "own_disclaimer": own_disclaimer(emergency),
        "emergency_number": emergency or LOCAL_NUMBER,
        "question": "",
        "reply": None,
        "problem": None,
        "country": None,
        "top": edge.up(request),
        "claim": claim(labels),
        "panel_words": panel_words(labels),
        **values,
    }
    return _TEMPLATES.TemplateResponse(request, name, shown, status, headers)
