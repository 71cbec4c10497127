"""Tests for ``askdoc.safety.normalization``: what is read as which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from askdoc.safety.normalization import DeletionIndex, fold, join_split_words, tokenize, within_one_edit

LETTERS = st.text(alphabet="abc", max_size=6)
SPELLING = DeletionIndex(["seizure", "stroke", "chest"], protected=frozenset({"strode"}))


@given(LETTERS, LETTERS)
def test_one_edit_is_the_distance_that_spelling_is_corrected_by_elsewhere(typed: str, meant: str) -> None:
    """An insertion, a deletion, a replacement or a swap of neighbours: optimal string alignment."""
    assert within_one_edit(typed, meant) is (OSA.distance(typed, meant) <= 1)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("siezure", "seizure"),
        ("seizur", "seizure"),
        ("strooke", "stroke"),
        ("strode", "strode"),  # a real word
        ("trokes", "trokes"),  # another first letter
        ("ches", "chest"),
        ("che", "che"),  # too short
        ("stroke" * 5, "stroke" * 5),
    ],
)
def test_a_word_is_corrected_by_one_edit_behind_its_first_letter(typed: str, meant: str) -> None:
    """Protected words, short ones and very long ones stay."""
    assert SPELLING.correct(typed) == meant


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("Canʼt", "cant"), ("dolió", "dolio"), ("brеathe", "breathe"), ("ＣＨＥＳＴ", "chest"), ("K*ll", "kll")],
)
def test_folding_leaves_plain_letters(typed: str, folded: str) -> None:
    """Without case, accents, apostrophes and masks; letters that look like Latin ones become those."""
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("typed", "joined"),
    [("chest\u200bpain", "chest pain"), ("che\u00adst pa\u2060in", "chest pain"), ("chest\u200bzzz", "chest zzz")],
)
def test_what_cannot_be_seen_parts_known_words_and_joins_their_parts(typed: str, joined: str) -> None:
    """Whatever was put between the letters."""
    assert join_split_words(fold(typed), known={"chest", "pain"}.__contains__) == joined


def test_a_text_is_cut_into_words_that_carry_meaning() -> None:
    """Sentences and clauses are counted, dropped words leave only whose a thing is, and known words are restored."""
    text = tokenize(
        "my che5t hurrrts, s t r o k e. no pane",
        known={"chest", "hurts", "stroke", "no", "pain"}.__contains__,
        correct=DeletionIndex(["stroke"], protected=frozenset()).correct,
        skip=frozenset({"my"}),
        possessives=frozenset({"my"}),
    )
    assert text.tokens == ["chest", "hurts", "stroke", "no", "pane"]
    assert text.sentence == [0, 0, 0, 1, 1]
    assert text.clause == [0, 0, 1, 2, 2]
    assert text.owned == {0}
