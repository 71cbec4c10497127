"""Turns every error into one sentence with the disclaimer: JSON for a program, a page for a browser."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from askdoc.errors import QuestionError
from askdoc.models import own_disclaimer
from askdoc.server.batching import RETRY_AFTER, Unavailable
from askdoc.server.proxy_prefix import allowed_methods, slash_redirect
from askdoc.server.rendering import PageRenderer, wants_page
from askdoc.server.service import Service

log = logging.getLogger("askdoc")
NOT_FOUND = "There is nothing at this address."


class ErrorResponder:
    """Makes the response to an error that an endpoint or a middleware raised."""

    def __init__(self, service: Service, renderer: PageRenderer) -> None:
        self._service = service
        self._renderer = renderer

    def register(self, app: FastAPI) -> None:
        """Respond to the errors of an application's endpoints; the middleware passes on all others."""
        for kind in (QuestionError, RequestValidationError, HTTPException, Unavailable):
            app.add_exception_handler(kind, self.respond)

    async def respond(self, request: Request, error: Exception) -> Response:
        """Respond with a sentence and the disclaimer, or with a redirect where only a slash at the end is wrong."""
        status, message = _status_and_sentence(error)
        headers = RETRY_AFTER if status == 503 else {}
        if status == 404 and (address := slash_redirect(request)):
            return RedirectResponse(address, 307)
        if status == 405:
            headers = {"Allow": allowed_methods(request)}
            message = f"This address takes {headers['Allow']} only. /docs shows what can be sent."
        if wants_page(request):
            return self._renderer.error(request, message, status=status, headers=headers)
        document = {"error": message, "disclaimer": own_disclaimer(self._service.country.emergency)}
        return JSONResponse(document, status, headers)


def _status_and_sentence(error: Exception) -> tuple[int, str]:
    """The HTTP status of an error, and the sentence that the client reads."""
    if isinstance(error, QuestionError):
        return 422, str(error)
    if isinstance(error, RequestValidationError):
        return 422, _invalid_body(error.errors())
    if isinstance(error, HTTPException):
        return error.status_code, NOT_FOUND if error.detail == "Not Found" else str(error.detail)
    if isinstance(error, Unavailable):
        return 503, str(error)
    _log_place(error)
    return 500, "Something went wrong here. Nothing of your question was kept. Try again."


def _log_place(error: Exception) -> None:
    """Log where an error arose. Its message may quote the question, so only its kind and place are logged."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "unknown place"
    log.error("A request failed: %s at %s", type(error).__name__, place)


def _invalid_body(errors: Any) -> str:
    """The first of pydantic's errors as a sentence that quotes nothing of the request's body."""
    first = errors[0]
    if first["type"] == "json_invalid":
        return 'The body is not JSON. Send {"question": "…"} as application/json.'
    field = ".".join(str(part) for part in first["loc"] if part != "body")
    if not field:
        return 'The body must be a JSON object. Send {"question": "…"} as application/json.'
    reasons = {"missing": "is missing", "extra_forbidden": "is not known here"}
    reason = reasons.get(first["type"], f"is wrong: {first['msg']}")
    return f"'{field}' {reason}. /docs shows what can be sent."
