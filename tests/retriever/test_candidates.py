"""Candidates are generated for several queries as for each alone."""

import numpy as np

from tests.retriever.toys import AXES, generator, query


def test_several_queries_get_the_candidates_of_each_alone() -> None:
    """Searching together changes no number."""
    index = generator([["cold water"], ["green tea"], ["warm milk"]], ["cold", "tea", "milk"], AXES[:3], AXES[:3])
    queries = [query("cold", AXES[0]), query("tea milk", AXES[2])]
    for together, alone in zip(index.generate(queries), (index.generate([some])[0] for some in queries), strict=True):
        np.testing.assert_array_equal(together.features, alone.features)
    assert index.generate([]) == []


def test_the_nearest_questions_have_answers() -> None:
    """A question without any takes no place among them, however near it is."""
    texts, titles = [["cold water"], ["green tea"], ["warm milk"]], ["cold", "tea", "milk", "wine"]
    index = generator(texts, titles, AXES[:3], AXES)
    [found] = index.generate([query("wine", AXES[3])])
    assert sorted(found.nearest_questions.tolist()) == [0, 1, 2]
