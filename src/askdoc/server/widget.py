"""The widget's endpoints: its scripts for every site, the notices that it shows first, and suggestions while typing."""

from typing import Annotated

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field
from starlette.exceptions import HTTPException

from askdoc.countries import Country
from askdoc.models import notice_document, own_disclaimer, related_document
from askdoc.responder import LONGEST_QUESTION
from askdoc.safety import Notices
from askdoc.server.assets import WIDGET_PATH, WidgetScript, widget_scripts
from askdoc.server.request_body import RequestBody
from askdoc.server.service import Service

IMMUTABLE = "public, max-age=31536000, immutable"
"""How long a script may be cached under an address that holds its hash."""
ANY_SITE = {"Access-Control-Allow-Origin": "*"}


# The names and docstrings of this class and of the endpoints below stand in the OpenAPI document.
class Suggest(RequestBody):
    """What is being typed. Like a question it stands in the body, and nothing of it is kept."""

    text: Annotated[str, Field(max_length=LONGEST_QUESTION, description="What was typed; empty for some of all.")]
    limit: Annotated[int, Field(ge=1, le=10, strict=True, description="How many questions at most.")] = 5


def add_routes(app: FastAPI, service: Service) -> None:
    """Add the widget's scripts, notices and suggestions to an application."""
    scripts = widget_scripts()
    notices_shown_first = first_notices(service.country)

    @app.get(WIDGET_PATH + "/{name}", include_in_schema=False)
    def script(request: Request, name: str) -> Response:
        if name not in scripts:
            raise HTTPException(404, "The widget has no such file.")
        return _script_response(request, scripts[name])

    @app.get("/v1/notices", tags=["questions"])
    def notices() -> JSONResponse:
        """The country that the server speaks for, its emergency number, and the notices for a plain alarm."""
        return JSONResponse(notices_shown_first, headers=ANY_SITE)  # whom to call is no secret of a site

    @app.post("/v1/suggest", tags=["questions"])
    def suggest(body: Suggest) -> JSONResponse:
        """Stored questions like what is being typed; with an empty text, some to begin with."""
        suggestions = service.responder().suggestions.complete(body.text, most=body.limit)
        return JSONResponse({"suggestions": [related_document(question) for question in suggestions]})


def first_notices(country: Country) -> dict[str, object]:
    """What a client can show before the server has answered: notices and disclaimer in the server's own words."""
    notices_by_language = Notices.shipped(country).first()
    return {
        "country": country.code,
        "emergency": country.emergency,
        "disclaimer": own_disclaimer(country.emergency),
        "notices": {
            language: {level: notice_document(notice) for level, notice in notices.items()}
            for language, notices in notices_by_language.items()
        },
    }


def _script_response(request: Request, script: WidgetScript) -> Response:
    headers = {
        **ANY_SITE,
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Vary": "Accept-Encoding",
        "ETag": script.etag,
        # The loader's address never changes, so it is asked for anew each time; the others are named by content.
        "Cache-Control": IMMUTABLE if request.url.query.startswith(script.version) else "no-cache",
    }
    if script.etag in request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(script.gzipped, 200, {**headers, "Content-Encoding": "gzip"}, "text/javascript")
    return Response(script.content, 200, headers, "text/javascript")
