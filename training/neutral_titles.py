"""Gives a judged collection titles that tell nothing: the same on every page, numbers, or on half of the pages."""

import random
from collections.abc import Sequence
from dataclasses import replace

from training.judged_collections import JudgedCollection

NEUTRAL_TITLES = (
    "Question",
    "A doctor's answer",
    "Ask the doctor",
    "Re: help",
    "Riverside Family Clinic",
    "Patient enquiry",
)
"""What exports have in place of a title."""
SEED = 0
"""Of the draw of the half that loses its titles."""


def untitled(collection: JudgedCollection) -> JudgedCollection:
    """The same collection without titles in the index."""
    return _titled(collection, "no titles", [])


def one_title(collection: JudgedCollection, title: str) -> JudgedCollection:
    """The same collection with one title on every page."""
    return _titled(collection, f"“{title}”", [title] * pages(collection))


def numbered(collection: JudgedCollection) -> JudgedCollection:
    """The same collection with the titles “Question 1”, “Question 2”, …"""
    return _titled(collection, "numbered", [f"Question {page + 1}" for page in range(pages(collection))])


def half_titled(collection: JudgedCollection, title: str) -> JudgedCollection:
    """The same collection with one title on half of its pages. Raises ValueError where it has no titles."""
    titles = list(collection.index.titles)
    if not titles:
        raise ValueError(f"{collection.name} has no titles: take a collection that has")
    for page in random.Random(SEED).sample(range(len(titles)), len(titles) // 2):
        titles[page] = title
    return _titled(collection, f"half “{title}”", titles)


def pages(collection: JudgedCollection) -> int:
    """How many pages a collection has; without titles and pages, each answer is one."""
    return max(_question_of(collection)) + 1


def _question_of(collection: JudgedCollection) -> Sequence[int]:
    """The page of each answer."""
    return collection.index.question_of or range(len(collection.index.passages))


def _titled(collection: JudgedCollection, how: str, titles: Sequence[str]) -> JudgedCollection:
    index = replace(collection.index, question_of=_question_of(collection), titles=titles)
    return replace(collection, name=f"{collection.name}, {how}", index=index)
