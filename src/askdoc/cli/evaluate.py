"""The command ``askdoc eval``: evaluates an index with judged questions, or with its own."""

import sys
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import click

from askdoc.cli import output
from askdoc.cli.options import load_settings, setting_option
from askdoc.errors import UsageError
from askdoc.settings import Settings

WHAT_TO_GIVE = "Give --queries and --qrels, or --self alone (--json goes with either)."
MISSED = 1
"""The exit code where a stored question does not find its own page."""


@dataclass(frozen=True, slots=True)
class EvaluationFiles:
    """The files that an evaluation reads, and those that it writes where they are given."""

    queries: Path
    qrels: Path
    run: Path | None
    html: Path | None

    @classmethod
    def given(
        cls, *, queries: Path | None, qrels: Path | None, run: Path | None, html: Path | None
    ) -> "EvaluationFiles | None":
        """The files of the options, or None where none is given. Raises UsageError where one is missing."""
        if queries and qrels:
            return cls(queries, qrels, run, html)
        if queries or qrels or run or html:
            raise UsageError(WHAT_TO_GIVE)
        return None


@click.command("eval")
@setting_option("index")
@setting_option("model")
@click.option("--queries", type=Path, metavar="FILE", help='Questions: {"id", "text"} to a line.')
@click.option("--qrels", type=Path, metavar="FILE", help="Judgements: question id, answer id and grade, by tabs.")
@click.option("--self", "own", is_flag=True, help="Ask every stored question instead; exit with 1 if any is missed.")
@click.option("--run", type=Path, metavar="FILE", help="Write the ranking there, as TREC has it.")
@click.option("--html", type=Path, metavar="FILE", help="Write a report with plots there.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def evaluate(*, own: bool, as_json: bool, **options: Any) -> None:
    """Measure how well the index answers questions whose answers are known.

    Give --queries and --qrels, or --self. docs/evaluation.md explains files and figures.
    """
    files = EvaluationFiles.given(**{name: options.pop(name) for name in EvaluationFiles.__slots__})
    if own == (files is not None):
        raise UsageError(WHAT_TO_GIVE)
    settings = load_settings(**options)
    document, text = _evaluate_files(settings, files) if files else _evaluate_self(settings)
    if as_json:
        output.document(document)
    else:
        output.line(text)
    if document.get("missed"):
        raise SystemExit(MISSED)


def _evaluate_files(settings: Settings, files: EvaluationFiles) -> tuple[dict[str, Any], str]:
    """Evaluate with questions and judgements; the figures as plain values and as lines."""
    from askdoc import bootstrap
    from askdoc.cli.render.evaluation import evaluation_text
    from askdoc.evaluation import html_report, metrics, trec_files

    queries, qrels = trec_files.queries(files.queries), trec_files.qrels(files.qrels)
    index = bootstrap.open_generation(settings)
    evaluation = metrics.evaluate(bootstrap.responder(index), queries, qrels)
    if files.run:
        rankings = ((result.id, result.ranking) for result in evaluation.results)
        lines = (trec_files.run_lines(name, ranking.answers, ranking.confidence.value) for name, ranking in rankings)
        trec_files.write(files.run, chain.from_iterable(lines))
    if files.html:
        trec_files.write(files.html, [html_report.page(evaluation, index_id=index.index_id)])
    text = evaluation_text(evaluation, output.glyphs(sys.stdout))
    return {"index_id": index.index_id, **evaluation.document()}, text


def _evaluate_self(settings: Settings) -> tuple[dict[str, Any], str]:
    """Ask every stored question; which ones find their own page, as plain values and as lines."""
    from askdoc import bootstrap
    from askdoc.cli.render.evaluation import self_check_text
    from askdoc.evaluation import known_items

    index = bootstrap.open_generation(settings)
    documents = index.documents
    untitled = known_items.untitled(documents)
    check = known_items.check_self(bootstrap.responder(index), documents.asked(), untitled=untitled)
    return {"index_id": index.index_id, **check.document()}, self_check_text(check)
