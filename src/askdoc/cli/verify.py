"""The command ``askdoc verify``: checks the index for damage."""

from pathlib import Path

import click

from askdoc.cli import output
from askdoc.cli.options import load_settings, setting_option
from askdoc.errors import IndexUnusable


@click.command()
@setting_option("corpus")
@setting_option("index")
@setting_option("model")
@click.option("--questions", type=click.IntRange(0), default=100, show_default=True, help="Stored questions to ask.")
@click.option("--golden", type=Path, help='Ask these instead: JSONL of {"question", "question_id"}.')
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
def verify(*, questions: int, golden: Path | None, as_json: bool, **options: object) -> None:
    """Check every byte of the index, every passage against the corpus, and golden questions.

    Damage is named, and the exit code is then 4. A corpus that has changed since is no damage: it is only said.
    """
    settings = load_settings(**options)
    from askdoc import bootstrap
    from askdoc.cli.render.verdict import verdict_document, verdict_text
    from askdoc.evaluation import known_items

    verdict = bootstrap.verify_index(settings, questions=questions, asked=known_items.read(golden) if golden else None)
    if as_json:
        output.document(verdict_document(verdict))
    else:
        output.line(verdict_text(verdict))
    if verdict.wrong:
        raise SystemExit(IndexUnusable.exit_code)
