"""Near copies are told by their shingles, and whose they are by their doctors."""

from collections.abc import Iterable

import numpy as np

from askdoc.models import Author
from askdoc.retriever.offline.near_duplicates import first_by_doctor, near_copies, sketches


def test_doctors_are_told_apart_among_near_copies_alone() -> None:
    """Each answer has the number of the first copy by its doctor; elsewhere nobody is compared."""
    anna, bert = Author("Anna Holm, MD", "Toledo Dentist"), Author("Bert Ames, DO", "Boise Dentist")
    authors = [anna, bert, Author("Dr. Anna Holm"), bert, anna]
    assert first_by_doctor(authors, np.array([0, 0, 0, 3, 0], np.int32)).tolist() == [0, 1, 0, 3, 0]


def test_copies_are_told_by_their_shingles() -> None:
    """A changed ending is a near copy; the same words about something else are not."""
    text = "Rest the knee for two weeks, then walk a little more each day."
    other = "Rest the hand for six months, then run not any more at all."
    assert copies_of([text, f"{text} Please!", other], [0, 0, 0]) == [0, 0, 2]


def test_under_two_questions_nearly_every_word_must_be_the_same() -> None:
    """A text copied to another page is folded; one made after the same pattern about something else is not."""
    pattern = " ".join(f"word{n}" for n in range(40)) + " {} " + " ".join(f"more{n}" for n in range(40))
    bodies = [pattern.format("hives"), pattern.format("lupus"), pattern.format("HIVES!"), "x", "x"]
    assert copies_of(bodies, [0, 1, 2, 3, 4]) == [0, 1, 0, 3, 3]
    assert copies_of(bodies, [0, 0, 2, 3, 4]) == [0, 0, 0, 3, 3]


def test_boilerplate_is_looked_through_in_no_time_and_still_one_group() -> None:
    """Three hundred copies of one text are one group."""
    assert set(copies_of(["See your doctor about this before you do anything else."] * 300, range(300))) == {0}


def copies_of(bodies: list[str], questions: Iterable[int]) -> list[int]:
    return list(near_copies(bodies, np.array(list(questions), np.int32), sketches(bodies)))
