"""The command that prints the lines which put the widget on a page."""

import re

import click

from askdoc.cli import output
from askdoc.cli.options import setting, settings
from askdoc.errors import UsageError
from askdoc.settings import DEFAULT_COUNTRY

ADDRESS = re.compile(r"(https?:/)?/[^\s/\"'<>&?#\\][^\s\"'<>&?#\\]*")
RENEW = "After an upgrade of askdoc print this line again: its integrity hash belongs to this version."
NAME_SITES = "Pages elsewhere may ask once the server names them: askdoc serve --sites https://clinic.example"


@click.command()
@setting("host")
@setting("port", int)
@setting("country")
@click.option("--url", help="Where the page finds this server, if not at host and port.")
@click.option("--inline", is_flag=True, help="A panel in the page, in place of a button in its corner.")
@click.option("--no-integrity", is_flag=True, help="Without hash: upgrades reach the page by themselves, unchecked.")
def embed(*, url: str | None, inline: bool, no_integrity: bool, **options: object) -> None:
    """Print the line of HTML that puts the widget on a page.

    The hash lets the browser refuse a script that was altered on its way. docs/widget.md has the rest.
    """
    settled = settings(**options)
    from askdoc.server import pages, widget

    base = _base(url) if url else f"http://{_host(settled.host)}:{settled.port}"
    checked = "" if no_integrity else f' integrity="{widget.integrity(pages.folder())}" crossorigin="anonymous"'
    if inline:
        output.line("<askdoc-chat></askdoc-chat>")
    launcher = "" if inline else " data-launcher"
    output.line(f'<script type="module" src="{base}{widget.PATH}/askdoc.js"{checked}{launcher}></script>')
    if not no_integrity:
        output.sentence(RENEW)
    if settled.country != DEFAULT_COUNTRY:
        output.sentence(f"Whom to call is the server's to say: askdoc serve --country {settled.country}")
    output.sentence(NAME_SITES)


def _base(url: str) -> str:
    """The address in front of the widget's path. Raises UsageError where a page could not load from it."""
    if not ADDRESS.fullmatch(url):
        raise UsageError(f"--url is '{url}'. Give the whole address, such as https://answers.example/askdoc.")
    return url.rstrip("/")


def _host(host: str) -> str:
    return f"[{host}]" if ":" in host else host
