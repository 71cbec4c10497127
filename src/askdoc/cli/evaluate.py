"""The command ``askdoc eval``: evaluates an index with judged questions, or with its own."""

import sys
from pathlib import Path
from typing import Any

import click

from askdoc.cli import output
from askdoc.cli.options import load_settings, setting_option
from askdoc.errors import UsageError
from askdoc.settings import Settings

MISSED = 1
"""The exit code where a stored question does not find its own page."""


@click.command("eval")
@setting_option("index")
@setting_option("model")
@click.option("--queries", type=Path, metavar="FILE", help='Questions: {"id", "text"} to a line.')
@click.option("--qrels", type=Path, metavar="FILE", help="Judgements: question id, answer id and grade, by tabs.")
@click.option("--self", "own", is_flag=True, help="Ask every stored question instead; exit with 1 if any is missed.")
@click.option("--run", type=Path, metavar="FILE", help="Write the ranking there, as TREC has it.")
@click.option("--html", type=Path, metavar="FILE", help="Write a report with plots there.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def evaluate(
    *,
    queries: Path | None,
    qrels: Path | None,
    own: bool,
    run: Path | None,
    html: Path | None,
    as_json: bool,
    **options: object,
) -> None:
    """Measure how well the index answers questions whose answers are known.

    Give --queries and --qrels, or --self. docs/evaluation.md explains files and figures.
    """
    if own == bool(queries and qrels) or (own and (queries or qrels or run or html)) or bool(queries) != bool(qrels):
        raise UsageError("Give --queries and --qrels, or --self alone (--json goes with either).")
    settings = load_settings(**options)
    if queries and qrels:
        document, text = _evaluate_files(settings, queries=queries, qrels=qrels, run=run, html=html)
    else:
        document, text = _evaluate_self(settings)
    if as_json:
        output.document(document)
    else:
        output.line(text)
    if document.get("missed"):
        raise SystemExit(MISSED)


def _evaluate_files(
    settings: Settings, *, queries: Path, qrels: Path, run: Path | None, html: Path | None
) -> tuple[dict[str, Any], str]:
    """Evaluate with questions and judgements; the figures as plain values and as lines."""
    from askdoc import bootstrap
    from askdoc.cli.render.evaluation import evaluation_text
    from askdoc.evaluation import metrics, report, trec_files

    questions, judgements = trec_files.queries(queries), trec_files.qrels(qrels)
    index = bootstrap.open_generation(settings)
    evaluation = metrics.evaluate(bootstrap.responder(index), questions, judgements)
    if run:
        rankings = (
            (result.id, result.ranking.answers, result.ranking.confidence.value) for result in evaluation.results
        )
        trec_files.write(run, (line for ranking in rankings for line in trec_files.run_lines(*ranking)))
    if html:
        trec_files.write(html, [report.page(evaluation, index_id=index.index_id)])
    text = evaluation_text(evaluation, output.glyphs(sys.stdout))
    return {"index_id": index.index_id, **evaluation.document()}, text


def _evaluate_self(settings: Settings) -> tuple[dict[str, Any], str]:
    """Ask every stored question; which ones find their own page, as plain values and as lines."""
    from askdoc import bootstrap
    from askdoc.cli.render.evaluation import self_check_text
    from askdoc.evaluation import known_items

    index = bootstrap.open_generation(settings)
    check = known_items.check_self(bootstrap.responder(index), index.documents.asked())
    return {"index_id": index.index_id, **check.document()}, self_check_text(check)
