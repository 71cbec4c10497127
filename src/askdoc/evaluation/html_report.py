"""Renders an evaluation as one HTML page, its plots drawn in SVG, that loads nothing from elsewhere."""

from collections.abc import Iterable, Sequence
from html import escape

from askdoc.evaluation.abstention import EstimateRow
from askdoc.evaluation.metrics import Evaluation, QueryResult, Reliability
from askdoc.models import Confidence

WIDTH, HEIGHT, MARGIN = 420, 260, 44
"""A plot's size and the margin around its axes, in pixels."""
MOST_LISTED = 20
"""Questions of each kind that are listed."""
RISK_COVERAGE_CAPTION = (
    "Risk–coverage: where only the surest questions are answered, "
    "how many of those begin with an answer that does not fit."
)
RELIABILITY_CAPTION = (
    "Reliability of the confidence words: the share of questions whose first answer fits, with its interval of 95 %."
)
STYLE = """
:root { color-scheme: light dark; --ink: #1c2b2a; --soft: #5b6b69; --line: #d9ded9; --mark: #0b5d57; --paper: #fbfaf7; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6ece9; --soft: #a9b8b4; --line: #33413e; --mark: #7fd1c5; --paper: #121817; }
}
body { font: 100%/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-inline-size: 58rem;
  margin: 2rem auto; padding-inline: 1rem; }
table { border-collapse: collapse; margin-block: 1rem; }
th, td { text-align: start; padding: .3rem 1.2rem .3rem 0; border-block-end: 1px solid var(--line); }
td.number { text-align: end; font-variant-numeric: tabular-nums; }
.plots { display: flex; flex-wrap: wrap; gap: 1rem 2rem; }
figure { margin: 0; }
figcaption, .soft { color: var(--soft); max-inline-size: 42ch; }
svg { inline-size: 100%; max-inline-size: 420px; block-size: auto; font-size: 12px; }
svg text { fill: var(--soft); }
.axis { stroke: var(--line); fill: none; }
.drawn { stroke: var(--mark); fill: none; stroke-width: 2; }
.dot { fill: var(--mark); }
"""


def page(evaluation: Evaluation, *, index_id: str) -> str:
    """Render the whole page."""
    figures = [(name, f"{100 * value:.1f}") for name, value in evaluation.measures.items()]
    figures += [("p50 latency", f"{evaluation.p50_ms:.1f} ms"), ("p95 latency", f"{evaluation.p95_ms:.1f} ms")]
    results = evaluation.results
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>askdoc eval: index {escape(index_id)}</title><style>{STYLE}</style></head><body>",
        f"<h1>How well index {escape(index_id)} answers</h1>",
        f"<p>{len(results):,} questions; the measures are means over the {evaluation.answerable:,} that have a "
        f"fitting answer. Judged answers that the index does not hold: {evaluation.unknown_answers:,}.</p>",
        _table(("measure", "percent"), figures),
        '<div class="plots">',
        _figure(_risk_coverage_plot(evaluation.risk_coverage), RISK_COVERAGE_CAPTION),
        _figure(_reliability_plot(evaluation.reliability), RELIABILITY_CAPTION),
        "</div>",
        _table(
            ("confidence", "questions", "first fits", "fits in the first three", "have no fitting answer"),
            [
                (row.confidence.value, *map(str, (row.count, row.correct, row.correct_in_three, row.unanswerable)))
                for row in evaluation.reliability
            ],
        ),
        "<h2>Wrong silence, wrong answers</h2>",
        _table(("figure", "questions", "share", "95 % interval"), map(_estimate_cells, evaluation.abstention.rows())),
        *(f"<p>{escape(sentence)}</p>" for sentence in evaluation.abstention.sentences()),
        *_list_section("Sure and wrong", results, Confidence.STRONG, correct=False),
        *_list_section("Right and refused", results, Confidence.NONE, correct=True),
        "</body></html>",
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def _estimate_cells(row: EstimateRow) -> tuple[str, ...]:
    if row.value is None:
        return row.name, row.questions, "not known", ""
    low, high = (100 * bound for bound in row.interval)
    return row.name, row.questions, f"{100 * row.value:.1f} %", f"{low:.1f}–{high:.1f} %"


