"""Measures how long one question's words take to score, over synthetic inverted indexes of several sizes.

    python -m benchmarks.speed.term_scores [--rows N …] [--questions N]

Terms are as frequent as Zipf's law has it, the most frequent in three of ten rows; a question has 3 to 10 of them,
drawn so that every order of magnitude of frequency is as likely. Each question is scored, its 50 best rows are taken,
and 500 rows are looked up, as the retriever does.
"""

import argparse
import json
import statistics
import time
from collections.abc import Sequence

import numpy as np

from askdoc.index.bm25 import InvertedIndex, PostingArrays
from askdoc.retriever.term_scores import of_field
from benchmarks.speed import percentiles

TERMS = 20_000
MOST_FREQUENT = 0.3
LOOKED_UP, TOP = 500, 50
WARM = 3


def synthetic(rows: int, *, seed: int = 0) -> InvertedIndex:
    """An inverted index of ``rows`` rows whose terms are numbers, the most frequent first."""
    rng = np.random.default_rng(seed)
    counts = np.maximum(MOST_FREQUENT * rows / np.arange(1, TERMS + 1), 1).astype(np.int64)
    postings = [np.flatnonzero(rng.random(rows) < count / rows).astype(np.int32) for count in counts[:200]]
    postings += [np.unique(rng.integers(rows, size=count)).astype(np.int32) for count in counts[200:]]
    starts = np.concatenate([[0], np.cumsum([len(held) for held in postings])])
    held = np.concatenate(postings)
    weights = rng.uniform(0.5, 8, len(held)).astype(np.float32)
    terms = [str(rank) for rank in range(TERMS)]
    return InvertedIndex(terms, PostingArrays(starts, held, np.ones(len(held), np.uint16), weights), size=rows)


def questions(count: int, *, seed: int = 0) -> list[dict[str, float]]:
    """Terms with weights: 3 to 10 a question."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(3, 11, size=count)
    return [
        {str(int(TERMS ** rng.random()) - 1): float(weight) for weight in rng.uniform(0.1, 1, size=length)}
        for length in lengths
    ]


def seconds(index: InvertedIndex, asked: Sequence[dict[str, float]]) -> list[float]:
    """The time of each question, on this thread's processor."""
    rows = np.unique(np.random.default_rng(0).integers(index.size, size=LOOKED_UP))
    spent = []
    for terms in [*asked[:WARM], *asked]:
        began = time.thread_time()
        scores = of_field(index, terms)
        scores.top(TOP)
        scores.at(rows)
        spent.append(time.thread_time() - began)
    return spent[WARM:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[60, 2_000, 32_000, 1_000_000])
    parser.add_argument("--questions", type=int, default=100)
    given = parser.parse_args()
    for rows in given.rows:
        spent = seconds(synthetic(rows), questions(given.questions))
        mean = {"mean_ms": round(1e3 * statistics.fmean(spent), 3)}
        print(json.dumps({"rows": rows, **percentiles.summary(spent, percents=(50,), digits=3), **mean}), flush=True)


if __name__ == "__main__":
    main()
