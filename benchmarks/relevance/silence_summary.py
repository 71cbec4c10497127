"""Writes what was measured of wrong silence: the table of all collections, and the figures that sum it up."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.relevance.silence_figures import SilenceLine
from benchmarks.relevance.silence_sets import CORPORA, NEUTRAL, OTHER

LONG = ("silver", "counselchat long", "mediqa", "mediqa messages", "mediqa messages, among others")
"""The collections of patients' long messages."""
ALSO_OTHER_WORDS = ("paraphrases",)
"""Collections of the first group that ask in other words."""
COLUMNS: tuple[tuple[str, Callable[[SilenceLine], str]], ...] = (
    ("set", lambda line: line.name),
    ("pages", lambda line: f"{line.pages:,}"),
    ("asked", lambda line: f"{line.asked}"),
    ("BM25", lambda line: _shown(line, "bm25")),
    ("dense", lambda line: _shown(line, "dense")),
    ("ours", lambda line: _shown(line, "ndcg")),
    ("first right", lambda line: _shown(line, "right")),
    ("right, refused", lambda line: line.intervals.get("refused", "")),
    ("… half not learned from", lambda line: _shown(line, "refused_unseen")),
    ("right in three, refused", lambda line: _shown(line, "refused_in_three")),
    ("AUROC", lambda line: line.intervals.get("auroc", "")),
    ("requests through", lambda line: _shown(line, "passed", 2)),
    ("… second half", lambda line: _shown(line, "passed_unseen", 2)),
    ("dense cut: kept", lambda line: _shown(line, "dense_kept")),
    ("through", lambda line: _shown(line, "dense_passed", 2)),
    ("plain cut: kept", lambda line: _shown(line, "cut_kept")),
    ("through", lambda line: _shown(line, "cut_passed", 2)),
    ("ours, kept at its through", lambda line: _shown(line, "kept_at_cut")),
    ("plain cut, through at our kept", lambda line: _shown(line, "cut_passed_at_ours", 2)),
    ("never worse", lambda line: never_worse(line)),
    ("topic out, through", lambda line: _shown(line, "uncovered")),
    ("… 95 % kept", lambda line: _shown(line, "uncovered_at_95")),
)
"""The columns of the table: nDCG@10 of three, then shares in percent."""
HEAD = f"| {' | '.join(name for name, _ in COLUMNS)} |\n|---|{'--:|' * (len(COLUMNS) - 1)}"
SUMMARY_HEAD = "| figure | mean | worst | of sets | reach |\n|---|--:|--:|--:|--:|"


def _shown(line: SilenceLine, name: str, digits: int = 1) -> str:
    value = line.figures.get(name)
    return "" if value is None else f"{value:.{digits}f}"


def never_worse(line: SilenceLine) -> str:
    """Whether ours keeps as much as the plain cut where it lets no more through: yes or no, with the difference."""
    gain = line.figures.get("gain")
    return "" if gain is None else f"{'yes' if gain >= 0 else 'no'}, {line.intervals['gain']}"


def markdown(line: SilenceLine) -> str:
    """One line of the table."""
    return f"| {' | '.join(shown(line) for _, shown in COLUMNS)} |"


@dataclass(frozen=True)
class SummaryLine:
    """A figure over several collections: its values, whether the greatest is the worst, and what is to be reached."""

    name: str
    values: Sequence[float]
    greatest_is_worst: bool
    reach: str

    def markdown(self) -> str:
        """One line of the summary; nothing measured is told as such."""
        if not self.values:
            return f"| {self.name} | | | 0 | {self.reach} |"
        worst = max(self.values) if self.greatest_is_worst else min(self.values)
        return f"| {self.name} | {np.mean(self.values):.1f} | {worst:.1f} | {len(self.values)} | {self.reach} |"


def summary(lines: Sequence[SilenceLine]) -> Iterator[SummaryLine]:
    """The figures that sum the table up; every collection counts alike."""
    neutral = [line for line in lines if line.group == NEUTRAL and line.name != line.plain]
    long = [line for line in lines if line.name in LONG]
    other = [line for line in lines if line.group == OTHER or line.name in ALSO_OTHER_WORDS]
    other = [line for line in other if line.name not in LONG]
    of_pages = [line for line in lines if line.group == CORPORA]
    yield SummaryLine("neutral titles: nDCG@10 less that without titles", losses(neutral, lines), False, "≥ −0.3")
    yield SummaryLine("neutral titles: right first answers refused", _values(neutral, "refused"), True, "≤ 12")
    yield SummaryLine("long messages: right first answers refused", _values(long, "refused"), True, "≤ 10")
    yield SummaryLine("other words: right first answers refused", _values(other, "refused"), True, "≤ 8")
    yield SummaryLine("AUROC on both", _values([*long, *other], "auroc"), False, "≥ 85")
    yield SummaryLine("requests let through", _values(lines, "passed"), True, "≤ 0.5")
    yield SummaryLine("MedQuAD's pages, topic out: let through", _values(of_pages, "uncovered"), True, "")
    yield SummaryLine("… where 95 % are kept", _values(of_pages, "uncovered_at_95"), True, "≤ 22")
    yield SummaryLine("kept, less what the plain cut keeps", _values(lines, "gain"), False, "≥ 0")
    worse = 100 * np.array([gain < 0 for gain in _values(lines, "gain")], float)
    yield SummaryLine("sets where the plain cut keeps more", worse.tolist(), True, "0")


def losses(changed: Sequence[SilenceLine], lines: Sequence[SilenceLine]) -> list[float]:
    """The nDCG@10 of collections with changed titles, less that of the same without titles."""
    without = {line.name: line.figures["ndcg"] or 0.0 for line in lines}
    return [(line.figures["ndcg"] or 0.0) - without[line.plain] for line in changed if line.plain in without]


def _values(lines: Sequence[SilenceLine], name: str) -> list[float]:
    return [value for line in lines if (value := line.figures.get(name)) is not None]


def document(lines: Sequence[SilenceLine]) -> str:
    """Both tables."""
    return "\n".join(
        [
            HEAD,
            *(markdown(line) for line in lines),
            "",
            SUMMARY_HEAD,
            *(line.markdown() for line in summary(lines)),
            "",
        ]
    )
