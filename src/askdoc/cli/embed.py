"""The command that prints the lines which put the widget on a page."""

import click

from askdoc.cli.options import setting, settings
from askdoc.settings import DEFAULT_COUNTRY

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

    base = (url or f"http://{settled.host}:{settled.port}").rstrip("/")
    checked = "" if no_integrity else f' integrity="{widget.integrity(pages.folder())}" crossorigin="anonymous"'
    if inline:
        click.echo("<askdoc-chat></askdoc-chat>")
    launcher = "" if inline else " data-launcher"
    click.echo(f'<script type="module" src="{base}{widget.PATH}/askdoc.js"{checked}{launcher}></script>')
    if not no_integrity:
        click.echo(RENEW, err=True)
    if settled.country != DEFAULT_COUNTRY:
        click.echo(f"Whom to call is the server's to say: askdoc serve --country {settled.country}", err=True)
    click.echo(NAME_SITES, err=True)
