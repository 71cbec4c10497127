"""The commands that look after an index: ``askdoc verify | rollback``."""

from pathlib import Path

import click

from askdoc.cli import output
from askdoc.cli.options import setting, settings
from askdoc.errors import IndexUnusable


@click.command()
@setting("corpus")
@setting("index")
@setting("model")
@click.option("--questions", type=click.IntRange(0), default=100, show_default=True, help="Stored questions to ask.")
@click.option("--golden", type=Path, help='Ask these instead: JSONL of {"question", "question_id"}.')
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
def verify(*, questions: int, golden: Path | None, as_json: bool, **options: object) -> None:
    """Check every byte of the index, every passage against the corpus, and golden questions.

    Damage is named, and the exit code is then 4. A corpus that has changed since is no damage: it is only said.
    """
    settled = settings(**options)
    from askdoc import bootstrap
    from askdoc.cli import show
    from askdoc.golden import read

    verdict = bootstrap.verify_index(settled, questions=questions, asked=read(golden) if golden else None)
    if as_json:
        output.document(show.verdict_document(verdict))
    else:
        output.line(show.verdict(verdict))
    if verdict.wrong:
        raise SystemExit(IndexUnusable.exit_code)


@click.command()
@setting("index")
@setting("model")
@click.option("--undo", is_flag=True, help="Take the last rollback back.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def rollback(*, undo: bool, as_json: bool, **options: object) -> None:
    """Return to the index before the active one, at once and for running servers too.

    It is checked and tried first. `askdoc index` does not bring the left one back until the corpus changes.
    """
    settled = settings(**options)
    from askdoc import bootstrap
    from askdoc.cli import show

    left, taken = bootstrap.roll_back(settled, undo=undo)
    if as_json:
        output.document({"left": left, "generation": taken.name, "index_id": taken.responder.index_id})
    else:
        output.line(show.rolled_back(left, taken.name, undone=undo))
