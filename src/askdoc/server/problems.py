"""Turns every error into one sentence: as JSON for programs, as a page for browsers."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from askdoc.errors import QuestionError
from askdoc.models import own_disclaimer
from askdoc.server import edge, pages
from askdoc.server.batching import RETRY_AFTER, Later

log = logging.getLogger("askdoc")
NOTHING = "There is nothing at this address."


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
