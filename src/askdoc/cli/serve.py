"""The command ``askdoc serve``: serves the chat page and the HTTP endpoints."""

import click

from askdoc.cli import garbage_collection, output
from askdoc.cli.options import load_settings, setting_option


@click.command()
@setting_option("index")
@setting_option("model")
@setting_option("host")
@setting_option("port", int)
@setting_option("sites")
@setting_option("country")
@setting_option("prefix")
def serve(**options: object) -> None:
    """Serve the chat page and the HTTP endpoint until Ctrl-C.

    A new index is taken up by itself within two seconds, without a restart.
    """
    settings = load_settings(**options)
    with garbage_collection.paused():
        from askdoc import bootstrap
        from askdoc.server import run
        from askdoc.server.app import create_app
        from askdoc.server.origins import parse_sites

        live = bootstrap.live(settings)
        app = create_app(live, sites=parse_sites(settings.sites), country=settings.country, prefix=settings.prefix)
    run.serve(live, host=settings.host, port=settings.port, app=app, announce=output.optional_line)