def _list_section(
    title: str, results: Iterable[QueryResult], confidence: Confidence, *, correct: bool
) -> tuple[str, ...]:
    """A heading with a count, and the first questions with this confidence whose first answer is so."""
    found = [one for one in results if one.is_correct is correct and one.ranking.confidence is confidence]
    rows = [(one.id, one.text, _first(one)) for one in found[:MOST_LISTED]]
    table = _table(("question", "text", "first answer"), rows) if rows else '<p class="soft">None.</p>'
    return f"<h2>{title} ({len(found):,})</h2>", table


def _first(result: QueryResult) -> str:
    return result.ranking.answers[0][0] if result.ranking.answers else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _cell(text: str) -> str:
    number = (
        ' class="number"'
        if text[:1].isdigit() and text.replace(".", "").removesuffix(" ms").removesuffix(" %").isdigit()
        else ""
    )
    return f"<td{number}>{escape(text)}</td>"


def _figure(drawing: str, caption: str) -> str:
    return f"<figure>{drawing}<figcaption>{escape(caption)}</figcaption></figure>"


def _x(share: float) -> float:
    return MARGIN + share * (WIDTH - 2 * MARGIN)


def _y(share: float) -> float:
    return HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)


def _axes(label: str, x_name: str, y_name: str) -> str:
    """Begin a plot with its axes, their names and percentages; ``label`` is what a screen reader says of it."""
    ticks = "".join(
        f'<line class="axis" x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{_y(share):.1f}" y2="{_y(share):.1f}"/>'
        f'<text x="{MARGIN - 6}" y="{_y(share) + 4:.1f}" text-anchor="end">{100 * share:.0f}</text>'
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">{ticks}'
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 6}" text-anchor="middle">{escape(x_name)}</text>'
        f'<text x="{MARGIN}" y="{MARGIN - 14}">{escape(y_name)}</text>'
    )


def _risk_coverage_plot(curve: Sequence[tuple[float, float]]) -> str:
    points = " ".join(f"{_x(coverage):.1f},{_y(risk):.1f}" for coverage, risk in curve)
    ticks = "".join(
        f'<text x="{_x(share):.1f}" y="{HEIGHT - MARGIN + 16}" text-anchor="middle">{100 * share:.0f}</text>'
        for share in (0.0, 0.5, 1.0)
    )
    label = "; ".join(f"{100 * coverage:.0f} % answered, {100 * risk:.0f} % wrong" for coverage, risk in curve)
    axes = _axes(label, "answered, %", "first answer wrong, %")
    return f'{axes}{ticks}<polyline class="drawn" points="{points}"/></svg>'


def _reliability_plot(rows: Sequence[Reliability]) -> str:
    drawn = []
    for place, row in enumerate(rows):
        x = _x((place + 0.5) / len(rows))
        name = f"{row.confidence.value} ({row.count:,})"
        drawn.append(f'<text x="{x:.1f}" y="{HEIGHT - MARGIN + 16}" text-anchor="middle">{name}</text>')
        if row.count:
            low, high = row.interval
            share = row.correct / row.count
            drawn.append(f'<line class="drawn" x1="{x:.1f}" x2="{x:.1f}" y1="{_y(low):.1f}" y2="{_y(high):.1f}"/>')
            drawn.append(f'<circle class="dot" cx="{x:.1f}" cy="{_y(share):.1f}" r="5"/>')
    label = "; ".join(f"{row.confidence.value}: {row.correct} of {row.count} right" for row in rows)
    return f"{_axes(label, 'confidence word (questions)', 'first answer fits, %')}{''.join(drawn)}</svg>"
