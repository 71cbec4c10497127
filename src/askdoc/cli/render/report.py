"""Renders what a build did, would do, or refused."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from askdoc.cli.render.findings import finding_document, finding_lines
from askdoc.cli.render.info import NOT_EXPORTED
from askdoc.cli.terminal import safe, wrapped
from askdoc.corpus.loader import Corpus
from askdoc.corpus.reader import Finding
from askdoc.errors import CorpusError
from askdoc.indexer.build import BuildPlan, BuildReport, NothingUsable
from askdoc.indexer.changes import Changes

HELD = (
    "Not built: {held} holds this very corpus, and you went back from it to {active}. Mend the corpus, "
    "or run: askdoc rollback --undo"
)


UNTITLED = (
    '{number} of {questions} titles say nothing of their answers, such as "{example}". They count as missing: those '
    "answers are found by their text alone. Where you can, make the question itself the title, then run: askdoc index"
)


def report_text(report: BuildReport) -> str:
    """What a build read and made, as lines."""
    counts = report.manifest.counts
    lines = [
        f"Pages read    {report.corpus.rows:>8,}",
        f"Questions     {counts.questions:>8,}",
        f"Answers       {counts.answers:>8,}",
        f"Passages      {counts.passages:>8,}",
        f"Encoder       {report.manifest.model.encoder}",
    ]
    if not report.manifest.model.exported:
        lines.append(wrapped(NOT_EXPORTED))
    if report.changed:
        lines += [*_change_lines(report.changes), f"Newly embedded{report.embedded:>8,}"]
    lines += [*_corpus_lines(report.corpus), *_title_lines(report)]
    if report.held:
        return "\n".join([*lines, wrapped(HELD.format(held=report.held, active=report.path.name))])
    state = "is now active" if report.changed else "was up to date; nothing changed"
    return "\n".join([*lines, f"Index {report.manifest.index_id} {state}."])


def report_document(report: BuildReport) -> dict[str, Any]:
    """What a build read and made, as plain values."""
    counts = report.manifest.counts
    return {
        "changed": report.changed,
        "held": report.held,
        "index_id": report.manifest.index_id,
        "generation": report.path.name,
        "pages": counts.pages,
        "questions": counts.questions,
        "answers": counts.answers,
        "passages": counts.passages,
        "untitled": report.manifest.untitled,
        "untitled_example": report.untitled_example,
        "encoder": report.manifest.model.encoder,
        "embedded": report.embedded,
        "changes": asdict(report.changes) if report.changed else None,
        **_corpus_document(report.corpus),
    }


def plan_text(plan: BuildPlan) -> str:
    """What a build would do, as lines."""
    lines = [*_change_lines(plan.changes), *_corpus_lines(plan.corpus)]
    for kind in ("added", "changed", "removed"):
        lines += [f"{kind:<9}{safe(page)}" for page in getattr(plan.changes, f"pages_{kind}")]
    if plan.anew:
        lines.append(wrapped(f"Everything would be embedded anew: {plan.anew}"))
    if plan.held:
        lines.append(f"Held back since the rollback: {plan.held} has this corpus already.")
    return "\n".join([*lines, "Nothing was written."])


def plan_document(plan: BuildPlan) -> dict[str, Any]:
    """What a build would do, as plain values."""
    return {**asdict(plan.changes), "anew": plan.anew, "held": plan.held, **_corpus_document(plan.corpus)}


def refusal_text(error: NothingUsable) -> str:
    """Why nothing of a corpus could be used, as lines."""
    return "\n".join([f"Pages read    {error.corpus.rows:>8,}", *_corpus_lines(error.corpus)])


def refusal_document(error: CorpusError) -> dict[str, Any]:
    """Why nothing of a corpus could be used, as plain values; no findings where its folder could not be read."""
    findings = _corpus_document(error.corpus) if isinstance(error, NothingUsable) else _findings_document((), ())
    return {"changed": False, "error": str(error), **findings}


def _change_lines(changes: Changes) -> list[str]:
    return [
        f"  added       {changes.added:>8,}",
        f"  changed     {changes.changed:>8,}",
        f"  removed     {changes.removed:>8,}",
        f"  unchanged   {changes.unchanged:>8,}",
    ]


def _title_lines(report: BuildReport) -> list[str]:
    """How many titles say nothing, and what to do."""
    number, questions = report.manifest.untitled, report.manifest.counts.questions
    if not report.untitled_example:
        return []
    example = safe(" ".join(report.untitled_example.split()))
    sentence = UNTITLED.format(number=f"{number:,}", questions=f"{questions:,}", example=example)
    return [f"No title      {number:>8,}", wrapped(sentence)]


def _corpus_lines(corpus: Corpus) -> list[str]:
    """What was rejected of a corpus, and what was remarked on."""
    lines = [f"Rejected      {len(corpus.rejected):>8,}", *finding_lines(corpus.rejected)]
    if corpus.remarks:
        lines += [f"Remarks       {len(corpus.remarks):>8,}", *finding_lines(corpus.remarks)]
    return lines


def _corpus_document(corpus: Corpus) -> dict[str, Any]:
    return _findings_document(corpus.rejected, corpus.remarks)


def _findings_document(rejected: Sequence[Finding], remarks: Sequence[Finding]) -> dict[str, Any]:
    return {
        "rejected": [finding_document(finding) for finding in rejected],
        "remarks": [finding_document(finding) for finding in remarks],
    }
