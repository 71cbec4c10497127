"""A server with canned replies, for the widget's tests: what it says follows from the words in the question.

All texts and doctors here are demonstration texts, written for these tests.
"""

import asyncio
import base64
import hashlib
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp

from askdoc.countries import Country
from askdoc.models import (
    Answer,
    Author,
    Confidence,
    Contact,
    Level,
    Match,
    Notice,
    Passage,
    Question,
    RelatedQuestion,
    Reply,
    Source,
    answer_document,
)
from askdoc.safety import Notices
from askdoc.server import widget

WIDGET = Path(__file__).parents[2] / "web" / "static" / "widget" / "v1"

_LIDS = Question(
    id="q-lids",
    title="Do warm compresses help with dry, tired eyes after screen work?",
    source=Source("demonstration.txt", 1),
    url="https://pages.example/eyes/warm-compresses",
    answers=(
        Answer(
            id="a-lids-1",
            headline="Warmth first, then patience",
            body=(
                "Dear reader,\n\n"
                "Dryness after a long day at a screen is very common. We blink less while we read, and the oil glands "
                "of the lids slow down. A clean, warm compress on closed lids for about ten minutes, once or twice a "
                "day, softens the oil so that it can do its work again 🙂. Most people notice a difference within two "
                "weeks.\n\n"
                "If one eye is red and painful, or your sight has changed, please have it looked at without waiting."
            ),
            author=Author(
                name="Example Doctor, MD",
                title="Portland Ophthalmologist",
                specialty="Ophthalmologist",
                location="Portland",
                rating=4.8,
                review_count=126,
                url="https://pages.example/doctors/mara-ellington",
            ),
            votes=14,
            date="2023-04-11",
            accepted=True,
        ),
        Answer(
            id="a-lids-2",
            headline="Compresses help, the screen habit matters more",
            body=(
                "Yes, they help.  But do not stop there: every twenty minutes look at something far away for twenty "
                "seconds, and lower the screen so that the lids cover more of the eye.\n"
                "Drops without preservatives are a fair addition for dry rooms."
            ),
            author=Author(title="San Antonio Optometrist", location="San Antonio", rating=4.3, review_count=12),
            votes=3,
        ),
    ),
)
_SLEEP = Question(
    id="q-sleep",
    title="Is it safe to take melatonin every night?",
    source=Source("demonstration.txt", 40),
    url="https://pages.example/sleep/melatonin",
    disclaimer=(
        "This page is for general education. It does not replace a visit to your doctor, and it does not create a "
        "relationship between you and the doctors who answer."
    ),
    answers=(
        Answer(
            id="a-sleep-1",
            headline="Short courses, low doses",
            body=(
                "For most healthy adults a low dose for a few weeks is considered safe. What nobody can promise you "
                "is how it behaves over many years, because nobody has looked for so long. I ask my patients to take "
                "it two hours before bed, and to stop for a week now and then."
            ),
            author=Author(name="Sample Doctor, DO", title="Sleep Medicine Physician", location="Madison"),
            date="2021",
        ),
    ),
)
QUESTIONS = (_LIDS, _SLEEP)
SUGGESTED = (
    *(RelatedQuestion(question.id, question.title) for question in QUESTIONS),
    RelatedQuestion("q-knee", "Why does my knee click when I climb stairs?"),
    RelatedQuestion("q-iron", "How long do iron tablets take to work?"),
)
LOUD = Notices.shipped(Country.find("US")).first()["en"]
EMERGENCY = replace(
    LOUD["emergency"],
    text="Call now if the pain is strong, lasts more than a few minutes, or spreads to an arm, the neck or the jaw.",
    contacts=(Contact("Emergency services", call="911"), Contact("Poison Help", call="1-800-222-1222")),
)
"""With another text and one number more than a client knows of before the reply."""
CRISIS = LOUD["crisis"]
EDUCATION = Notice(
    Level.EDUCATION,
    "During pregnancy, ask first",
    "Please speak with your midwife or doctor before taking anything new.",
)


