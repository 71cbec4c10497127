"""The commands that serve the pages and print the widget's lines."""

import re

import click

from askdoc.cli import output
from askdoc.cli.options import setting, settings
from askdoc.errors import UsageError
from askdoc.settings import DEFAULT_COUNTRY

ADDRESS = re.compile(r"(https?:/)?/[^\s/\"'<>&?#\\][^\s\"'<>&?#\\]*")
RENEW = "After an upgrade of askdoc print this line again: its integrity hash belongs to this version."
NAME_SITES = "Pages elsewhere may ask once the server names them: askdoc serve --sites https://clinic.example"


@click.command("widget")
@setting("host")
@setting("port", int)
@setting("country")
@click.option("--url", help="Where the page finds this server, if not at host and port.")
@click.option("--inline", is_flag=True, help="A panel in the page, in place of a button in its corner.")
@click.option("--no-integrity", is_flag=True, help="Without hash: upgrades reach the page by themselves, unchecked.")
def widget(*, url: str | None, inline: bool, no_integrity: bool, **options: object) -> None:
    """Print the line of HTML that puts the widget on a page.

    The hash lets the browser refuse a script that was altered on its way. docs/widget.md has the rest.
    """
    settled = settings(**options)
    from askdoc.server import pages
    from askdoc.server.widget import PATH, integrity

    base = _base(url) if url else f"http://{_host(settled.host)}:{settled.port}"
    checked = "" if no_integrity else f' integrity="{integrity(pages.folder())}" crossorigin="anonymous"'
    if inline:
        output.line("<askdoc-chat></askdoc-chat>")
    launcher = "" if inline else " data-launcher"
    output.line(f'<script type="module" src="{base}{PATH}/askdoc.js"{checked}{launcher}></script>')
    if not no_integrity:
        output.sentence(RENEW)
    if settled.country != DEFAULT_COUNTRY:
        output.sentence(f"Whom to call is the server's to say: askdoc serve --country {settled.country}")
    output.sentence(NAME_SITES)


@click.command("embed", hidden=True, params=widget.params)
@click.pass_context
def embed(context: click.Context, /, **options: object) -> None:
    """Print what ``askdoc widget`` prints: the command's name until version 0.4."""
    output.sentence("askdoc embed is now called askdoc widget; the old word goes with the next version.")
    context.invoke(widget, **options)


def _base(url: str) -> str:
    """The address in front of the widget's path. Raises UsageError where a page could not load from it."""
    if not ADDRESS.fullmatch(url):
        raise UsageError(f"--url is '{url}'. Give the whole address, such as https://answers.example/askdoc.")
    return url.rstrip("/")


def _host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@click.command()
@setting("index")
@setting("model")
@setting("host")
@setting("port", int)
@setting("sites")
@setting("country")
@setting("prefix")
def serve(**options: object) -> None:
    """Serve the chat page and the HTTP endpoint until Ctrl-C.

    A new index is taken up by itself within two seconds, without a restart.
    """
    settled = settings(**options)
    from askdoc import bootstrap
    from askdoc.server import run
    from askdoc.server.app import create_app
    from askdoc.server.widget import sites

    desk = bootstrap.live(settled)
    app = create_app(desk, sites=sites(settled.sites), country=settled.country, prefix=settled.prefix)
    run.serve(desk, host=settled.host, port=settled.port, app=app, announce=output.courtesy)
