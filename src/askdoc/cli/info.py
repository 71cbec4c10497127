"""The command ``askdoc info``: shows the settings and the active index."""

import click

from askdoc.cli import output
from askdoc.cli.options import load_settings, setting_option


@click.command()
@setting_option("corpus")
@setting_option("index")
@setting_option("model")
@setting_option("host")
@setting_option("port", int)
@setting_option("country")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def info(*, as_json: bool, **options: object) -> None:
    """Show the settings, where each comes from, and what the index holds."""
    settings = load_settings(**options)
    from askdoc.cli.render.info import info_document, info_text

    document = info_document(settings)
    if as_json:
        output.document(document)
    else:
        output.line(info_text(document))
