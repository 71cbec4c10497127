"""Assembles the HTTP application from explicit parts."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fastapi import FastAPI

from askdoc import __version__
from askdoc.countries import Country
from askdoc.server import api, middleware, pages, widget
from askdoc.server.origins import AllowedOrigins
from askdoc.server.problems import ErrorResponder
from askdoc.server.proxy_prefix import parse_prefix
from askdoc.server.rendering import PageRenderer
from askdoc.server.service import ResponderProvider, Service
from askdoc.settings import DEFAULT_COUNTRY


def create_app(
    provider: ResponderProvider, *, sites: Sequence[str] = (), country: str = DEFAULT_COUNTRY, prefix: str = "/"
) -> FastAPI:
    """Make the application. It keeps nothing of a question, and logs nothing of it.

    Pages of ``sites`` may ask, too. ``country`` is whose numbers are shown. ``prefix`` is the path below which a proxy
    that leaves it on serves the application. Raises UsageError for sites, countries and prefixes that are none.
    """
    service = Service(provider, country=Country.find(country))
    renderer = PageRenderer(service)
    errors = ErrorResponder(service, renderer)
    app = _bare_app(service)
    app.add_middleware(middleware.BodyLimitMiddleware)
    app.add_middleware(middleware.ErrorMiddleware, respond=errors.respond)
    app.add_middleware(middleware.PrefixMiddleware, prefix=parse_prefix(prefix))
    app.add_middleware(middleware.HeadMiddleware)
    app.add_middleware(middleware.HeadersMiddleware)
    if sites:
        app.add_middleware(middleware.OriginMiddleware, origins=AllowedOrigins.of(sites))
    errors.register(app)
    api.add_routes(app, service)
    widget.add_routes(app, service)
    pages.add_routes(app, service, renderer)
    return app


def _bare_app(service: Service) -> FastAPI:
    """An application without routes, which closes the service when it ends."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        service.close()

    return FastAPI(
        lifespan=lifespan,
        title="askdoc",
        version=__version__,
        description="Doctors' passages that fit a question: word for word, each with its doctor, with a disclaimer.",
        docs_url=None,  # its page loads scripts from a third party; pages.py has one of our own
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},  # it sees questions
        servers=[{"url": ".", "description": "The address of this document, without its name."}],
        root_path_in_servers=False,
        redirect_slashes=False,  # it redirects to what it takes for its own address; routing.py does so relatively
    )