def match(question: Question, number: int, marked: str | None = None, *, alike: int = 0) -> Match:
    """A whole answer as a match, with the words of ``marked`` highlighted."""
    answer = question.answers[number]
    spans: tuple[tuple[int, int], ...] = ()
    if marked is not None:
        start = answer.body.index(marked)
        spans = ((start, start + len(marked)),)
    return Match(Passage(question, answer, 0, len(answer.body)), 0.8, spans, alike)


def lids(start: str = "A clean, warm", end: str = "two weeks.") -> Match:
    """A passage from the middle of an answer, its mark behind an emoji: code points and UTF-16 units differ."""
    answer = _LIDS.answers[0]
    first, last = answer.body.index(start), answer.body.index(end) + len(end)
    text = answer.body[first:last]
    mark = text.index("Most people")
    return Match(Passage(_LIDS, answer, first, last), 0.9, ((mark, len(text)),))


def payload_page(payload: str) -> Question:
    """A page with ``payload`` in every field; the passage quoted from its first answer is half of that answer."""
    return Question(
        id=payload,
        title=payload,
        source=Source("demonstration.txt", 1),
        url=payload,
        disclaimer=payload,
        answers=(
            Answer(
                id=" ".join(payload.split("\n")),  # the one letter that no address can hold
                headline=payload,
                body=f"{payload}\n{payload}",
                date=payload,
                author=Author(payload, payload, payload, payload, 4.0, 2, payload),
            ),
            Answer(id=payload + "2", body=payload, author=Author(title=payload)),
        ),
    )


def payload_reply(question: str, payload: str) -> dict[str, Any]:
    """A reply with ``payload`` in every field that a page of the corpus could have written."""
    hostile = payload_page(payload)
    passage = Passage(hostile, hostile.answers[0], 0, len(payload))
    notice = Notice(Level.EMERGENCY, payload, payload, (Contact(payload, payload, payload, payload),))
    matches = (Match(passage, 0.8, ((0, len(payload)),)), match(hostile, 1))
    related = (RelatedQuestion(payload, payload),)
    return Reply(question, Confidence.STRONG, payload, matches, related, notice, payload, (payload,)).document()


def reply_document(question: str, context: list[str]) -> dict[str, Any]:
    """The canned reply that the words of the question call for."""
    low = question.lower()
    related = SUGGESTED[:3]
    about = context[-1] if context and "them" in low.split() else None
    is_crisis = "hopeless" in low or "want to die" in low
    notice = EMERGENCY if "chest" in low else CRISIS if is_crisis else None
    if "pregnan" in low:
        notice = EDUCATION
    if "violin" in low or is_crisis:
        return Reply(question, Confidence.NONE, "double", (), related, notice).document()
    if "melatonin" in low or "chest" in low:
        matches: tuple[Match, ...] = (match(_SLEEP, 0, "a low dose for a few weeks is considered safe", alike=2),)
        return Reply(question, Confidence.PARTIAL, "double", matches, (), notice, about).document()
    if "untitled" in low:
        untitled = match(replace(_SLEEP, title="Question 7", untitled=True), 0)
        return Reply(question, Confidence.STRONG, "double", (untitled,)).document()
    if "ophthalmia" in low:
        return {**Reply(question, Confidence.STRONG, "double", (lids(),)).document(), "searched_also": ["inflamed eye"]}
    found = (lids(), match(_LIDS, 1, "Yes, they help."))
    return Reply(question, Confidence.STRONG, "double", found, (), notice, about).document()


@dataclass
class RequestLog:
    """What the double was asked, and what it is told to do."""

    asked: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    payloads: list[str] = field(default_factory=list)
    suggested: list[dict[str, Any]] = field(default_factory=list)
    down: bool = False
    tampered: bool = False
    stuck: bool = False
    """Whether the panel's files never come."""
    mute: bool = False
    """Whether the notices never come."""
    country: str = "US"

    def reset(self) -> None:
        """Forget everything."""
        self.__dict__.update(RequestLog().__dict__)


