"""Tests for ``askdoc.phrase_matching``: against the plain ways that it replaces."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askdoc.phrase_matching import PhraseTrie, Span, contains

TOKENS = st.sampled_from(["a", "b", "ab", "abc", "abcd", "abd", "bcd", "c", ""])
WORDS = st.sampled_from(["a", "b", "ab", "abc", "abcd", "abd", "bcd", "c"])
ENTRIES = st.one_of(WORDS, st.sampled_from(["abc*", "bcd*", "abcd*"]))


def longest(tokens: Sequence[str], start: int, phrases: set[tuple[str, ...]]) -> int:
    """How many tokens the longest phrase has that begins at a place, by trying all lengths from the longest on."""
    sizes = range(min(max(map(len, phrases), default=0), len(tokens) - start), 0, -1)
    return next((size for size in sizes if tuple(tokens[start : start + size]) in phrases), 0)


@given(st.sets(st.lists(WORDS, min_size=1, max_size=4).map(tuple)), st.lists(TOKENS, max_size=12))
def test_a_text_is_cut_at_the_longest_phrase_at_each_place(phrases: set[tuple[str, ...]], tokens: list[str]) -> None:
    """The spans are those that trying every length gives, and cover every token once."""
    expected, start = [], 0
    while start < len(tokens):
        size = longest(tokens, start, phrases)
        expected.append(Span(start, start + max(size, 1), size > 0))
        start += max(size, 1)
    assert list(PhraseTrie[None].of(phrases, None).segment(tokens)) == expected


def fits(token: str, entry: str) -> bool:
    return token.startswith(entry[:-1]) if entry.endswith("*") else token == entry


@given(st.lists(st.lists(ENTRIES, min_size=1, max_size=3), max_size=8), st.lists(TOKENS, max_size=10))
def test_every_phrase_is_found_where_it_stands(phrases: list[list[str]], tokens: list[str]) -> None:
    """Overlapping ones and those with a prefix too, each with its value, by start."""
    trie = PhraseTrie[str]()
    for phrase in phrases:
        trie.add(phrase, " ".join(phrase))
    found = trie.find(tokens)
    expected = {
        (start, start + len(phrase), " ".join(phrase))
        for phrase in phrases
        for start in range(len(tokens) - len(phrase) + 1)
        if all(map(fits, tokens[start:], phrase))
    }
    assert set(found) == expected
    assert [start for start, _, _ in found] == sorted(start for start, _, _ in found)


@given(st.lists(ENTRIES, max_size=6), TOKENS)
def test_a_token_is_known_that_stands_in_a_phrase(entries: list[str], token: str) -> None:
    """As it is, or by a prefix."""
    trie = PhraseTrie[int].of([["b", entry] for entry in entries], 1)
    assert trie.knows(token) is any(fits(token, entry) for entry in [*entries, *(["b"] if entries else [])])


def test_a_phrase_may_have_several_values() -> None:
    """Each once, in the order in which they were added."""
    trie = PhraseTrie[str]()
    for value in ("x", "y", "x"):
        trie.add(["a"], value)
    assert trie.find(["a"]) == [(0, 1, "x"), (0, 1, "y")]


@pytest.mark.parametrize(("phrase", "fault"), [([], "empty phrase"), (["ab*"], "shorter than 3")])
def test_a_phrase_that_would_stand_everywhere_is_refused(phrase: list[str], fault: str) -> None:
    """One without a token, and one whose prefix is so short that it says nothing."""
    with pytest.raises(ValueError, match=fault):
        PhraseTrie[int]().add(phrase, 1)


def test_a_phrase_is_contained_as_a_whole() -> None:
    """Its tokens one after another; none is contained in what is shorter."""
    assert contains(["a", "b", "c"], ("b", "c"))
    assert not contains(["a", "b", "c"], ("a", "c"))
    assert not contains(["a"], ("a", "b"))
