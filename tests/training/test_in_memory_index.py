"""A collection in memory leaves titles that say nothing out, as an index does."""

from typing import cast

import numpy as np

from askdoc.retriever.statistics import PASSAGE, QUESTION
from tests.retriever.small_corpus import PAGES
from tests.training.collections_in_memory import RepeatedEmbedder
from training.embedding import CachedEmbedder
from training.in_memory_index import InMemoryIndex

EMBED = cast(CachedEmbedder, RepeatedEmbedder())


def collection(titles: list[str]) -> InMemoryIndex:
    """The eight pages, each with its first answer in one passage, by other titles."""
    return InMemoryIndex([[bodies[0]] for bodies in PAGES.values()], range(8), titles, EMBED)


def test_titles_that_say_nothing_are_no_rows() -> None:
    """Neither in vectors nor in words nor in the statistics."""
    titles = list(PAGES)
    titles[2] = "Question 17"
    index = collection(titles)
    assert index.titled.tolist() == [0, 1, 3, 4, 5, 6, 7]
    assert index.fields[QUESTION].shape[0] == index.inverted[1].size == 7
    assert index.statistics.title_of.tolist() == [0, 1, -1, 2, 3, 4, 5, 6]


def test_a_collection_where_no_title_says_anything_is_one_without() -> None:
    """The same statistics, to the last number."""
    neutral, without = collection(["Ask the doctor"] * 8), collection([])
    assert list(neutral.fields) == list(without.fields) == [PASSAGE]
    assert neutral.inverted[1].size == 0
    for field in ("title_of", "question_of", "answered", "titled"):
        np.testing.assert_array_equal(getattr(neutral.statistics, field), getattr(without.statistics, field))
