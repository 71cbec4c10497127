"""Two sets to time questions on, from ``shared/bench``: short questions and long messages, each with 2,000 answers.

    python -m benchmarks.speed.query_sets FOLDER

FOLDER/short: MedQuAD's pages, their topics asked about in other words, at most 16 tokens; FOLDER/long: CounselChat's
pages and the messages they answer, 50 to 120 tokens; the model's two marks counted. No question is a title. Folders as
``benchmarks.speed.retrieval_set`` reads them; every system gets title and answer.
"""

import random
import sys
from pathlib import Path

from benchmarks.speed.retrieval_set import Query, RetrievalSet, save
from training.datasets import Retrieval, counselchat, lengths, medquad, rows
from training.embedding import CachedEmbedder
from training.judged_collections import paraphrases

DOCUMENTS, QUESTIONS = 2_000, 500
SHORT, LONG = (1, 16), (50, 120)
MARKS = 2
KIND_ASKED = 2
"""The grade of an answer on the topic that is of the kind asked for."""


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
    documents = {str(place): (found.titles[place], found.bodies[place]) for place in sorted(kept)}
    asked = [Query(str(n), text, frozenset(map(str, relevant))) for n, (text, relevant) in enumerate(chosen)]
    return RetrievalSet(documents, asked)


def main() -> None:
    folder = Path(sys.argv[1])
    draw, asked = random.Random(0), paraphrases(CachedEmbedder.open())
    questions = list(asked.questions)
    short = [
        (questions[place], {answer for answer, grade in asked.grades[place].items() if grade == KIND_ASKED})
        for place in fitting(questions, SHORT)
    ]
    save(made(medquad(), short, draw), folder / "short")
    pages = counselchat()
    messages = [row["question_text"] or "" for row in rows("counselchat")]
    long = [(messages[place], pages.relevant[place]) for place in fitting(messages, LONG)]
    save(made(pages, long, draw), folder / "long")


if __name__ == "__main__":
    main()
