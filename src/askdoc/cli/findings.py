"""Puts what was found in a corpus into lines, and sums up what is alike: a report has an end."""

import re
from collections.abc import Sequence

from askdoc.cli.terminal import wrapped
from askdoc.corpus.reader import Finding

LISTED = 20
"""So many are shown one by one."""
KINDS = 12
"""So many kinds are shown where there are more, the most frequent first."""
PLACES = 3
_PARTICULAR = re.compile(r"'[^']*'|\"[^\"]*\"|\S*\d\S*|…\S*")


def lines(found: Sequence[Finding]) -> list[str]:
    """A line for each, or, where there are many, for each kind with its count and the places of some more."""
    if len(found) <= LISTED:
        return [_line(finding) for finding in found]
    kinds: dict[str, list[Finding]] = {}
    for finding in found:
        kinds.setdefault(_kind(finding), []).append(finding)
    by_count = sorted(kinds.values(), key=len, reverse=True)
    said = [text for alike in by_count[:KINDS] for text in _summed_up(alike)]
    if rest := by_count[KINDS:]:
        said.append(wrapped(f"- and {sum(map(len, rest)):,} of {len(rest):,} other kinds.", "  ", hanging="    "))
    said.append(wrapped("Each of them is listed with --json.", "  "))
    return said


def _summed_up(alike: Sequence[Finding]) -> list[str]:
    first, *others = alike
    if not others:
        return [_line(first)]
    places = ", ".join(str(finding.source) for finding in others[:PLACES])
    more = f", … {len(others) - PLACES:,} more" if len(others) > PLACES else ""
    return [_line(first), wrapped(f"{len(alike):,} times in all, also at {places}{more}", "    ")]


def _line(finding: Finding) -> str:
    return wrapped(f"- {finding}", "  ", hanging="    ")


def _kind(finding: Finding) -> str:
    """What is said without the names and numbers in it."""
    return _PARTICULAR.sub("…", f"{finding.reason} {finding.hint}")