def create_double(seen: RequestLog) -> FastAPI:
    """The double: widget files, the three calls, and host pages with or without a strict policy."""
    app = FastAPI()

    @app.middleware("http")
    async def cross(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        seen.paths.append(str(request.url))
        if request.method == "OPTIONS":
            response = Response()
        elif seen.down and request.url.path.startswith("/v1/"):
            response = JSONResponse({"error": "The index is being opened."}, 503)
        else:
            response = await call_next(request)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
        return response

    @app.get("/v1/notices")
    async def notices() -> Response:
        if seen.mute:
            return JSONResponse({"error": "Starting."}, 503)
        return JSONResponse(widget.first_notices(Country.find(seen.country)))

    @app.get("/widget/v1/{name}")
    async def static(name: str) -> Response:
        while seen.stuck and name != "askdoc.js":
            await asyncio.sleep(0.02)
        body = (WIDGET / name).read_text("utf-8")
        if seen.tampered and name == "panel.js":
            body += "\nwindow.tampered = true;\n"
        return Response(body, media_type="text/javascript")

    @app.post("/v1/ask")
    async def ask(request: Request) -> Response:
        body = await request.json()
        seen.asked.append(body)
        seen.cookies.append(request.headers.get("cookie", ""))
        seen.headers.append(dict(request.headers))
        question = body["question"]
        if question.startswith("payload "):
            return JSONResponse(payload_reply(question, seen.payloads[int(question.split()[1])]))
        if "slow" in question:
            await asyncio.sleep(20)  # not answered in time: the browser's clock runs out first
            return Response(status_code=504)
        if "crowd" in question:
            until = formatdate(time.time() + 3600, usegmt=True)
            wait = {"Retry-After": until if "hour" in question else "1" if "second" in question else "30"}
            return JSONResponse({"error": "Too many."}, 429, {} if "unsaid" in question else wait)
        if "portal" in question:
            return Response("<h1>Sign in to this network</h1>", media_type="text/html")
        if "elsewhere" in question:
            return JSONResponse({"error": "No such page."}, 404)
        if "starting" in question:
            return JSONResponse({"error": "Starting."}, 503)
        if "too long" in question:
            return JSONResponse({"error": "The question is too long: shorten it to 2000 characters."}, 422)
        if "wrong" in question:
            return Response("<h1>oops</h1>", 500)
        return JSONResponse(reply_document(question, body.get("context", [])))

    @app.get("/v1/answers/{answer_id:path}")
    def whole(answer_id: str) -> Response:
        for question in (*QUESTIONS, *map(payload_page, seen.payloads)):
            for answer in question.answers:
                if answer_id in (answer.id, answer.key):
                    return JSONResponse(answer_document(question, answer))
        return JSONResponse({"error": "No such answer."}, 404)

    @app.post("/v1/suggest")
    async def suggest(request: Request) -> Response:
        body = await request.json()
        seen.suggested.append(body)
        words = body["text"].lower().split()
        found = [
            {"question_id": near.question_id, "question": near.question}
            for near in SUGGESTED
            if not words or any(word in near.question.lower() for word in words if len(word) > 3)
        ]
        return JSONResponse({"suggestions": found[: body["limit"]]})

    return app


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve ``app`` on a free port of this machine, and yield its origin."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://localhost:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def integrity(data: bytes, algorithm: str = "sha256") -> str:
    """The hash of a file as a page's integrity attribute wants it."""
    return f"{algorithm}-" + base64.b64encode(hashlib.new(algorithm, data).digest()).decode()


def files_table() -> str:
    """The lines that must stand in the loader for the files as they are."""
    return "\n".join(
        f"  {name}: {json.dumps(integrity((WIDGET / f'{name}.js').read_bytes()))}," for name in ("panel", "en", "es")
    )
