"""Renders the figures of an evaluation."""

from askdoc.cli.terminal import Glyphs, wrapped
from askdoc.evaluation.abstention import Abstention
from askdoc.evaluation.known_items import SelfCheck
from askdoc.evaluation.metrics import Evaluation

COVERAGES = (0.5, 0.8, 0.9, 1.0)
"""Where the risk-coverage curve is printed; --json has all of it."""


def evaluation_text(evaluation: Evaluation, glyphs: Glyphs) -> str:
    """The figures of an evaluation as tables."""
    lines = [f"Questions {len(evaluation.results):,}, of which {evaluation.answerable:,} have a fitting answer"]
    if evaluation.unknown_answers:
        lines.append(f"Judged answers that the index does not hold: {evaluation.unknown_answers:,}")
    if evaluation.unasked:
        lines.append(f"Judged questions that were not asked: {evaluation.unasked:,}")
    lines += ["", *(f"{name:<9}{100 * value:>7.1f} %" for name, value in evaluation.measures.items()), ""]
    lines += _confidence_table(evaluation, glyphs)
    lines += ["", *_abstention_lines(evaluation.abstention, glyphs)]
    lines += ["", "Abstention: where only the surest are answered, so many begin with an answer that does not fit"]
    for wanted in COVERAGES:
        coverage, risk = min(evaluation.risk_coverage, key=lambda point: abs(point[0] - wanted))
        lines.append(f"{100 * coverage:>6.0f} % answered{100 * risk:>8.1f} % wrong")
    lines += ["", f"Latency   p50 {evaluation.p50_ms:.1f} ms, p95 {evaluation.p95_ms:.1f} ms"]
    return "\n".join(lines)


def _confidence_table(evaluation: Evaluation, glyphs: Glyphs) -> list[str]:
    """For each confidence: how many questions got it, and how many of their first answers fit."""
    lines = [f"{'Confidence':<11}{'questions':>10}{'first fits':>12}{'95 % interval':>17}{'unanswerable':>14}"]
    for row in evaluation.reliability:
        low, high = (100 * bound for bound in row.interval)
        share = f"{100 * row.correct / row.count:.1f} %" if row.count else glyphs.to
        interval = f"{low:.1f}{glyphs.to}{high:.1f} %" if row.count else glyphs.to
        lines.append(f"{row.confidence.value:<11}{row.count:>10,}{share:>12}{interval:>17}{row.unanswerable:>14,}")
    return lines


def _abstention_lines(abstention: Abstention, glyphs: Glyphs) -> list[str]:
    """Wrong silence, wrong answers and AUROC as a table, then what they mean."""
    lines = [f"{'Wrong silence, wrong answers':<30}{'questions':>18}{'share':>10}{'95 % interval':>17}"]
    for row in abstention.rows():
        share = glyphs.to if row.value is None else f"{100 * row.value:.1f} %"
        low, high = (100 * bound for bound in row.interval)
        interval = glyphs.to if row.value is None else f"{low:.1f}{glyphs.to}{high:.1f} %"
        lines.append(f"{row.name:<30}{row.questions:>18}{share:>10}{interval:>17}")
    return [*lines, *(wrapped(f"- {sentence}", hanging="  ") for sentence in abstention.sentences())]


def self_check_text(check: SelfCheck) -> str:
    """How many stored questions find their own page, and which do not, as lines."""
    lines = [f"{check.asked:,} stored questions asked; {len(check.missed):,} do not find their own page first."]
    lines += [f"- {name}: {' '.join(title.split())}" for name, title in check.missed]
    if check.unaskable:
        lines.append(f"{len(check.unaskable):,} stored questions are too long to be asked:")
        lines += [f"- {name}" for name, _ in check.unaskable]
    if check.untitled:
        lines.append(f"{check.untitled:,} stored questions are not asked: their titles say nothing of their answers.")
    return "\n".join(lines)
