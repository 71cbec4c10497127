"""Saves what every question gets by the tables of this checkout, and compares it with what another checkout gave.

    python -m benchmarks.relevance.table_comparison FILE.npz [--before OTHER.npz] [--quick]

Run in both checkouts, with the vectors of one cache. Of every judged collection it keeps nDCG@10 (P@1 where only the
first answer counts) of each question; of the questions on MedQuAD's other topics whether each passes where 95 % of the
covered pass: covered, with their topic taken out, and requests to a general assistant. ``--quick`` asks the first 200.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.relevance.paired_bootstrap import paired
from benchmarks.relevance.table import FIRST_ALONE, QUICK, Values, measured
from training import abstention
from training.datasets import half, medquad, rows
from training.embedding import CachedEmbedder
from training.in_memory_retriever import retriever_of
from training.judged_collections import COLLECTIONS, JudgedCollection, medquad_bodies

KEPT = 0.95
"""The share of covered questions that must pass."""


def gains(collection: JudgedCollection, most: int | None) -> Values:
    """(questions,) the figure of each question of a collection."""
    ranker, first = collection.index.ranker(), collection.name in FIRST_ALONE
    values = []
    for query, grades in zip(collection.index.queries(collection.questions[:most]), collection.grades, strict=False):
        ranked = ranker.rank([query])[0]
        values.append(measured(ranked.scores, ranked.candidates.answers, grades, first=first))
    return np.array(values)


def passed(embed: CachedEmbedder, most: int | None) -> Iterator[tuple[str, Values]]:
    """Whether each question passes (1) or not (0), of the half of topics and requests that nothing is learned from."""
    data, index = medquad(), medquad_bodies(embed).index
    held = [place for place, topic in enumerate(data.query_groups) if half(topic) == 1][:most]
    questions, topics = [data.queries[place] for place in held], [data.query_groups[place] for place in held]
    requests = [row["text"] for row in rows("clinc_dev") if half(row["id"]) == 1][:most]
    results = {
        "covered": abstention.covered(index, questions),
        "topic out": abstention.uncovered(index, questions, topics, data.groups),
        "requests": abstention.covered(index, requests),
    }
    retriever = retriever_of(index)
    certainties = {name: abstention.certainties(retriever, found) for name, found in results.items()}
    least = np.quantile(certainties["covered"], 1 - KEPT)
    for name, certainty in certainties.items():
        yield f"passed, {name}", (certainty >= least).astype(np.float64)


def every_value(embed: CachedEmbedder, most: int | None) -> Iterator[tuple[str, Values]]:
    """The values of every set by its name."""
    for name, make in COLLECTIONS.items():
        yield name, gains(make(embed), most)
    yield from passed(embed, most)


def main() -> None:
    """Save the values, and print each mean with its difference from before."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("file", type=Path, metavar="FILE.npz", help="where the values are kept")
    parser.add_argument("--before", type=Path, metavar="OTHER.npz", help="values that another checkout gave")
    parser.add_argument("--quick", action="store_true", help=f"the first {QUICK} questions of each set")
    given = parser.parse_args()
    before = np.load(given.before, allow_pickle=False) if given.before else {}
    saved = {}
    for name, values in every_value(CachedEmbedder.open(), QUICK if given.quick else None):
        saved[name] = values
        difference = f", {paired(values, before[name])} beside before" if name in before else ""
        print(f"{name}: {100 * float(values.mean()):.1f} % of {len(values)}{difference}", flush=True)
        np.savez(given.file, **saved)  # type: ignore[arg-type]  # numpy's own option could stand among the names


if __name__ == "__main__":
    main()
