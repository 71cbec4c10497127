"""The command ``askdoc widget``: prints the HTML that puts the widget on a page."""

import re

import click

from askdoc.cli import output
from askdoc.cli.options import load_settings, setting_option
from askdoc.errors import UsageError
from askdoc.settings import DEFAULT_COUNTRY

BASE_URL = re.compile(r"(https?:/)?/[^\s/\"'<>&?#\\][^\s\"'<>&?#\\]*")
"""An address with a host, or a path on the page's own site; nothing that HTML would read as markup."""
RENEW = "After an upgrade of askdoc print this line again: its integrity hash belongs to this version."
NAME_SITES = "Pages elsewhere may ask once the server names them: askdoc serve --sites https://clinic.example"
RENAMED = "askdoc embed is now called askdoc widget; the old word goes with the next version."


@click.command()
@setting_option("host")
@setting_option("port", int)
@setting_option("country")
@click.option("--url", help="Where the page finds this server, if not at host and port.")
@click.option("--inline", is_flag=True, help="A panel in the page, in place of a button in its corner.")
@click.option("--no-integrity", is_flag=True, help="Without hash: upgrades reach the page by themselves, unchecked.")
def widget(*, url: str | None, inline: bool, no_integrity: bool, **options: object) -> None:
    """Print the line of HTML that puts the widget on a page.

    The hash lets the browser refuse a script that was altered on its way. docs/widget.md has the rest.
    """
    settings = load_settings(**options)
    from askdoc.server.assets import LOADER, WIDGET_PATH, loader_integrity

    base = _base_url(url) if url else f"http://{_bracketed(settings.host)}:{settings.port}"
    integrity = "" if no_integrity else f' integrity="{loader_integrity()}" crossorigin="anonymous"'
    launcher = "" if inline else " data-launcher"
    if inline:
        output.line("<askdoc-chat></askdoc-chat>")
    output.line(f'<script type="module" src="{base}{WIDGET_PATH}/{LOADER}"{integrity}{launcher}></script>')
    if not no_integrity:
        output.sentence(RENEW)
    if settings.country != DEFAULT_COUNTRY:
        output.sentence(f"Whom to call is the server's to say: askdoc serve --country {settings.country}")
    output.sentence(NAME_SITES)


@click.command(hidden=True, params=widget.params)
@click.pass_context
def embed(context: click.Context, /, **options: object) -> None:
    """Print what ``askdoc widget`` prints: the command's name until version 0.4."""
    output.sentence(RENAMED)
    context.invoke(widget, **options)


def _base_url(url: str) -> str:
    """The address in front of the widget's path. Raises UsageError where a page could not load from it."""
    if not BASE_URL.fullmatch(url):
        raise UsageError(f"--url is '{url}'. Give the whole address, such as https://answers.example/askdoc.")
    return url.rstrip("/")


def _bracketed(host: str) -> str:
    """A host as an address holds it: one of IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host
