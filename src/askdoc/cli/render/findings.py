"""Renders the findings of a corpus, each by itself or, where there are many, summed up by kind."""

import re
from collections.abc import Sequence
from typing import Any

from askdoc.cli.terminal import wrapped
from askdoc.corpus.reader import Finding

MAX_LISTED = 20
"""Findings that are shown one by one; more are summed up."""
MAX_KINDS = 12
"""Kinds that are shown where findings are summed up, the most frequent first."""
MAX_PLACES = 3
"""Places that are named for a kind, beside that of its first finding."""
_PARTICULAR = re.compile(r"'[^']*'|\"[^\"]*\"|\S*\d\S*|…\S*")
"""What differs between findings of one kind: quoted names, and words with numbers."""


def finding_lines(findings: Sequence[Finding]) -> list[str]:
    """A line for each finding; where there are many, one for each kind with its count and places."""
    if len(findings) <= MAX_LISTED:
        return [_line(finding) for finding in findings]
    kinds: dict[str, list[Finding]] = {}
    for finding in findings:
        kinds.setdefault(_kind(finding), []).append(finding)
    by_count = sorted(kinds.values(), key=len, reverse=True)
    lines = [line for kind in by_count[:MAX_KINDS] for line in _summary(kind)]
    if rest := by_count[MAX_KINDS:]:
        lines.append(wrapped(f"- and {sum(map(len, rest)):,} of {len(rest):,} other kinds.", "  ", hanging="    "))
    lines.append(wrapped("Each of them is listed with --json.", "  "))
    return lines


def finding_document(finding: Finding) -> dict[str, Any]:
    """A finding as plain values."""
    return {
        "file": finding.source.file,
        "line": finding.source.line,
        "reason": finding.reason,
        "hint": finding.hint,
    }


def _summary(kind: Sequence[Finding]) -> list[str]:
    """The first finding of a kind, and how many more there are and where."""
    first, *others = kind
    if not others:
        return [_line(first)]
    places = ", ".join(str(finding.source) for finding in others[:MAX_PLACES])
    more = f", … {len(others) - MAX_PLACES:,} more" if len(others) > MAX_PLACES else ""
    return [_line(first), wrapped(f"{len(kind):,} times in all, also at {places}{more}", "    ")]


def _line(finding: Finding) -> str:
    return wrapped(f"- {finding}", "  ", hanging="    ")


def _kind(finding: Finding) -> str:
    """What a finding says, without the names and numbers in it."""
    return _PARTICULAR.sub("…", f"{finding.reason} {finding.hint}")
