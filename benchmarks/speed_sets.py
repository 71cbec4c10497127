"""Two sets to time questions on, from ``shared/bench``: short questions and long messages, each with 2,000 answers.

    python -m benchmarks.speed_sets FOLDER

FOLDER/short: MedQuAD's questions of at most 16 tokens, FOLDER/long: CounselChat's messages of 50 to 120; with the
model's two marks around them. Folders as ``benchmarks.retrieval_set`` reads them.
"""

import random
import sys
from pathlib import Path

from benchmarks.retrieval_set import Query, RetrievalSet, save
from benchmarks.sets import Retrieval, counselchat, lengths, medquad, rows

DOCUMENTS, QUESTIONS = 2_000, 500
SHORT, LONG = (1, 16), (50, 120)
MARKS = 2


def fitting(texts: list[str], bounds: tuple[int, int]) -> list[int]:
    """The places of the texts with so many tokens."""
    least, most = bounds
    return [place for place, length in enumerate(lengths(texts)) if least <= length + MARKS <= most]


def made(found: Retrieval, queries: list[tuple[str, set[int]]], draw: random.Random) -> RetrievalSet:
    """At most so many of the queries, every answer to them, and others up to the number of documents."""
    chosen = draw.sample(queries, min(QUESTIONS, len(queries)))
    kept = set().union(*(relevant for _, relevant in chosen))
    others = [place for place in range(len(found.bodies)) if place not in kept]
    kept |= set(draw.sample(others, max(0, min(DOCUMENTS - len(kept), len(others)))))
    documents = {str(place): ("", found.bodies[place]) for place in sorted(kept)}
    asked = [Query(str(n), text, frozenset(map(str, relevant))) for n, (text, relevant) in enumerate(chosen)]
    return RetrievalSet(documents, asked)


def main() -> None:
    folder = Path(sys.argv[1])
    found, draw = medquad(), random.Random(0)
    short = [(found.queries[place], found.relevant[place]) for place in fitting(found.queries, SHORT)]
    save(made(found, short, draw), folder / "short")
    pages = counselchat()
    messages = [row["question_text"] or "" for row in rows("counselchat")]
    long = [(messages[place], pages.relevant[place]) for place in fitting(messages, LONG)]
    save(made(pages, long, draw), folder / "long")


if __name__ == "__main__":
    main()
