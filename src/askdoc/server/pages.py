"""The pages for people: the chat page, a whole answer, and the description of the endpoints. No script is needed.

Every address in a page is relative to the address that the browser asked for, and a form is only in the page at the
top and goes back to where that page came from: below whatever prefix, no question reaches another path.
"""

import asyncio
from typing import Annotated

from fastapi import FastAPI, Form, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from askdoc.errors import QuestionError
from askdoc.models import disclaimer
from askdoc.responder import AskRequest
from askdoc.server.assets import web_folder
from askdoc.server.batching import RETRY_AFTER, Unavailable
from askdoc.server.rendering import PageRenderer
from askdoc.server.service import Service


def add_routes(app: FastAPI, service: Service, renderer: PageRenderer) -> None:
    """Add the pages and their static files to an application."""
    app.mount("/static", StaticFiles(directory=web_folder() / "static"), name="static")
    country = service.country

    @app.get("/", include_in_schema=False)
    def chat_page(request: Request) -> HTMLResponse:
        return renderer.render(request, "ask.html", {"country": country.code})

    @app.post("/", include_in_schema=False)
    async def reply_page(request: Request, question: Annotated[str, Form()] = "") -> HTMLResponse:
        try:  # waits on no thread: those that wait would keep all others from the few there are
            reply = await asyncio.wrap_future(service.submit(AskRequest(question)))
        except QuestionError as error:
            context = {"question": question, "problem": str(error)}
            return renderer.render(request, "ask.html", context, status=422)
        except Unavailable as error:  # nothing is wrong with the question, and nobody should have to type it again
            context = {"question": question, "problem": str(error)}
            return renderer.render(request, "ask.html", context, status=503, headers=RETRY_AFTER)
        shown = {"question": question.strip(), "reply": reply, "disclaimer": reply.disclaimer}
        return await run_in_threadpool(renderer.render, request, "ask.html", shown)

    @app.get("/answers/{answer_key:path}", include_in_schema=False)
    def answer_page(request: Request, answer_key: str) -> HTMLResponse:
        question_and_answer = service.responder().answer(answer_key)
        if question_and_answer is None:
            raise HTTPException(404, "There is no answer at this address.")
        question, answer = question_and_answer
        wording = disclaimer([question.disclaimer], emergency=country.emergency)
        return renderer.render(request, "answer.html", {"question": question, "answer": answer, "disclaimer": wording})

    @app.get("/docs", include_in_schema=False)
    def docs_page(request: Request) -> HTMLResponse:
        return renderer.render(request, "docs.html", {"api": app.openapi()})
