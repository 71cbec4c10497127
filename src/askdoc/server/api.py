"""The endpoints for programs: ask a question, fetch a whole answer, liveness and readiness."""

import asyncio
from typing import Annotated

from fastapi import FastAPI, Path
from fastapi.responses import JSONResponse
from pydantic import FailFast, Field
from starlette.exceptions import HTTPException

from askdoc.models import answer_document
from askdoc.query.followup import MOST_CONTEXT
from askdoc.responder import DEFAULT_ANSWERS, MOST_ANSWERS, AskRequest
from askdoc.server.batching import RETRY_AFTER
from askdoc.server.request_body import RequestBody
from askdoc.server.service import Service


# The names and docstrings of this class and of the endpoints below stand in the OpenAPI document.
class Ask(RequestBody):
    """A question. It stands in the body, never in an address: addresses are logged on their way."""

    question: Annotated[str, Field(description="What the patient asks; at most 1,000 characters.")]
    max_answers: Annotated[int, Field(ge=1, le=MOST_ANSWERS, strict=True, description="How many answers at most.")] = (
        DEFAULT_ANSWERS
    )
    context: Annotated[
        list[str],
        FailFast(),
        Field(
            description=f"The questions asked before in this conversation, oldest first: at most {MOST_CONTEXT}, of up "
            "to 1,000 characters each. The server keeps nothing: the client sends them again."
        ),
    ] = []  # noqa: RUF012 - pydantic copies it for each question


def add_routes(app: FastAPI, service: Service) -> None:
    """Add the endpoints for programs to an application."""

    @app.post("/v1/ask", tags=["questions"])
    async def ask(body: Ask) -> JSONResponse:
        """Ask a question; the reply quotes the passages that fit it."""
        request = AskRequest(body.question, body.max_answers, tuple(body.context))
        reply = await asyncio.wrap_future(service.submit(request))
        return JSONResponse(reply.document())

    @app.get("/v1/answers/{answer_key:path}", tags=["questions"])
    def answer(
        answer_key: Annotated[str, Path(description="The answer's `answer_key`; its `answer_id` is taken, too.")],
    ) -> JSONResponse:
        """One doctor's whole answer."""
        question_and_answer = service.responder().answer(answer_key)
        if question_and_answer is None:
            raise HTTPException(404, "There is no answer with this key. Take keys from the replies of /v1/ask.")
        return JSONResponse(answer_document(*question_and_answer, emergency=service.country.emergency))

    @app.get("/livez", tags=["operation"])
    async def livez() -> JSONResponse:  # like readyz, on no thread of those that may all be at work
        """Whether the process answers at all."""
        return JSONResponse({"live": True})

    @app.get("/readyz", tags=["operation"])
    async def readyz() -> JSONResponse:
        """Whether questions can be asked: 503 until model and index are loaded."""
        state = service.readiness()
        document = {"ready": state.ready, "index_id": state.index_id, "problem": state.problem}
        return JSONResponse(document) if state.ready else JSONResponse(document, 503, RETRY_AFTER)
