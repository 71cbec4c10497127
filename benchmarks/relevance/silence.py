"""Measures wrong silence: right answers refused, and requests let through, beside a plain cut of the cosine.

    python -m benchmarks.relevance.silence [--quick] [--json FILE] [--markdown FILE]

Every collection of ``silence_sets`` is calibrated as ``askdoc index`` calibrates an index, and its words are decided as
the retriever decides them. The plain cut shows an answer where the cosine of the question with the first answer's
nearest passage or title reaches ``CUT``; the dense cut looks at the nearest passage or title of all. What was learned
from a collection was learned from half of its topics: the other half stands beside the whole. ``--quick`` asks a
quarter of the questions, and an eighth of the requests.
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from askdoc.models import Confidence
from askdoc.retriever import Retriever
from askdoc.retriever.ranking import RankedCandidates
from benchmarks.relevance.baselines import Bm25, TitleAndBody
from benchmarks.relevance.cut_measures import (
    Certainties,
    Comparison,
    Truths,
    auroc_estimate,
    compare,
    passed_where_kept,
    share,
    share_estimate,
)
from benchmarks.relevance.paired_bootstrap import Values
from benchmarks.relevance.silence_sets import ASKED, CORPORA, NEUTRAL, OTHER, SilenceCase, cases
from benchmarks.relevance.table import measured
from training.datasets import half, rows
from training.embedding import CachedEmbedder
from training.in_memory_index import InMemoryIndex
from training.in_memory_retriever import retriever_of
from training.judged_answers import AskedQuestion, JudgedFeatures, ask, without_relevant
from training.judged_collections import JudgedCollection

CUT = 0.60
"""The cosine from which the plain cut shows an answer."""
KEPT = 0.95
"""The share of questions that are kept where the uncovered are compared."""
QUICK_ASKED, QUICK_REQUESTS, NEUTRAL_REQUESTS = 100, 8, 4
"""Questions of ``--quick``; and one of so many requests, there and where titles are neutral."""


@dataclass(frozen=True)
class SilenceLine:
    """What was measured on one collection, in percent, intervals as text; None where there is nothing to measure."""

    group: str
    name: str
    pages: int
    asked: int
    bm25_ndcg: float
    dense_ndcg: float
    ndcg: float
    right: float
    refused: float | None
    refused_interval: str
    refused_unseen: float | None
    refused_in_three: float | None
    auroc: float | None
    auroc_interval: str
    passed: float
    passed_unseen: float
    dense_kept: float | None
    dense_passed: float
    cut_kept: float | None
    cut_passed: float
    kept_at_cut: float | None
    cut_passed_at_ours: float | None
    gain: float | None
    gain_interval: str
    uncovered_passed: float | None = None
    uncovered_passed_at_95: float | None = None

    def markdown(self) -> str:
        """The line of the table."""
        worse = "" if self.gain is None else "yes" if self.gain >= 0 else "no"
        cells = (
            self.name, f"{self.pages:,}", str(self.asked), _shown(self.bm25_ndcg), _shown(self.dense_ndcg),
            _shown(self.ndcg), _shown(self.right), self.refused_interval, _shown(self.refused_unseen),
            _shown(self.refused_in_three), self.auroc_interval, f"{self.passed:.2f} ({self.passed_unseen:.2f})",
            f"{_shown(self.dense_kept)} / {self.dense_passed:.2f}", f"{_shown(self.cut_kept)} / {self.cut_passed:.2f}",
            _shown(self.kept_at_cut), _shown(self.cut_passed_at_ours), f"{worse} {self.gain_interval}",
            _shown(self.uncovered_passed), _shown(self.uncovered_passed_at_95),
        )  # fmt: skip
        return f"| {' | '.join(cells)} |"


HEAD = """\
| set | pages | asked | BM25 nDCG@10 | dense | ours | first right | right, refused | … half not learned from | right in three, refused | \
AUROC | requests through (second half) | dense cut kept / through | plain cut kept / through | ours kept at its through | \
plain through at ours kept | never worse | uncovered through | … 95 % kept |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"""


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


@dataclass(frozen=True)
class Decided:
    """Questions with what was decided of each: ``shown`` and ``certainty`` (questions,)."""

    asked: Sequence[AskedQuestion]
    found: JudgedFeatures
    shown: Truths
    certainty: Values

    @classmethod
    def of(cls, retriever: Retriever, asked: Sequence[AskedQuestion]) -> "Decided":
        """Decide of some questions."""
        shown, certainty = decide(retriever, [one.ranked for one in asked])
        return cls(asked, JudgedFeatures.of(asked), shown, certainty)


def decide(retriever: Retriever, ranked: Sequence[RankedCandidates]) -> tuple[Truths, Values]:
    """Whether anything is shown for each question, and the certainty, both (questions,)."""
    decided = [retriever.decide(one) for one in ranked]
    shown = np.array([confidence is not Confidence.NONE for confidence, _ in decided], bool)
    return shown, np.array([certainty for _, certainty in decided], np.float64)


def sampled(collection: JudgedCollection, most: int) -> JudgedCollection:
    """A collection with at most so many of its questions, drawn at random."""
    count = len(collection.questions)
    kept = sorted(random.Random(0).sample(range(count), min(most, count)))
    return replace(
        collection,
        questions=[collection.questions[place] for place in kept],
        topics=[collection.topics[place] for place in kept],
        grades=[collection.grades[place] for place in kept],
    )


def measure(case: SilenceCase, embed: CachedEmbedder, *, most: int, every: int) -> SilenceLine:
    """Measure one collection by at most so many questions, and one of ``every`` so many requests."""
    data = sampled(case.make(embed), most)
    retriever = retriever_of(data.index)
    decided = Decided.of(retriever, list(ask(data.index, data.questions, data.grades)))
    foreign = rows("clinc_dev")[::every]
    requests = Decided.of(retriever, list(ask(data.index, [row["text"] for row in foreign], [{}] * len(foreign))))
    unseen = np.array([half(topic) == 1 for topic in data.topics])
    unseen_requests = np.array([half(row["id"]) == 1 for row in foreign])
    right, in_three = decided.found.first, decided.found.in_three
    refused = share_estimate(~decided.shown[right])
    area = auroc_estimate(decided.certainty, in_three)
    compared = compared_with_cut(decided, requests) if right.any() else None
    line = SilenceLine(
        group=case.group,
        name=case.name,
        pages=len(data.index.titles) or len(data.index.passages),
        asked=len(data.questions),
        **ranking_figures(data, decided.asked),
        right=100 * float(right.mean()),
        refused=refused.value if refused else None,
        refused_interval=str(refused or ""),
        refused_unseen=share(~decided.shown[right & unseen]),
        refused_in_three=share(~decided.shown[in_three]),
        auroc=area.value if area else None,
        auroc_interval=str(area or ""),
        passed=100 * float(requests.shown.mean()),
        passed_unseen=100 * float(requests.shown[unseen_requests].mean()),
        dense_kept=share(decided.found.dense_cosine[right] >= CUT),
        dense_passed=100 * float((requests.found.dense_cosine >= CUT).mean()),
        cut_kept=compared.kept if compared else None,
        cut_passed=100 * float((requests.found.cosine >= CUT).mean()),
        kept_at_cut=compared.ours_kept if compared else None,
        cut_passed_at_ours=compared.plain_passed if compared else None,
        gain=compared.gain.mean if compared else None,
        gain_interval=str(compared.gain) if compared else "",
    )
    return replace(line, **uncovered_figures(data.index, retriever, decided)) if case.group == CORPORA else line


def compared_with_cut(decided: Decided, requests: Decided) -> Comparison:
    """The program's rule beside the plain cut."""
    right = decided.found.first
    ours = Certainties(decided.certainty[right], requests.certainty)
    plain = Certainties(decided.found.cosine[right].astype(float), requests.found.cosine.astype(float))
    return compare(ours, decided.shown[right], plain, CUT)


