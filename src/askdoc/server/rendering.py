"""Renders the templates of the pages, and holds the content security policy that they work under."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from askdoc.models import LOCAL_NUMBER, Match, own_disclaimer
from askdoc.server.assets import web_folder
from askdoc.server.authorship_claims import claim, panel_texts
from askdoc.server.proxy_prefix import path_to_top
from askdoc.server.service import Service

# A proxy may show the page at the top under an address without a slash at its end. The page cannot tell, the browser
# can: with the slash, what the page loads is looked for where the page came from.
SLASH_SCRIPT = """\
if (!location.pathname.endsWith("/")) {
  const here = new URL(location);
  here.pathname += "/";
  history.replaceState(null, "", here);
}"""
CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; script-src 'self' 'sha256-{b64encode(sha256(SLASH_SCRIPT.encode()).digest()).decode()}'; "
    "connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""Lets the pages load from this server alone, with one script of their own that is named by its hash."""


class PageRenderer:
    """Renders templates with what every page shows: the claim, the emergency number, the disclaimer."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def render(
        self,
        request: Request,
        template: str,
        context: Mapping[str, Any],
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """Render a template with ``context``, which may replace what every page shows."""
        shown = {**self._defaults(request), **context}
        return _templates().TemplateResponse(request, template, shown, status, headers)

    def error(self, request: Request, message: str, *, status: int, headers: Mapping[str, str]) -> HTMLResponse:
        """Render a page that says what is wrong: at the top with the box to ask again, elsewhere with a link there."""
        template = "ask.html" if request.scope["path"] == "/" else "error.html"
        return self.render(request, template, {"problem": message}, status=status, headers=headers)

    def _defaults(self, request: Request) -> dict[str, Any]:
        """Values for all names that templates use: jinja2 raises an error for one that is left out."""
        emergency = self._service.country.emergency
        labels = self._service.labels()
        return {
            "disclaimer": own_disclaimer(emergency),
            "own_disclaimer": own_disclaimer(emergency),
            "emergency_number": emergency or LOCAL_NUMBER,
            "question": "",
            "reply": None,
            "problem": None,
            "country": None,
            "top": path_to_top(request),
            "claim": claim(labels),
            "panel_words": panel_texts(labels),
        }


def wants_page(request: Request) -> bool:
    """Whether the client is a browser that asked for a page, not a program."""
    return not request.scope["path"].startswith("/v1/") and "text/html" in request.headers.get("accept", "")


def mark_highlights(match: Match) -> Markup:
    """The passage with its highlights in ``<mark>``; every character of it is kept."""
    text, at, parts = match.passage.text, 0, []
    for start, end in match.highlights:
        parts += [escape(text[at:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
        at = end
    return Markup("").join([*parts, escape(text[at:])])


def group_by_question(matches: Sequence[Match]) -> list[dict[str, Any]]:
    """The matches grouped by their questions, best question first: the doctors of one page stand side by side."""
    groups: dict[str, dict[str, Any]] = {}
    for match in matches:
        question = match.passage.question
        groups.setdefault(question.id, {"question": question, "matches": []})["matches"].append(match)
    return list(groups.values())


def format_date(text: str) -> Markup:
    """A date in words, as the day that it names in every time zone; what is no date stands as it is."""
    iso_date = re.match(r"\d{4}-\d\d-\d\d(?=$|[T ])", text)
    try:
        day = date.fromisoformat(iso_date[0] if iso_date else "")
    except ValueError:
        return Markup("{}").format(text)
    return Markup('<time datetime="{}">{:%B} {}, {}</time>').format(day.isoformat(), day, day.day, day.year)


@cache
def _templates() -> Jinja2Templates:
    environment = Environment(
        loader=FileSystemLoader(web_folder() / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["marked"] = mark_highlights
    environment.filters["by_page"] = group_by_question
    environment.filters["day"] = format_date
    # The corpus's words are in a language that nobody has told: neither it nor its direction is claimed.
    environment.globals["theirs"] = Markup('lang="" dir="auto"')
    environment.globals["slash"] = Markup(SLASH_SCRIPT)
    return Jinja2Templates(env=environment)
