"""The command ``askdoc rollback``: returns to the index before the active one."""

import click

from askdoc.cli import output
from askdoc.cli.options import load_settings, setting_option
from askdoc.cli.terminal import wrapped


@click.command()
@setting_option("index")
@setting_option("model")
@click.option("--undo", is_flag=True, help="Take the last rollback back.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def rollback(*, undo: bool, as_json: bool, **options: object) -> None:
    """Return to the index before the active one, at once and for running servers too.

    It is checked and tried first. `askdoc index` does not bring the left one back until the corpus changes.
    """
    settings = load_settings(**options)
    from askdoc import bootstrap

    left, taken = bootstrap.roll_back(settings, undo=undo)
    if as_json:
        output.document({"left": left, "generation": taken.name, "index_id": taken.responder.index_id})
    else:
        output.line(_text(left, taken.name, undone=undo))


def _text(left: str | None, taken: str, *, undone: bool) -> str:
    """What the rollback did, and what follows; ``left`` and ``taken`` are names of generations."""
    if undone:
        return f"{taken} is active again."
    return wrapped(
        f"{taken} is now active; {left or 'none'} is left. The corpus is as it was: mend it, then run: askdoc index. "
        "Until it changes, askdoc index does not bring the left one back; askdoc rollback --undo does."
    )
