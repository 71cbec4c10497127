"""Question styles: a title as people would ask it."""

import random

from askdoc.query.terminology import Terminology
from askdoc.retriever.offline import question_styles

TITLE = "How long does swelling last after rhinoplasty?"


def test_key_words_keep_what_is_asked_about() -> None:
    """Little words go; a title of nothing else stays as it is."""
    assert question_styles.key_words(TITLE, random.Random(0)) == "long swelling last rhinoplasty"
    assert question_styles.key_words("What is it?", random.Random(0)) == "What is it?"


def test_small_talk_and_a_story_hold_the_question() -> None:
    """The words of the title are all there, between others."""
    for style in (question_styles.small_talk, question_styles.story):
        text = style(TITLE, random.Random(1)).lower()
        assert TITLE.lower() in text
        assert len(text) > len(TITLE) + 10


def test_a_slip_changes_the_longest_word_alone() -> None:
    """Its first and last letter stay; short words are never touched."""
    for seed in range(20):
        slipped = question_styles.slip(TITLE, random.Random(seed)).split()
        changed = [(one, other) for one, other in zip(TITLE.split(), slipped, strict=True) if one != other]
        assert [one for one, _ in changed] in ([], ["rhinoplasty?"])
        assert all(other[0] == "r" and other.endswith("y?") for _, other in changed)
    assert question_styles.slip("Is it so?", random.Random(0)) == "Is it so?"


def test_everyday_words_replace_a_name_by_another() -> None:
    """The rest of the title stands as it was; without a name with synonyms, all of it."""
    replaced = question_styles.everyday_words(Terminology.shipped())
    text = replaced("Who may have a rhinoplasty at all?", random.Random(0))
    assert text.startswith("Who may have a ")
    assert text.endswith(" at all?")
    assert "rhinoplasty" not in text
    assert replaced("Is tea good?", random.Random(0)) == "Is tea good?"


def test_the_styles_take_turns() -> None:
    """Every fifth title gets the same style."""
    texts = question_styles.restyled([TITLE] * 10, random.Random(0))
    assert texts[0] == texts[5] == "long swelling last rhinoplasty"
    assert len(set(texts[:5])) == 5
