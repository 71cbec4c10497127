"""Words and their weights: the formula, its edges, and the files."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from askdoc.index.bm25 import K1, B, InvertedIndex, Tokenizer
from askdoc.text import words

TEXTS = ["Bruises fade; a bruise turns yellow.", "Green tea stains teeth.", "", "Tea and the cold"]


@pytest.fixture
def tokenizer() -> Tokenizer:
    return Tokenizer()


@pytest.fixture
def lexicon(tokenizer: Tokenizer) -> InvertedIndex:
    return InvertedIndex.build([tokenizer(text) for text in TEXTS])


def test_words_are_folded_and_keep_their_order() -> None:
    """Case, compatibility forms and apostrophes within words do not matter."""
    assert words("Don’t  ﬁx the B12-level!") == ["dont", "fix", "the", "b12", "level"]


def test_forms_of_a_word_are_one_term_and_function_words_none(tokenizer: Tokenizer) -> None:
    """Bruise and bruises are found by each other; what is in every question is not looked for."""
    assert tokenizer("What is the bruise?") == tokenizer("bruises")


def test_weights_follow_the_formula(lexicon: InvertedIndex) -> None:
    """BM25 with the inverse document frequency that is never negative."""
    rows, weights = lexicon.postings("tea")
    assert rows.tolist() == [1, 3]
    mean = (5 + 4 + 0 + 2) / 4
    rarity = math.log(1 + (4 - 2 + 0.5) / (2 + 0.5))
    expected = [rarity * (K1 + 1) / (1 + K1 * (1 - B + B * length / mean)) for length in (4, 2)]
    np.testing.assert_allclose(weights, expected, rtol=1e-6)


def test_row_rarities_count_each_term_of_a_row_once() -> None:
    """However often it stands there; a row without terms has 0."""
    lexicon = InvertedIndex.build([["gout", "gout", "toe"], [], ["toe"]])
    gout, toe = lexicon.rarity("gout"), lexicon.rarity("toe")
    assert lexicon.row_rarities.tolist() == [gout + toe, 0.0, toe]


def test_an_unknown_word_scores_nothing_and_is_rarest(lexicon: InvertedIndex) -> None:
    """A word that no row holds gives no score, and counts as rarer than any that one does."""
    assert [len(part) for part in lexicon.postings("zebra")] == [0, 0]
    assert lexicon.rarity("zebra") > lexicon.rarity("yellow") > lexicon.rarity("tea")
    assert "zebra" not in lexicon
    assert "tea" in lexicon


@pytest.mark.parametrize("texts", [[], [[]], [[], []]])
def test_nothing_to_search_gives_no_score(texts: list[list[str]]) -> None:
    """No rows, or rows without words, are no error and give no NaN."""
    empty = InvertedIndex.build(texts)
    assert empty.size == len(texts)
    assert [len(part) for part in empty.postings("tea")] == [0, 0]
    assert np.isfinite(empty.rarity("tea"))


def test_a_dumped_field_opens_as_it_was(lexicon: InvertedIndex, tmp_path: Path) -> None:
    """Every number survives, and the same texts give the same bytes."""
    files = lexicon.dump("passage")
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    opened = InvertedIndex.open(tmp_path, "passage")
    for term in ("tea", "bruis", "zebra"):
        assert opened.rarity(term) == lexicon.rarity(term)
        for part, expected in zip(opened.postings(term), lexicon.postings(term), strict=True):
            np.testing.assert_array_equal(part, expected)
    assert opened.dump("passage") == files


TEXT = st.lists(st.sampled_from("abcdef"), max_size=4)


@given(old=st.lists(TEXT, max_size=6), new=st.lists(st.integers(0, 5) | TEXT, max_size=8))
def test_rows_carried_over_are_as_if_built_anew(old: list[list[str]], new: list[int | list[str]]) -> None:
    """Whatever is kept, moved, repeated, left out or added, every byte is that of a field built from nothing."""
    texts = [row if isinstance(row, list) else old[row % len(old)] if old else [] for row in new]
    row_map = np.array([row % len(old) if isinstance(row, int) and old else -1 for row in new], np.int32)
    unknown = [text for text, row in zip(texts, row_map, strict=True) if row < 0]
    rebuilt = InvertedIndex.build(old).rebuilt(row_map, unknown)
    assert rebuilt.dump("passage") == InvertedIndex.build(texts).dump("passage")


def test_an_empty_field_can_be_dumped_and_opened(tmp_path: Path) -> None:
    """A corpus whose titles hold no word is no error."""
    for name, data in InvertedIndex.build([[]]).dump("question").items():
        (tmp_path / name).write_bytes(data)
    assert InvertedIndex.open(tmp_path, "question").size == 1
