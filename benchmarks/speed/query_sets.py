"""Writes two retrieval sets to time questions on: short questions and long messages, each with 2,000 answers.

    python -m benchmarks.speed.query_sets FOLDER

FOLDER/short: MedQuAD's pages, their topics asked about in other words, at most 16 tokens; FOLDER/long: CounselChat's
pages and the messages they answer, 50 to 120 tokens; special tokens counted. No question is a title. The data are those
of ``training.datasets``, the folders as ``benchmarks.speed.retrieval_set`` reads them.
"""

import argparse
import random
from pathlib import Path

from benchmarks.speed.retrieval_set import JudgedQuery, RetrievalSet, save
from training.datasets import Retrieval, counselchat, lengths, medquad, rows
from training.embedding import CachedEmbedder
from training.judged_collections import paraphrases

DOCUMENTS, QUESTIONS = 2_000, 500
SHORT, LONG = (1, 16), (50, 120)
"""The fewest and the most tokens of a question."""
SPECIAL_TOKENS = 2
KIND_ASKED = 2
"""The grade of an answer on the topic that is of the kind asked for."""


def within(texts: list[str], bounds: tuple[int, int]) -> list[int]:
    """Positions of the texts whose number of tokens is within the bounds."""
    least, most = bounds
    return [place for place, length in enumerate(lengths(texts)) if least <= length + SPECIAL_TOKENS <= most]


def sampled(collection: Retrieval, queries: list[tuple[str, set[int]]], draw: random.Random) -> RetrievalSet:
    """Sample ``QUESTIONS`` queries (texts and positions of their answers), and fill up to ``DOCUMENTS`` answers."""
    chosen = draw.sample(queries, min(QUESTIONS, len(queries)))
    kept = set().union(*(relevant for _, relevant in chosen))
    others = [place for place in range(len(collection.bodies)) if place not in kept]
    kept |= set(draw.sample(others, max(0, min(DOCUMENTS - len(kept), len(others)))))
    documents = {str(place): (collection.titles[place], collection.bodies[place]) for place in sorted(kept)}
    judged = [JudgedQuery(str(n), text, frozenset(map(str, relevant))) for n, (text, relevant) in enumerate(chosen)]
    return RetrievalSet(documents, judged)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    draw, asked = random.Random(0), paraphrases(CachedEmbedder.open())
    questions = list(asked.questions)
    short = [
        (questions[place], {answer for answer, grade in asked.grades[place].items() if grade == KIND_ASKED})
        for place in within(questions, SHORT)
    ]
    save(sampled(medquad(), short, draw), folder / "short")
    pages = counselchat()
    messages = [row["question_text"] or "" for row in rows("counselchat")]
    long = [(messages[place], pages.relevant[place]) for place in within(messages, LONG)]
    save(sampled(pages, long, draw), folder / "long")


if __name__ == "__main__":
    main()
