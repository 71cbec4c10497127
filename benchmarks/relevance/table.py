"""Measures relevance beside plain dense search and BM25 in the same run, with intervals of the differences.

    python -m benchmarks.relevance.table [--quick] [--json FILE] [--markdown FILE]

Sets are read as ``training.datasets`` says, vectors are those of the served encoder, from the cache of
``training.embedding``. ``--quick`` asks the first 200 questions of each set. Where a set has a half that the shipped
tables were learned from, the figure of the other half stands beside it.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from askdoc.evaluation.metrics import ndcg
from benchmarks.relevance import question_pairs
from benchmarks.relevance.baselines import Bm25, Dense, TitleAndBody
from benchmarks.relevance.paired_bootstrap import paired
from benchmarks.relevance.query_variants import VARIANTS, varied
from benchmarks.relevance.second_search import SecondSearch
from training import abstention, fit_highlight, highlight_cases
from training.datasets import counselchat, half, medquad, rows
from training.embedding import CachedEmbedder
from training.in_memory_retriever import retriever_of
from training.judged_collections import COLLECTIONS, Grades, JudgedCollection, medquad_bodies

Values = NDArray[np.float64]
QUICK = 200
REACH = {
    "medquad": 72.0,
    "counselchat": 50.0,
    "meqsum": 96.0,
    "rqe_valid": 84.0,
    "covid_similarity_en": 92.0,
    "mas_valid": 48.0,
    "uncovered": 20.0,
    "requests": 0.1,
}
FIRST_ALONE = {"meqsum", "mediqa"}
"""Sets where only the first answer counts."""


@dataclass(frozen=True)
class Line:
    """One line of the table; figures in percent, differences with their 95 % interval."""

    name: str
    measure: str
    bm25: float | None
    dense: float | None
    ours: float
    unseen: float | None = None
    over_dense: str = ""
    over_bm25: str = ""
    reach: float | None = None

    def markdown(self) -> str:
        def shown(value: float | None) -> str:
            return "" if value is None else f"{value:.1f}"

        figures = " | ".join(map(shown, (self.bm25, self.dense, self.ours, self.unseen)))
        over = f"{self.over_dense} | {self.over_bm25}"
        return f"| {self.name} | {self.measure} | {figures} | {over} | {shown(self.reach)} |"


HEAD = """\
| set | measure | BM25 | dense | ours | ours, half not learned from | ours − dense | ours − BM25 | reach |
|---|---|--:|--:|--:|--:|--:|--:|--:|"""


def measured(scores: NDArray[np.floating], answers: NDArray[np.integer], grades: Grades, *, first: bool) -> float:
    """nDCG@10 with a gain of 2^grade - 1; with ``first``, 1 where the first answer is relevant and else 0."""
    order = np.argsort(-np.asarray(scores), kind="stable")[:10]
    ranked = [grades.get(int(answers[place]), 0) for place in order]
    if first:
        return float(bool(ranked) and ranked[0] > 0)
    return ndcg([2.0**grade - 1 for grade in ranked], [2.0**grade - 1 for grade in grades.values()])


def plain_texts(data: JudgedCollection) -> Sequence[str]:
    """One text for each answer, for the baselines: the title above the body where titles are stored."""
    index = data.index
    if data.name in ("meqsum", "mediqa", "rqe"):
        return index.titles
    if not index.titles:
        return (medquad() if data.name == "medquad" else counselchat()).bodies
    bodies = (" ".join(pieces) for pieces in index.passages)
    return [f"{index.titles[page]}\n{text}" for page, text in zip(index.question_of, bodies, strict=True)]


def retrieval(data: JudgedCollection, most: int | None) -> tuple[Values, Values, Values]:
    """BM25, dense and ours for every question of a collection, together as (questions,)."""
    index = data.index
    texts = plain_texts(data)
    bm25, ranker = Bm25(texts), index.ranker()
    dense: Dense | TitleAndBody = TitleAndBody(index) if index.titles else Dense(texts, index.embed)
    every = np.arange(len(texts))
    first = data.name in FIRST_ALONE
    lines = []
    for query, grades in zip(index.queries(data.questions[:most]), data.grades, strict=False):
        ranked = ranker.rank([query])[0]
        ours = measured(ranked.scores, ranked.candidates.answers, grades, first=first)
        baselines = [measured(one.scores(query.text), every, grades, first=first) for one in (bm25, dense)]
        lines.append((*baselines, ours))
    bm25_values, dense_values, our_values = (np.array(column) for column in zip(*lines, strict=True))
    return bm25_values, dense_values, our_values


def line_of(name: str, measure: str, bm25: Values, dense: Values, ours: Values, unseen: NDArray[np.bool_]) -> Line:
    return Line(
        name,
        measure,
        100 * float(bm25.mean()),
        100 * float(dense.mean()),
        100 * float(ours.mean()),
        100 * float(ours[unseen].mean()) if unseen.any() else None,
        str(paired(ours, dense)),
        str(paired(ours, bm25)),
        REACH.get(name),
    )


def retrieval_lines(embed: CachedEmbedder, most: int | None) -> Iterator[Line]:
    for name, make in COLLECTIONS.items():
        data = make(embed)
        unseen = np.array([half(topic) == 1 for topic in data.topics[:most]])
        yield line_of(name, "P@1" if name in FIRST_ALONE else "nDCG@10", *retrieval(data, most), unseen)


def variant_lines(embed: CachedEmbedder, most: int | None) -> Iterator[Line]:
    """The figures where the questions are typed otherwise, and the share of the clean figure that is kept."""
    data = medquad_bodies(embed)
    clean = retrieval(data, most)
    for kind in VARIANTS:
        questions = varied(list(data.questions), kind)
        other = retrieval(JudgedCollection(data.name, data.index, questions, data.topics, data.grades), most)
        bm25, dense, ours = (100 * float(one.mean()) for one in other)
        over = str(paired(other[2], other[1])), str(paired(other[2], other[0]))
        yield Line(f"medquad, {kind}", "nDCG@10", bm25, dense, ours, None, *over)
        bm25, dense, ours = (100 * float(new.mean() / old.mean()) for new, old in zip(other, clean, strict=True))
        yield Line(f"medquad, {kind}", "% of clean kept", bm25, dense, ours, reach=95.0)
    yield from other_words_lines(data, clean[2], most)


def other_words_lines(data: JudgedCollection, clean: Values, most: int | None) -> Iterator[Line]:
    """The share of the clean figure that is kept with the second search in other words."""
    second = SecondSearch.of(data.index)
    for kind in ("clean", "typo", "slips", "keywords"):
        questions = list(data.questions) if kind == "clean" else varied(list(data.questions), kind)
        values = []
        for query, grades in zip(data.index.queries(questions[:most]), data.grades, strict=False):
            ranked = second(query)
            values.append(measured(ranked.scores, ranked.candidates.answers, grades, first=False))
        kept = 100 * float(np.mean(values) / clean.mean())
        yield Line(f"medquad, {kind}, in other words too", "% of clean kept", None, None, kept, reach=95.0)


def pair_lines(embed: CachedEmbedder) -> Iterator[Line]:
    for name in ("rqe_valid", "covid_similarity_en"):
        truth, ours, plain = question_pairs.judged(name, embed)
        right, usual = (question_pairs.at_best(scores, truth) for scores in (ours, plain))
        yield Line(
            name,
            "accuracy",
            None,
            100 * float(usual.mean()),
            100 * float(right.mean()),
            None,
            str(paired(right.astype(float), usual.astype(float))),
            "",
            REACH[name],
        )


def abstention_lines(embed: CachedEmbedder, most: int | None) -> Iterator[Line]:
    """Share let through where 95 % of the covered are kept."""
    data, found = medquad(), medquad_bodies(embed)
    questions, topics = data.queries[:most], data.query_groups[:most]
    requests = [row["text"] for row in rows("clinc_dev")][:most]
    index, retriever = found.index, retriever_of(found.index)
    results = {
        "covered": abstention.covered(index, questions),
        "uncovered": abstention.uncovered(index, questions, topics, data.groups),
        "requests": abstention.covered(index, requests),
    }
    sure = {name: abstention.certainties(retriever, ranked) for name, ranked in results.items()}
    plain = plain_tops(found, questions, topics, data.groups, requests)
    unseen = np.array([half(topic) == 1 for topic in topics])
    for name in ("uncovered", "requests"):
        share, area = abstention.let_through(sure["covered"], sure[name])
        other = [abstention.let_through(tops["covered"], tops[name]) for tops in plain]
        apart = sure[name][unseen] if name == "uncovered" else sure[name]
        half_share, half_area = abstention.let_through(sure["covered"][unseen], apart)
        yield Line(name, "% let through", other[0][0], other[1][0], share, half_share, reach=REACH[name])
        areas = [100 * area for _, area in other]
        reach = 95.0 if name == "uncovered" else None
        yield Line(name, "AUROC", areas[0], areas[1], 100 * area, 100 * half_area, reach=reach)


def plain_tops(
    found: JudgedCollection,
    questions: Sequence[str],
    topics: Sequence[str],
    of_answers: Sequence[str],
    requests: Sequence[str],
) -> list[dict[str, Values]]:
    """The top score of BM25 and of dense search for each kind of question."""
    texts = plain_texts(found)
    groups = np.array(of_answers)
    tops = []
    for one in (Bm25(texts), Dense(texts, found.index.embed)):
        scores = [one.scores(text) for text in questions]
        away = [np.where(groups == topic, -1, line).max() for topic, line in zip(topics, scores, strict=True)]
        asked = [one.scores(text).max() for text in requests]
        tops.append(
            {
                "covered": np.array([line.max() for line in scores]),
                "uncovered": np.array(away),
                "requests": np.array(asked),
            }
        )
    return tops


def highlight_lines(embed: CachedEmbedder) -> Iterator[Line]:
    """The marks in passages as served; ours with each question left out once: the shipped weights saw them all."""
    scores = {name: highlight_cases.f1(measured)[2] for name, measured in fit_highlight.figures(embed).items()}
    name = "sentence F1 at a quarter, passages as served (beside: BM25, first three)"
    yield Line("mas_valid", name, scores["BM25"], scores["first three"], scores["ours"], reach=48.0)


def lines(embed: CachedEmbedder, most: int | None) -> Iterator[Line]:
    yield from retrieval_lines(embed, most)
    yield from pair_lines(embed)
    yield from highlight_lines(embed)
    yield from abstention_lines(embed, most)
    yield from variant_lines(embed, most)


def main() -> None:
    """Print the table, and write it where that is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help=f"the first {QUICK} questions of each set")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table")
    options = parser.parse_args()
    printed = []
    print(HEAD)
    for line in lines(CachedEmbedder.open(), QUICK if options.quick else None):
        printed.append(line)
        print(line.markdown(), flush=True)
    if options.json:
        options.json.write_text(json.dumps([asdict(line) for line in printed], indent=1) + "\n", encoding="utf-8")
    if options.markdown:
        table = "\n".join([HEAD, *(line.markdown() for line in printed)])
        options.markdown.write_text(table + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
