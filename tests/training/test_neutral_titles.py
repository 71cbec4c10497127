"""Titles that tell nothing: the pages stay, the titles change."""

import pytest

from tests.training.collections_in_memory import small_collection
from training.neutral_titles import half_titled, numbered, one_title, pages, untitled


def test_without_titles_every_answer_stays() -> None:
    """Only the titles are gone."""
    whole = small_collection()
    changed = untitled(whole)
    assert changed.index.titles == []
    assert changed.index.passages is whole.index.passages
    assert changed.grades is whole.grades
    assert changed.name == "small, no titles"


def test_one_title_stands_on_every_page() -> None:
    """As in an export whose field for the title holds the site's name."""
    changed = one_title(small_collection(), "Question")
    assert changed.index.titles == ["Question"] * 8
    assert list(changed.index.question_of) == list(small_collection().index.question_of)


def test_a_collection_without_titles_gets_them_by_its_pages() -> None:
    """Answers to one question stay on one page."""
    assert len(one_title(small_collection(titles=False), "Question").index.titles) == 8


def test_numbers_tell_pages_apart_and_nothing_else() -> None:
    """Counted from 1."""
    assert numbered(small_collection()).index.titles[:2] == ["Question 1", "Question 2"]


def test_half_of_the_titles_stay() -> None:
    """Each in its place."""
    whole = small_collection()
    titles = half_titled(whole, "Question").index.titles
    assert titles.count("Question") == pages(whole) // 2
    assert all(title in ("Question", own) for title, own in zip(titles, whole.index.titles, strict=True))


def test_half_of_no_titles_is_refused() -> None:
    """There would be no real ones among them."""
    with pytest.raises(ValueError, match="take a collection that has"):
        half_titled(small_collection(titles=False), "Question")
