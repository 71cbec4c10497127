"""The commands that make an index and look after it."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from askdoc.cli import output
from askdoc.cli.options import setting, settings
from askdoc.errors import CorpusError, IndexUnusable


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
    from askdoc.cli import render
    from askdoc.evaluation.known_items import read

    verdict = bootstrap.verify_index(settled, questions=questions, asked=read(golden) if golden else None)
    if as_json:
        output.document(render.verdict_document(verdict))
    else:
        output.line(render.verdict(verdict))
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
    from askdoc.cli import render

    left, taken = bootstrap.roll_back(settled, undo=undo)
    if as_json:
        output.document({"left": left, "generation": taken.name, "index_id": taken.responder.index_id})
    else:
        output.line(render.rolled_back(left, taken.name, undone=undo))


@contextmanager
def _without_collection() -> Iterator[None]:
    """A build makes millions of objects and no rings of them: to look for some takes a tenth of its time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _reasons(*, as_json: bool) -> Iterator[None]:
    """Show why nothing of a corpus could be used, before the sentence that says so."""
    try:
        yield
    except CorpusError as error:
        from askdoc.cli import render
        from askdoc.indexer.build import NothingUsable

        if as_json:
            output.document(render.refusal_document(error))
        elif isinstance(error, NothingUsable):
            output.sentences(render.refusal(error.corpus))
        raise


@click.command()
@setting("corpus")
@setting("index")
@setting("model")
@setting("device")
@click.option("--full", is_flag=True, help="Embed everything anew, whatever is known already.")
@click.option("--dry-run", is_flag=True, help="Only tell what would change. Nothing is written.")
@click.option("--strict", is_flag=True, help="Exit with 3 if anything in the corpus was rejected.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def index(*, full: bool, dry_run: bool, strict: bool, as_json: bool, **options: object) -> None:
    """Bring the index up to the corpus.

    The index that is served stays in use until the new one is whole. Stopped at any moment, nothing is lost:
    the next run goes on from there.
    """
    settled = settings(**options)
    from askdoc import bootstrap
    from askdoc.cli import render
    from askdoc.cli.progress import ProgressDisplay

    if dry_run:
        with _reasons(as_json=as_json):
            plan = bootstrap.plan_index(settled)
        output.document(render.plan_document(plan)) if as_json else output.line(render.plan(plan))
        raise SystemExit(3 if strict and plan.corpus.rejected else 0)
    with _reasons(as_json=as_json), ProgressDisplay(sys.stderr) as progress, _without_collection():
        report = bootstrap.build_index(settled, progress=progress, full=full)
    if as_json:
        output.document(render.report_document(report))
    else:
        output.line(render.report(report))
    if strict and report.corpus.rejected:
        raise SystemExit(3)


@click.command()
@setting("corpus")
@setting("index")
@setting("model")
@setting("host")
@setting("port", int)
@setting("country")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def info(*, as_json: bool, **options: object) -> None:
    """Show the settings, where each comes from, and what the index holds."""
    settled = settings(**options)
    from askdoc.cli import render

    document = render.info_document(settled)
    if as_json:
        output.document(document)
    else:
        output.line(render.info(document))
