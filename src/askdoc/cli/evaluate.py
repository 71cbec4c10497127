"""Evaluates an index from the command line, with the figures as words for a terminal."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from askdoc.cli import output
from askdoc.cli.options import setting, settings
from askdoc.cli.terminal import Marks
from askdoc.errors import UsageError
from askdoc.settings import Settings

if TYPE_CHECKING:
    from askdoc.evaluation.known_items import SelfCheck
    from askdoc.evaluation.metrics import Evaluation

COVERED = (0.5, 0.8, 0.9, 1.0)
"""Where the abstention curve is printed; --json has all of it."""


@click.command("eval")
@setting("index")
@setting("model")
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
    settled = settings(**options)
    if queries and qrels:
        document, text = from_files(settled, queries=queries, qrels=qrels, run=run, html=html)
    else:
        document, text = from_itself(settled)
    output.document(document) if as_json else output.line(text)
    if document.get("missed"):
        raise SystemExit(1)


def from_files(
    settings: Settings, *, queries: Path, qrels: Path, run: Path | None, html: Path | None
) -> tuple[dict[str, Any], str]:
    """Measure with questions and judgements; the figures as plain values and as a table."""
    from askdoc import bootstrap
    from askdoc.evaluation import metrics, report, trec_files

    asked, judged = trec_files.queries(queries), trec_files.qrels(qrels)
    index = bootstrap.open_generation(settings)
    found = metrics.evaluate(bootstrap.responder(index), asked, judged)
    if run:
        results = ((result.id, result.ranking.answers, result.ranking.confidence.value) for result in found.results)
        trec_files.write(run, (line for result in results for line in trec_files.run_lines(*result)))
    if html:
        trec_files.write(html, [report.page(found, index_id=index.index_id)])
    return {"index_id": index.index_id, **found.document()}, table(found, output.marks(sys.stdout))


def from_itself(settings: Settings) -> tuple[dict[str, Any], str]:
    """Ask every stored question; what came of it as plain values and as lines."""
    from askdoc import bootstrap
    from askdoc.evaluation import known_items

    index = bootstrap.open_generation(settings)
    found = known_items.check_self(bootstrap.responder(index), index.documents.asked())
    return {"index_id": index.index_id, **found.document()}, lines(found)


def table(found: "Evaluation", marks: Marks) -> str:
    """The figures as a table."""
    lines = [f"Questions {len(found.results):,}, of which {found.answerable:,} have a fitting answer"]
    if found.unknown_answers:
        lines.append(f"Judged answers that the index does not hold: {found.unknown_answers:,}")
    if found.unasked:
        lines.append(f"Judged questions that were not asked: {found.unasked:,}")
    lines += ["", *(f"{name:<9}{100 * value:>7.1f} %" for name, value in found.measures.items()), ""]
    lines.append(f"{'Confidence':<11}{'questions':>10}{'first fits':>12}{'95 % interval':>17}{'unanswerable':>14}")
    for word in found.words:
        low, high = (100 * edge for edge in word.interval)
        share = f"{100 * word.first / word.count:.1f} %" if word.count else marks.to
        interval = f"{low:.1f}{marks.to}{high:.1f} %" if word.count else marks.to
        lines.append(f"{word.word.value:<11}{word.count:>10,}{share:>12}{interval:>17}{word.unanswerable:>14,}")
    lines += ["", "Abstention: where only the surest are answered, so many begin with an answer that does not fit"]
    for wanted in COVERED:
        coverage, risk = min(found.curve, key=lambda point: abs(point[0] - wanted))
        lines.append(f"{100 * coverage:>6.0f} % answered{100 * risk:>8.1f} % wrong")
    lines += ["", f"Latency   p50 {found.p50_ms:.1f} ms, p95 {found.p95_ms:.1f} ms"]
    return "\n".join(lines)


def lines(found: "SelfCheck") -> str:
    """How many stored questions find their own page, and which do not."""
    said = [f"{found.asked:,} stored questions asked; {len(found.missed):,} do not find their own page first."]
    said += [f"- {name}: {' '.join(title.split())}" for name, title in found.missed]
    if found.unaskable:
        said.append(f"{len(found.unaskable):,} stored questions are too long to be asked:")
        said += [f"- {name}" for name, _ in found.unaskable]
    return "\n".join(said)
