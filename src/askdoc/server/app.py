"""Assembles the HTTP application from explicit parts."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fastapi import FastAPI

from askdoc import __version__
from askdoc.countries import Country
from askdoc.server import edge, pages, widget
from askdoc.server.api import _endpoints
from askdoc.server.batching import BatchQueue
from askdoc.server.middleware import BodyLimit
from askdoc.server.problems import _errors, _refused
from askdoc.server.service import Service
from askdoc.settings import DEFAULT_COUNTRY

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": pages.POLICY,
}


def create_app(
    desk: Service, *, sites: Sequence[str] = (), country: str = DEFAULT_COUNTRY, prefix: str = "/"
) -> FastAPI:
    """Make the application. It keeps nothing of a question and logs nothing of it. Pages of ``sites`` may ask, too.

    ``prefix`` is the path below which a proxy that keeps it serves the application. Raises UsageError for sites and
    prefixes that are none.
    """
    line = BatchQueue(desk.responder)
    home = Country.find(country)

    @asynccontextmanager
    async def opened(_: FastAPI) -> AsyncIterator[None]:
        yield
        line.close()

    app = FastAPI(
        lifespan=opened,
        title="askdoc",
        version=__version__,
        description="Doctors' passages that fit a question: word for word, each with its doctor, with a disclaimer.",
        docs_url=None,  # its page loads scripts from a third party; pages.py has one of our own
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},  # it sees questions
        servers=[{"url": ".", "description": "The address of this document, without its name."}],
        root_path_in_servers=False,
        redirect_slashes=False,  # it redirects to what it takes for its own address; edge.py knows no more than a step
    )
    app.state.desk = desk
    app.state.emergency = home.emergency
    app.add_middleware(BodyLimit)
    app.add_middleware(edge.Edge, prefix=edge.prefix(prefix), always=ALWAYS, refused=_refused)
    _errors(app)
    _endpoints(app, desk, line)
    widget.add(app, desk, pages.folder(), country=home)
    pages.add(app, desk, line, country=home.code)
    widget.open_to(app, sites)
    return app