def ranking_figures(data: JudgedCollection, asked: Sequence[AskedQuestion]) -> dict[str, float]:
    """nDCG@10 of BM25, dense search and ours."""
    index = data.index
    bodies = [" ".join(pieces) for pieces in index.passages]
    titles = [index.titles[page] for page in index.question_of] if index.titles else [""] * len(bodies)
    baselines = (Bm25([f"{title}\n{body}" for title, body in zip(titles, bodies, strict=True)]), TitleAndBody(index))
    every, lines = np.arange(len(bodies)), []
    for one in asked:
        ranked, text = one.ranked, one.ranked.query.text
        others = [measured(baseline.scores(text), every, one.grades, first=False) for baseline in baselines]
        lines.append((*others, measured(ranked.scores, ranked.candidates.answers, one.grades, first=False)))
    means = 100 * np.array(lines).mean(axis=0)
    return dict(zip(("bm25_ndcg", "dense_ndcg", "ndcg"), means.tolist(), strict=True))


def uncovered_figures(index: InMemoryIndex, retriever: Retriever, decided: Decided) -> dict[str, float]:
    """What is let through where the answers on each question's topic are taken out."""
    shown, certainty = decide(retriever, without_relevant(index, decided.asked))
    at_95 = passed_where_kept(decided.certainty, certainty, KEPT)
    return {"uncovered_passed": 100 * float(shown.mean()), "uncovered_passed_at_95": at_95}


def lines(embed: CachedEmbedder, known: Sequence[SilenceLine], *, quick: bool) -> Iterator[SilenceLine]:
    """Every line of the table; those that are ``known`` are not measured again."""
    found = {line.name: line for line in known}
    most = QUICK_ASKED if quick else ASKED
    for case in cases():
        every = QUICK_REQUESTS if quick else NEUTRAL_REQUESTS if case.group == NEUTRAL else 1
        yield found.get(case.name) or measure(case, embed, most=most, every=every)


def main() -> None:
    """Print the table, and write it where that is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help=f"at most {QUICK_ASKED} questions of each set")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write the figures; lines it has are not measured again"
    )
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table")
    options = parser.parse_args()
    known = json.loads(options.json.read_text("utf-8")) if options.json and options.json.exists() else []
    printed: list[SilenceLine] = []
    print(HEAD)
    for line in lines(CachedEmbedder.open(), [SilenceLine(**values) for values in known], quick=options.quick):
        printed.append(line)
        print(line.markdown(), flush=True)
        if options.json:
            options.json.write_text(json.dumps([asdict(one) for one in printed], indent=1) + "\n", encoding="utf-8")
    if options.markdown:
        table = "\n".join([HEAD, *(line.markdown() for line in printed)])
        options.markdown.write_text(table + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
