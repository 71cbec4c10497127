"""Tests for ``askdoc.safety.phrases``: which concepts are mentioned where."""

import pytest

from askdoc.errors import AskdocError
from askdoc.safety.phrases import ConceptMatcher, Mention, expand_phrases, without_masked, words_of


def test_a_concept_is_found_by_its_words_its_prefixes_and_its_phrases() -> None:
    """Overlapping mentions all count; dropped words are in no phrase."""
    matcher = ConceptMatcher([{"chest": "chest, breast*", "pain": "the chest pain"}], skip=frozenset({"the"}))
    assert set(matcher.find(["chest", "pain", "breastbone"])) == {
        Mention(0, 1, "chest"),
        Mention(0, 2, "pain"),
        Mention(2, 3, "chest"),
    }
    assert matcher.knows("the")
    assert matcher.knows("breasts")
    assert not matcher.knows("bread")


def test_a_phrase_of_dropped_words_only_is_refused() -> None:
    """It would stand everywhere and mean nothing."""
    with pytest.raises(AskdocError, match="dropped words only"):
        ConceptMatcher([{"x": "the"}], skip=frozenset({"the"}))


def test_a_prefix_that_is_too_short_is_refused() -> None:
    """It would stand for too many words; the message names it."""
    with pytest.raises(AskdocError, match=r"the stem ab\* of 'x' is too short"):
        ConceptMatcher([{"x": "abc* ab*"}], skip=frozenset())


def test_a_longer_saying_masks_the_words_inside_and_a_longer_sign_wins(concepts: ConceptMatcher) -> None:
    """ "Stroke of luck" holds no stroke."""
    found = concepts.find(["stroke", "luck"])
    assert any(one.concept == "stroke" for one in found)
    assert not any(one.concept == "stroke" for one in without_masked(found))


def test_alternatives_are_written_out() -> None:
    """The small notation of the lists."""
    assert list(expand_phrases("a (b|c) d, e* ,\n f")) == ["a b d", "a c d", "e*", "f"]
    assert list(expand_phrases("(a|) b")) == ["a b", "b"]


def test_the_words_of_lists_are_their_entries_words() -> None:
    """Prefixes stand without their star."""
    assert words_of(["a b*, (c|d)", "b"]) == {"a", "b", "c", "d"}
