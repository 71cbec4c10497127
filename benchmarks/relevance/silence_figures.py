"""Measures one collection for wrong silence: the figures of one line of the table."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from askdoc.models import Confidence
from askdoc.retriever import Retriever
from askdoc.retriever.ranking import RankedCandidates
from benchmarks.relevance.baselines import Bm25, TitleAndBody
from benchmarks.relevance.cut_measures import (
    Certainties,
    Truths,
    auroc_estimate,
    compare,
    passed_where_kept,
    share,
    share_estimate,
)
from benchmarks.relevance.paired_bootstrap import Values
from benchmarks.relevance.silence_sets import CORPORA, SilenceCase
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
Figures = dict[str, float | None]
"""Figures in percent by name; None where there is nothing to measure."""


@dataclass(frozen=True)
class SilenceLine:
    """What was measured on one collection; ``intervals`` holds the figures that have one, with it, as text.

    | figure | percent of |
    |---|---|
    | ``bm25``, ``dense``, ``ndcg`` | nDCG@10 of BM25, of dense search, ours |
    | ``right`` | questions: the first answer is relevant |
    | ``refused``, ``refused_unseen`` | those: nothing is shown; of the half not learned from |
    | ``refused_in_three`` | questions with a relevant answer among the first three: nothing is shown |
    | ``auroc`` | area of the certainty: a relevant answer among the first three, or none |
    | ``passed``, ``passed_unseen`` | requests to a general assistant: something is shown; of the second half |
    | ``cut_kept``, ``cut_passed`` | the plain cut: what it shows of what is right, and of the requests |
    | ``dense_kept``, ``dense_passed`` | the same of a cut by the nearest passage or title of all |
    | ``kept_at_cut``, ``gain`` | what is right: ours, where it lets as little through as that; less ``cut_kept`` |
    | ``cut_passed_at_ours`` | requests that the plain cut lets through where it keeps no less than ours |
    | ``uncovered``, ``uncovered_at_95`` | questions whose topic is taken out: something is shown; where 95 % are kept |
    """

    group: str
    name: str
    plain: str
    pages: int
    asked: int
    figures: Mapping[str, float | None]
    intervals: Mapping[str, str] = field(default_factory=dict)


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
    retriever, index = retriever_of(data.index), data.index
    decided = Decided.of(retriever, list(ask(index, data.questions, data.grades)))
    foreign = rows("clinc_dev")[::every]
    requests = Decided.of(retriever, list(ask(index, [row["text"] for row in foreign], [{}] * len(foreign))))
    figures, intervals = refusal_figures(decided, np.array([half(topic) == 1 for topic in data.topics]))
    second = np.array([half(row["id"]) == 1 for row in foreign])
    figures |= {"passed": share(requests.shown), "passed_unseen": share(requests.shown[second])}
    figures |= ranking_figures(index, decided.asked)
    compared, compared_intervals = cut_figures(decided, requests)
    figures |= compared
    if case.group == CORPORA:
        figures |= uncovered_figures(index, retriever, decided)
    pages = len(index.titles) or len(index.passages)
    intervals |= compared_intervals
    return SilenceLine(case.group, case.name, case.plain, pages, len(data.questions), figures, intervals)


def refusal_figures(decided: Decided, unseen: Truths) -> tuple[Figures, dict[str, str]]:
    """What is refused of what is answered rightly; ``unseen`` (questions,) says what was not learned from."""
    right, in_three = decided.found.first, decided.found.in_three
    estimates = {
        "refused": share_estimate(~decided.shown[right]),
        "auroc": auroc_estimate(decided.certainty, in_three),
    }
    figures: Figures = {name: None if found is None else found.value for name, found in estimates.items()}
    figures |= {
        "right": share(right),
        "refused_unseen": share(~decided.shown[right & unseen]),
        "refused_in_three": share(~decided.shown[in_three]),
    }
    return figures, {name: str(found) for name, found in estimates.items() if found is not None}


def cut_figures(decided: Decided, requests: Decided) -> tuple[Figures, dict[str, str]]:
    """The program's rule beside the plain cut and the dense cut; nothing where no first answer is right."""
    right = decided.found.first
    if not right.any():
        return {}, {}
    ours = Certainties(decided.certainty[right], requests.certainty)
    plain = Certainties(decided.found.cosine[right].astype(float), requests.found.cosine.astype(float))
    found = compare(ours, decided.shown[right], plain, CUT)
    figures: Figures = {
        "cut_kept": found.kept,
        "cut_passed": found.passed,
        "dense_kept": share(decided.found.dense_cosine[right] >= CUT),
        "dense_passed": share(requests.found.dense_cosine >= CUT),
        "kept_at_cut": found.ours_kept,
        "cut_passed_at_ours": found.plain_passed,
        "gain": found.gain.mean,
    }
    return figures, {"gain": str(found.gain)}


def ranking_figures(index: InMemoryIndex, asked: Sequence[AskedQuestion]) -> Figures:
    """nDCG@10 of BM25, dense search and ours."""
    bodies = [" ".join(pieces) for pieces in index.passages]
    titles = [index.titles[page] for page in index.question_of] if index.titles else [""] * len(bodies)
    baselines = (Bm25([f"{title}\n{body}" for title, body in zip(titles, bodies, strict=True)]), TitleAndBody(index))
    every, lines = np.arange(len(bodies)), []
    for one in asked:
        ranked, text = one.ranked, one.ranked.query.text
        others = [measured(baseline.scores(text), every, one.grades, first=False) for baseline in baselines]
        lines.append((*others, measured(ranked.scores, ranked.candidates.answers, one.grades, first=False)))
    means = 100 * np.array(lines).mean(axis=0)
    return dict(zip(("bm25", "dense", "ndcg"), means.tolist(), strict=True))


def uncovered_figures(index: InMemoryIndex, retriever: Retriever, decided: Decided) -> Figures:
    """What is let through where the answers on each question's topic are taken out."""
    shown, certainty = decide(retriever, without_relevant(index, decided.asked))
    return {"uncovered": share(shown), "uncovered_at_95": passed_where_kept(decided.certainty, certainty, KEPT)}
