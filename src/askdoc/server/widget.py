"""Serves the widget to other sites, lets the sites that were named ask, and offers stored questions while typing."""

import base64
import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from askdoc.countries import Country
from askdoc.models import notice_document, own_disclaimer
from askdoc.responder import LONGEST_QUESTION
from askdoc.safety import Notices
from askdoc.server import origins
from askdoc.server.origins import EVERY, Origins

if TYPE_CHECKING:
    from askdoc.server.service import Service

PATH = "/widget/v1"
PREFLIGHT_S = 86_400
FOREVER = "public, max-age=31536000, immutable"


class Suggest(BaseModel):
    """What is being typed. Like a question it stands in the body, and nothing of it is kept."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(max_length=LONGEST_QUESTION, description="What was typed; empty for some of all.")]
    limit: Annotated[int, Field(ge=1, le=10, strict=True, description="How many questions at most.")] = 5


@dataclass(frozen=True, slots=True)
class File:
    """One file of the widget, as it is sent."""

    plain: bytes
    zipped: bytes
    etag: str
    version: str
    """What the loader writes into the address of a file it knows the hash of."""

    @classmethod
    def read(cls, path: Path) -> "File":
        plain = path.read_bytes()
        digest = base64.b64encode(hashlib.sha256(plain).digest()).decode()
        return cls(plain, gzip.compress(plain, 9, mtime=0), f'"{digest}"', digest[:12])


def integrity(folder: Path) -> str:
    """The hash that a page names in ``integrity`` for the loader; the loader holds those of the other files."""
    loader = folder / "static" / "widget" / "v1" / "askdoc.js"
    return "sha384-" + base64.b64encode(hashlib.sha384(loader.read_bytes()).digest()).decode()


def sites(text: str) -> tuple[str, ...]:
    """The origins in a setting. Raises UsageError for what is no origin."""
    return origins.read(text)


def add(app: FastAPI, desk: "Service", folder: Path, *, country: Country) -> None:
    """Add the widget's files, and what it asks while a question is typed and before one is answered."""
    files = {path.name: File.read(path) for path in (folder / "static" / "widget" / "v1").glob("*.js")}
    words = first_words(country)

    @app.get(PATH + "/{name}", include_in_schema=False)
    def file(request: Request, name: str) -> Response:
        found = files.get(name)
        if found is None:
            raise HTTPException(404, "The widget has no such file.")
        headers = {
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Vary": "Accept-Encoding",
            "ETag": found.etag,
            # The loader's address never changes, so it is asked for anew each time; the others are named by content.
            "Cache-Control": FOREVER if request.url.query.startswith(found.version) else "no-cache",
        }
        if found.etag in request.headers.get("if-none-match", ""):
            return Response(None, 304, headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(found.zipped, 200, {**headers, "Content-Encoding": "gzip"}, "text/javascript")
        return Response(found.plain, 200, headers, "text/javascript")

    @app.get("/v1/notices", tags=["questions"])
    def notices() -> JSONResponse:
        """The country that the server speaks for, its emergency number, and the notices for a plain alarm."""
        return JSONResponse(words, headers={"Access-Control-Allow-Origin": "*"})  # whom to call is no secret of a site

    @app.post("/v1/suggest", tags=["questions"])
    def suggest(body: Suggest) -> JSONResponse:
        """Stored questions like what is being typed; with an empty text, some to begin with."""
        from askdoc.server.service import ready

        near = ready(desk).suggestions.complete(body.text, most=body.limit)
        found = [{"question_id": question.question_id, "question": question.question} for question in near]
        return JSONResponse({"suggestions": found})


def first_words(country: Country) -> dict[str, object]:
    """What a client can say before the server has answered, in the server's own words and order."""
    first = Notices.shipped(country).first()
    return {
        "country": country.code,
        "emergency": country.emergency,
        "disclaimer": own_disclaimer(country.emergency),
        "notices": {
            language: {level: notice_document(notice) for level, notice in notices.items()}
            for language, notices in first.items()
        },
    }


def open_to(app: FastAPI, sites: Sequence[str]) -> None:
    """Let pages of these sites ask. Cookies are not among what they may send. Raises UsageError as ``sites`` does."""
    if sites:
        app.add_middleware(_Open, origins=Origins.of(sites))


class _Open(CORSMiddleware):
    """Starlette's layer, with origins that may be named by the domain that they are below."""

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        super().__init__(
            app,
            allow_origins=[EVERY] if origins.every else [],
            allow_methods=["GET", "POST"],
            allow_headers=["Content-Type"],
            expose_headers=["Retry-After"],
            max_age=PREFLIGHT_S,
        )
        self._origins = origins

    def is_allowed_origin(self, origin: str) -> bool:
        return self._origins.allows(origin)
