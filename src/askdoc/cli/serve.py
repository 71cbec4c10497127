"""The command ``askdoc serve``: serves the chat page and the HTTP endpoints."""

import functools
import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from askdoc.cli import garbage_collection, output
from askdoc.cli.options import load_settings, setting_option
from askdoc.settings import Settings

if TYPE_CHECKING:
    from askdoc.server.supervisor import Line
    from askdoc.server.worker import Application


@click.command()
@setting_option("index")
@setting_option("model")
@setting_option("host")
@setting_option("port", int)
@setting_option("sites")
@setting_option("country")
@setting_option("prefix")
@setting_option("workers")
def serve(**options: object) -> None:
    """Serve the chat page and the HTTP endpoint until Ctrl-C.

    A new index is taken up by itself within two seconds, without a restart.
    """
    settings = load_settings(**options)
    if settings.workers > 1:
        from askdoc.server import supervisor

        supervisor.serve(
            functools.partial(_work, options),
            host=settings.host, port=settings.port, workers=settings.workers, announce=output.optional_line,
        )  # fmt: skip
        return
    with garbage_collection.paused():
        from askdoc.server import run

        live, app = _application(settings)
    run.serve(live, host=settings.host, port=settings.port, app=app, announce=output.optional_line)


def _application(settings: Settings) -> "Application":
    """What is served, and what answers with it."""
    from askdoc import bootstrap
    from askdoc.server.app import create_app
    from askdoc.server.origins import parse_sites

    live = bootstrap.live(settings)
    sites = parse_sites(settings.sites)
    return live, create_app(live, sites=sites, country=settings.country, prefix=settings.prefix)


def _work(options: Mapping[str, object], bound: socket.socket, line: "Line") -> None:
    """Serve in one of several processes. Each settles the settings itself, so that SIGHUP has the file read again."""
    with garbage_collection.paused():
        from askdoc.server import worker

    def application() -> "Application":
        with garbage_collection.paused():
            return _application(load_settings(**options))

    worker.work(application, bound, line)
