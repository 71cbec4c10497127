"""The command ``askdoc index``: brings the index up to the corpus."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from askdoc.cli import garbage_collection, output
from askdoc.cli.options import load_settings, setting_option
from askdoc.errors import CorpusError
from askdoc.settings import Settings

REJECTED = CorpusError.exit_code
"""The exit code of --strict."""


@click.command()
@setting_option("corpus")
@setting_option("index")
@setting_option("model")
@setting_option("device")
@click.option("--full", is_flag=True, help="Embed everything anew, whatever is known already.")
@click.option("--dry-run", is_flag=True, help="Only tell what would change. Nothing is written.")
@click.option("--strict", is_flag=True, help="Exit with 3 if anything in the corpus was rejected.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def index(*, full: bool, dry_run: bool, strict: bool, as_json: bool, **options: object) -> None:
    """Bring the index up to the corpus.

    The index that is served stays in use until the new one is whole. Stopped at any moment, nothing is lost:
    the next run goes on from there.
    """
    settings = load_settings(**options)
    with _refusal_explained(as_json=as_json), garbage_collection.paused():
        has_rejected = _plan(settings, as_json=as_json) if dry_run else _build(settings, full=full, as_json=as_json)
    if strict and has_rejected:
        raise SystemExit(REJECTED)


def _plan(settings: Settings, *, as_json: bool) -> bool:
    """Print what a build would do; whether anything in the corpus is rejected."""
    from askdoc import bootstrap
    from askdoc.cli.render.report import plan_document, plan_text

    plan = bootstrap.plan_index(settings)
    if as_json:
        output.document(plan_document(plan))
    else:
        output.line(plan_text(plan))
    return bool(plan.corpus.rejected)


def _build(settings: Settings, *, full: bool, as_json: bool) -> bool:
    """Build the index, and print what was done; whether anything in the corpus was rejected."""
    from askdoc import bootstrap
    from askdoc.cli.progress import ProgressDisplay
    from askdoc.cli.render.report import report_document, report_text

    with ProgressDisplay(sys.stderr) as progress:
        report = bootstrap.build_index(settings, progress=progress, full=full)
    if as_json:
        output.document(report_document(report))
    else:
        output.line(report_text(report))
    return bool(report.corpus.rejected)


@contextmanager
def _refusal_explained(*, as_json: bool) -> Iterator[None]:
    """Show why nothing of a corpus could be used, before the sentence that says so."""
    try:
        yield
    except CorpusError as error:
        from askdoc.cli.render.report import refusal_document, refusal_text
        from askdoc.indexer.build import NothingUsable

        if as_json:
            output.document(refusal_document(error))
        elif isinstance(error, NothingUsable):
            output.sentences(refusal_text(error))
        raise
