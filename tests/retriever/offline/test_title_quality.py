"""Titles that say nothing of their answers are found, and no other is."""

from collections.abc import Sequence

import numpy as np
import pytest

from askdoc.retriever.offline.title_quality import TitleAssessment
from tests import tiny
from tests.retriever.small_corpus import PAGES

TITLES = list(PAGES)
BODIES = [" ".join(bodies) for bodies in PAGES.values()]


def untitled(titles: Sequence[str], *, doctors: Sequence[str] = (), bodies: Sequence[str] = BODIES) -> list[bool]:
    """Which titles of pages with one passage each say nothing."""
    encode = tiny.TinyEmbedder().encode
    doctors = doctors or [""] * len(titles)
    pages = range(len(titles))
    vectors = encode(titles), encode(bodies[: len(titles)])
    found = TitleAssessment(titles, doctors, bodies[: len(titles)], np.array(pages), *vectors).uninformative()
    return [bool(says_nothing) for says_nothing in found]


def test_real_titles_say_something() -> None:
    """Questions that their answers are about are kept, on eight pages and on one."""
    assert not any(untitled(TITLES))
    assert untitled(["When should I see a doctor?", "What should I ask my doctor?", "痛"]) == [False] * 3
    assert untitled(["Is B12 a vitamin?", "What is H1N1?", "5-HTP?"]) == [False] * 3
    assert untitled(TITLES[:1]) == [False]


@pytest.mark.parametrize(
    "title",
    [
        "Question",
        "A doctor's answer",
        "Ask the doctor!",
        "RE: help",
        "question 17",
        "Case no. 4",
        "Q17",
        "question_17",
        "Q&A",
        "???",
        "12345",
    ],
)
def test_mere_placeholders_say_nothing(title: str) -> None:
    """Words that name a question or whom it is put to, numbers and signs say nothing, even on a single page."""
    assert untitled([title]) == [True]
    assert untitled([title, *TITLES[1:]]) == [True] + [False] * 7


@pytest.mark.parametrize("pages", [3, 8, 40])
def test_a_name_on_all_pages_says_nothing(pages: int) -> None:
    """What stands on every page tells none apart, though its words are no placeholders."""
    bodies = [BODIES[page % 8] + f" word{page}" for page in range(pages)]
    assert all(untitled(["Riverside Skin Clinic"] * pages, bodies=bodies))


def test_a_name_on_half_of_the_pages_says_nothing() -> None:
    """The other half keeps its titles."""
    bodies = [*BODIES, *(body + " Again." for body in BODIES)]
    titles = [*TITLES, *["Riverside Clinic"] * 8]
    assert untitled(titles, bodies=bodies) == [False] * 8 + [True] * 8


def test_a_question_that_several_pages_answer_says_something() -> None:
    """It is nearer to its own answers than to those of other pages, on two pages as on six."""
    for copies in (2, 6):
        bodies = [*BODIES, *[BODIES[2] + f" word{copy}" for copy in range(copies)]]
        assert not any(untitled([*TITLES, *[TITLES[2]] * copies], bodies=bodies))


def test_a_subject_on_many_pages_is_told_by_its_words() -> None:
    """Where meaning tells little, the title stays if its pages' answers hold its words and others do not."""
    gums = [f"Gums word{page}. {body}" for page, body in enumerate(BODIES)]
    titles = [*TITLES, *["Gums and other such matters of our surgery in town"] * 8]
    assert not any(untitled(titles, bodies=[*BODIES[:5], "Soap.", *BODIES[6:], *gums])[8:])


def test_a_question_of_common_words_on_many_pages_says_nothing() -> None:
    """On one page it may be what is asked; on all it is what a form asks."""
    assert all(untitled(["What is your question for the doctor?"] * 8))


def test_the_doctors_of_a_page_are_no_title() -> None:
    """A title that names the page's own doctor says nothing; another name may be what is asked about."""
    assert untitled(["Dr. Anna Example's answer", *TITLES[1:]], doctors=["Anna Example, MD", *[""] * 7])[0]
    assert not untitled(["Example's syndrome", *TITLES[1:]])[0]


def test_names_beside_a_placeholder_are_read_over() -> None:
    """“Question from Leeds” and “Question from York” read alike where no answer speaks of either."""
    towns = ("Leeds", "York", "Bath", "Ely", "Derby", "Truro", "Wells", "Ripon")
    assert all(untitled([f"Question from {town}" for town in towns]))
    assert not any(untitled([f"Question: {title}" for title in TITLES]))


def test_pages_without_answers_are_judged_by_their_words_alone() -> None:
    """Nothing else is known of them, and the pages beside them are judged as ever."""
    encode = tiny.TinyEmbedder().encode
    titles = ["Question", "Are warts infectious?", "Are warts infectious?"]
    found = TitleAssessment(titles, [""] * 3, [], np.zeros(0, int), encode(titles), encode([])).uninformative()
    assert found.tolist() == [True, False, False]
