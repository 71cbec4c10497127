"""Order of the results: near-ties, and near copies collapsed."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from askdoc.models import Answer, Author
from askdoc.retriever.ranking import NEAR_TIE, collapse, endorsement, ranked

SCORES = st.lists(st.tuples(st.floats(-5, 5, width=32), st.floats(0, 3, width=32)), max_size=30)


@given(SCORES)
def test_endorsement_never_lifts_an_answer_over_a_more_relevant_one(pairs: list[tuple[float, float]]) -> None:
    """Whatever votes and stars say, no answer passes one that is more relevant by more than a near-tie."""
    scores = np.array([score for score, _ in pairs], np.float32)
    endorsements = np.array([value for _, value in pairs], np.float32)
    order = list(ranked(scores, endorsements))
    assert sorted(order) == list(range(len(pairs)))
    for place, earlier in enumerate(order):
        assert all(scores[later] - scores[earlier] <= NEAR_TIE + 1e-6 for later in order[place:])


def test_endorsement_orders_near_ties() -> None:
    """Of two answers that fit equally well, the accepted one goes first."""
    scores, endorsements = [1.0, 1.0 + NEAR_TIE / 2, 0.0], [2.0, 0.0, 3.0]
    assert list(ranked(np.array(scores, np.float32), np.array(endorsements, np.float32))) == [0, 1, 2]


def test_what_is_not_known_counts_nothing() -> None:
    """No votes and no stars is no better than votes against."""
    assert endorsement(Answer("a", "x")) == endorsement(Answer("a", "x", votes=-3)) == 0
    assert endorsement(Answer("a", "x", accepted=True)) > endorsement(Answer("a", "x", votes=2))
    assert endorsement(Answer("a", "x", author=Author(rating=4.5))) > 0


def test_near_copies_become_one_result() -> None:
    """The best of several near copies is shown, with the number of the others."""
    copies, doctors = np.array([0, 1, 0, 3], np.int32), np.arange(4, dtype=np.int32)
    results = collapse([2, 0, 1, 3], copies, doctors, limit=2)
    assert [(result.place, result.other_doctors) for result in results] == [(2, 1), (1, 0)]


def test_only_other_doctors_are_counted() -> None:
    """Of four near copies by two doctors, one is shown and one other doctor counted, whoever is shown."""
    copies, doctors = np.zeros(4, np.int32), np.array([0, 1, 0, 1], np.int32)
    for order in ([2, 0, 1, 3], [3, 1, 2, 0]):
        results = collapse(order, copies, doctors, limit=2)
        assert [(result.place, result.other_doctors) for result in results] == [(order[0], 1)]
    assert collapse([0, 1], copies[::2], doctors[::2], limit=2)[0].other_doctors == 0
