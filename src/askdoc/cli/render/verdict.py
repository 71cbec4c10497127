"""Renders what a verification found: what is wrong first."""

from typing import Any

from askdoc.cli.terminal import wrapped
from askdoc.indexer.verify import VerificationReport


def verdict_text(verdict: VerificationReport) -> str:
    """A verdict as lines."""
    lines = [wrapped(f"- {sentence}", hanging="  ") for sentence in verdict.wrong]
    lines += [wrapped(f"  {sentence}", hanging="  ") for sentence in verdict.remarks]
    lines.append(
        f"{verdict.files:,} files hashed, {verdict.passages:,} passages compared, {verdict.asked:,} questions asked."
    )
    lines.append(f"{len(verdict.wrong):,} things are wrong." if verdict.wrong else "Nothing is wrong.")
    return "\n".join(lines)


def verdict_document(verdict: VerificationReport) -> dict[str, Any]:
    """A verdict as plain values."""
    return {
        "generation": verdict.checked and verdict.checked.path.name,
        "wrong": list(verdict.wrong),
        "remarks": list(verdict.remarks),
        "up_to_date": verdict.up_to_date,
        "files": verdict.files,
        "passages": verdict.passages,
        "asked": verdict.asked,
    }
